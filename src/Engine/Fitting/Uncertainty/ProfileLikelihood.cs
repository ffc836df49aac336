using BrainModular.Engine.Statistics;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting.Uncertainty;

/// <summary>A point of a profile.</summary>
/// <param name="Value">The parameter, in engine units.</param>
/// <param name="Nats">How much the best likelihood with it is below that of all parameters at their best.</param>
public sealed record ProfilePoint(double Value, double Nats);

/// <summary>The profile of one parameter.</summary>
/// <param name="Free">The parameter.</param>
/// <param name="Points">By value.</param>
/// <param name="Lower">Where the 95 % interval begins, in engine units; null where it reaches the lower bound.</param>
/// <param name="Upper">Where it ends; null where it reaches the upper bound.</param>
public sealed record ParameterProfile(FreeParameter Free, IReadOnlyList<ProfilePoint> Points, double? Lower, double? Upper);

/// <summary>
/// Profile likelihood (Murphy and van der Vaart 2000, 10.1080/01621459.2000.10474219; Raue et al. 2009, 10.1093/bioinformatics/btp358): a parameter is fixed at one value after the other, all others are fitted anew, and
/// its 95 % interval is where the likelihood stays within 1.92 nats, half the 95 % quantile of chi-square with one degree of freedom. From the best value two rays go out for each
/// parameter, in steps of half a standard error that grow where the likelihood is flat. Each begins where the last point ended, moved on as Laplace's covariance says; all rays are lanes.
/// </summary>
public sealed class ProfileLikelihood
{
    /// <summary>Half the square of the normal distribution's 97.5 % quantile, in nats.</summary>
    public const double Threshold = LaplaceApproximation.Quantile * LaplaceApproximation.Quantile / 2;

    private const double StepInErrors = 0.5;
    private const double SlowRise = 0.05;
    private const int MostPoints = 40;
    private readonly FitLikelihood fit;
    private readonly LaplaceApproximation laplace;
    private readonly Func<IOptimizer> optimizer;
    private readonly IRandomStream random;
    private readonly int[] inside;
    private List<Ray> rays = [];

    /// <param name="fit">The fit's loss.</param>
    /// <param name="laplace">The curvature at its best parameters.</param>
    /// <param name="optimizer">Makes what fits the others; their coordinates are scaled so that each is of order 1, and the loss is in nats.</param>
    /// <param name="random">The optimisers' random stream.</param>
    public ProfileLikelihood(FitLikelihood fit, LaplaceApproximation laplace, Func<IOptimizer> optimizer, IRandomStream random)
    {
        (this.fit, this.laplace, this.optimizer, this.random) = (fit, laplace, optimizer, random);
        inside = [.. laplace.Parameters.Select(p => fit.Free.Index().First(f => f.Item == p).Index)];
    }

    /// <summary>How many points were fitted, on all rays.</summary>
    public int Fitted => rays.Sum(static r => r.Points.Count - 1);

    /// <summary>Whether any ray goes on.</summary>
    public bool IsRunning => rays.Exists(static r => r.IsRunning);

    /// <summary>Profiles parameters, all side by side, or goes on where <see cref="Restore"/> has left them.</summary>
    /// <param name="names">Their names; none of them at a bound.</param>
    /// <param name="progress">Told how many rays still run after each of their points; what it throws ends the profile.</param>
    public IReadOnlyList<ParameterProfile> Of(IReadOnlyList<string> names, Action<int> progress)
    {
        rays = rays.Count > 0 ? rays : Begun(names);
        while (rays.Where(static r => r.IsRunning).ToList() is { Count: > 0 } running)
        {
            var found = Fit(running);
            foreach (var (ray, (point, nats)) in running.Zip(found))
            {
                ray.Add(point, nats);
            }

            progress(running.Count);
        }

        return [.. rays.Chunk(2).Select(pair => Profile(pair[0], pair[1]))];
    }

    /// <summary>Writes the state between two points, to go on from to the same bits.</summary>
    public void Save(BinaryWriter writer) => rays.ForEach(r => r.Save(writer));

    /// <summary>Reads what <see cref="Save"/> wrote, for the same parameters.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="reader">The state.</param>
    public void Restore(IReadOnlyList<string> names, BinaryReader reader)
    {
        rays = Begun(names);
        rays.ForEach(r => r.Restore(reader));
    }

    private List<Ray> Begun(IReadOnlyList<string> names) =>
        [.. names.SelectMany(name => new[] { -1, 1 }.Select(side => new Ray(laplace.Parameters.Index().First(p => p.Item.Name == name).Index, side, laplace)))];

    /// <summary>The others' best values for the next value of each ray.</summary>
    private List<(double[] Point, double Nats)> Fit(IReadOnlyList<Ray> rays)
    {
        var problems = rays.Select(r => new Conditional(laplace, r.Place, r.Next())).ToList();
        if (inside.Length == 1)
        {
            return [.. problems.Zip(Evaluate([.. problems.Select(static p => p.At([]))]), static (p, e) => (p.At([]), e.Loss))];
        }

        var (lower, upper) = (Enumerable.Repeat(double.NegativeInfinity, inside.Length - 1).ToArray(), Enumerable.Repeat(double.PositiveInfinity, inside.Length - 1).ToArray());
        var starts = new MultiStart([.. problems.Select((_, i) =>
        {
            var made = optimizer();
            made.Begin(new(new double[inside.Length - 1], lower, upper, random.Split($"profile.{i}")));
            return made;
        })]);
        while (starts.IsRunning)
        {
            // The candidates come in the order of the optimisers that still run.
            var running = Enumerable.Range(0, problems.Count).Where(i => starts.Starts[i].Status == OptimizerStatus.Running).ToList();
            starts.Round((candidates, _) =>
            {
                var each = candidates.Count / running.Count;
                var of = candidates.Select((_, c) => problems[running[c / each]]).ToList();
                var found = Evaluate([.. candidates.Select((c, i) => of[i].At(c))]);
                return [.. found.Select((e, i) => new Evaluation(e.Loss, of[i].Gradient(e.Gradient!)))];
            });
        }

        return [.. starts.Starts.Zip(problems, static (s, p) => (p.At(s.Best), s.BestLoss))];
    }

    /// <summary>Nats and their gradients at points of the parameters that are not at bounds.</summary>
    private IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> points)
    {
        var all = points.Select(p =>
        {
            var whole = laplace.Point.ToArray();
            for (var i = 0; i < inside.Length; i++)
            {
                whole[inside[i]] = p[i];
            }

            return whole;
        }).ToList();
        return [.. fit.Evaluate(all).Select(e => new Evaluation(laplace.Likelihood.Of(e.Loss), [.. inside.Select(i => laplace.Likelihood.Slope(e.Loss) * e.Gradient![i])]))];
    }

    private ParameterProfile Profile(Ray below, Ray above)
    {
        var free = laplace.Parameters[below.Place];
        double Value(double z) => free.Value(UnboundedCoordinate.Bounded(z));
        return new(
            free,
            [.. below.Points.Skip(1).Reverse().Concat(above.Points).Select(p => new ProfilePoint(Value(p.Z), p.Nats))],
            below.Crossing is { } lower ? Value(lower) : null,
            above.Crossing is { } upper ? Value(upper) : null);
    }

    /// <summary>From the best value outwards.</summary>
    private sealed class Ray
    {
        private readonly LaplaceApproximation laplace;
        private readonly int side;
        private readonly double bound;
        private double step;
        private double[] point;

        public Ray(int place, int side, LaplaceApproximation laplace)
        {
            (Place, this.side, this.laplace) = (place, side, laplace);
            bound = UnboundedCoordinate.Of(side < 0 ? 0 : 1);
            step = StepInErrors * Math.Sqrt(laplace.Covariance[place][place]);
            point = [.. laplace.Parameters.Select(p => UnboundedCoordinate.Of(p.Coordinate(laplace.Estimates.First(e => e.Free == p).Value)))];
            Points.Add((point[place], 0));
        }

        public int Place { get; }

        public List<(double Z, double Nats)> Points { get; } = [];

        public bool IsRunning { get; private set; } = true;

        /// <summary>Where the threshold is crossed; null where the bound comes first.</summary>
        public double? Crossing { get; private set; }

        /// <summary>All parameters where the next fit begins, this one at its value.</summary>
        public double[] Next()
        {
            var move = side * Math.Min(step, Math.Abs(bound - point[Place]));
            return [.. point.Select((z, i) => z + (move * laplace.Covariance[i][Place] / laplace.Covariance[Place][Place]))];
        }

        public void Add(double[] found, double nats)
        {
            var (z, before) = Points[^1];
            point = found;
            Points.Add((found[Place], nats));
            if (nats >= Threshold)
            {
                // The root of the likelihood's fall is nearly linear.
                var (low, high) = (Math.Sqrt(Math.Max(0, before)), Math.Sqrt(nats));
                Crossing = z + ((found[Place] - z) * (Math.Sqrt(Threshold) - low) / (high - low));
            }

            step *= nats - before < SlowRise ? 2 : 1;
            IsRunning = nats < Threshold && Points.Count < MostPoints && Math.Abs(bound - found[Place]) > 1e-9;
        }

        public void Save(BinaryWriter writer)
        {
            writer.Write(IsRunning);
            writer.Write(Crossing is not null);
            writer.Write(Crossing ?? 0);
            writer.Write(step);
            Array.ForEach(point, writer.Write);
            writer.Write(Points.Count);
            foreach (var (z, nats) in Points)
            {
                writer.Write(z);
                writer.Write(nats);
            }
        }

        public void Restore(BinaryReader reader)
        {
            IsRunning = reader.ReadBoolean();
            var (crosses, crossing) = (reader.ReadBoolean(), reader.ReadDouble());
            Crossing = crosses ? crossing : null;
            step = reader.ReadDouble();
            point = [.. point.Select(_ => reader.ReadDouble())];
            Points.Clear();
            Points.AddRange(Enumerable.Range(0, reader.ReadInt32()).Select(_ => (reader.ReadDouble(), reader.ReadDouble())));
        }
    }

    /// <summary>The other parameters while one is fixed, in coordinates in which Laplace's conditional covariance is the unit matrix.</summary>
    private sealed class Conditional
    {
        private readonly double[] center;
        private readonly int[] others;
        private readonly double[][] root;

        public Conditional(LaplaceApproximation laplace, int place, double[] center)
        {
            this.center = center;
            others = [.. Enumerable.Range(0, center.Length).Where(i => i != place)];
            var c = laplace.Covariance;
            root = EigenDecomposition.Of([.. others.Select(i => others.Select(j => c[i][j] - (c[i][place] * c[j][place] / c[place][place])).ToArray())])
                .Map(static value => Math.Sqrt(Math.Max(0, value)));
        }

        public double[] At(double[] y)
        {
            var point = center.ToArray();
            for (var i = 0; i < y.Length; i++)
            {
                point[others[i]] += root[i].Zip(y, static (r, x) => r * x).Sum();
            }

            return point;
        }

        public double[] Gradient(double[] gradient) => [.. root.Select((_, j) => others.Select((o, i) => gradient[o] * root[i][j]).Sum())];
    }
}
