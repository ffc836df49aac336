using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers.Bayesian;

/// <summary>
/// Bayesian optimisation, for losses that are dear: a Gaussian process is fitted to all losses so far, and the next candidates are where it
/// expects the largest improvement (Jones, Schonlau and Welch 1998, 10.1023/A:1008306431147).
/// </summary>
/// <remarks>
/// The first candidates are the start and a Latin hypercube in the box. The process' hyperparameters are those of the greatest likelihood. Of
/// the candidates of one batch each is chosen as if those before it had come to the best loss so far (the constant liar: Ginsbourger, Le Riche
/// and Carraro 2010, 10.1007/978-3-642-10701-6_6). Losses that are not finite count as the largest finite one. A round of n candidates told
/// takes time in proportion to n^3, so that a search ends after few hundred.
/// </remarks>
internal sealed class BayesianOptimizer : GradientFreeOptimizer
{
    private const int Drawn = 512;
    private const int DrawnNearby = 128;
    private const double Nearby = 0.05;
    private const int Refined = 4;
    private const int FewPoints = 64;
    private static readonly (double First, double Lower, double Upper) Length = (0.3, 0.01, 30), Signal = (1, 0.05, 100), Noise = (1e-4, 1e-8, 1);

    private readonly int initial;
    private readonly int batch;
    private readonly int maxEvaluations;

    /// <summary>What was told: points with coordinates from 0 to 1, and their losses.</summary>
    private readonly List<double[]> points = [];
    private readonly List<double> losses = [];
    private double[] hyperparameters = [];

    /// <summary>An optimiser with the given settings.</summary>
    public BayesianOptimizer(Plugins.ISettings settings)
        : base("bayesian", 1)
    {
        initial = settings.Integer("initial", 16, 2, 10_000, "candidates of the first batch: the start and a Latin hypercube");
        batch = settings.Integer("batch", 4, 1, 1000, "candidates of each further batch, evaluated side by side");
        maxEvaluations = settings.Integer("maxEvaluations", 200, 1, 5000, "evaluations; the time that choosing them takes grows with the fourth power");
    }

    private Box Unit => new([.. Box.Lower.Select(static _ => 0.0)], [.. Box.Lower.Select(static _ => 1.0)]);

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        RequireBounds();
        points.Clear();
        losses.Clear();
        hyperparameters = Hyperparameters(static h => h.First);
        var count = Math.Min(initial, maxEvaluations) - 1;
        var strata = Enumerable.Range(0, Dimension).Select(_ => Shuffled(count)).ToList();
        return [start, .. Enumerable.Range(0, count).Select(i => InBox([.. strata.Select(s => (s[i] + Random.Uniform()) / count)]))];
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses)
    {
        points.AddRange(told.Select(x => x.Select((v, d) => Width(d) > 0 ? (v - Box.Lower[d]) / Width(d) : 0).ToArray()));
        this.losses.AddRange(losses);
        return Evaluations >= maxEvaluations ? Stop(OptimizerStatus.Exhausted, $"reached {maxEvaluations} evaluations") : Chosen();
    }

    private protected override void SaveSearch(BinaryWriter writer)
    {
        writer.WriteArrays(points);
        writer.WriteArrays([[.. losses], hyperparameters]);
    }

    private protected override void RestoreSearch(BinaryReader reader)
    {
        points.Clear();
        losses.Clear();
        points.AddRange(reader.ReadArrays());
        if (reader.ReadArrays() is [var told, var saved])
        {
            losses.AddRange(told);
            hyperparameters = saved;
        }
    }

    private double[] Hyperparameters(Func<(double First, double Lower, double Upper), double> of) =>
        [.. Enumerable.Range(0, Dimension).Select(_ => Math.Log(of(Length))), Math.Log(of(Signal)), Math.Log(of(Noise))];

    private int[] Shuffled(int count)
    {
        int[] places = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var other = Random.Integer(i + 1);
            (places[i], places[other]) = (places[other], places[i]);
        }

        return places;
    }

    private double[] InBox(double[] unit) => [.. unit.Select((u, d) => Box.Clamp(d, Box.Lower[d] + (u * Width(d))))];

    private List<double[]> Chosen()
    {
        var (x, y) = (points.ToList(), Standardised().ToList());
        Learn([.. x], [.. y]);
        var best = y.Min();
        var chosen = new List<double[]>();
        for (var left = Math.Min(batch, maxEvaluations - Evaluations); left > 0; left--)
        {
            var next = MostPromising(new([.. x], [.. y], hyperparameters), best, x[y.IndexOf(best)]);
            chosen.Add(InBox(next));
            x.Add(next);
            y.Add(best);
        }

        return chosen;
    }

    /// <summary>The losses with mean 0 and variance 1; one that is not finite as the largest that is.</summary>
    private double[] Standardised()
    {
        var largest = losses.Where(double.IsFinite).Max();
        double[] finite = [.. losses.Select(l => Math.Min(l, largest))];
        var mean = finite.Average();
        var deviation = Math.Sqrt(finite.Average(l => (l - mean) * (l - mean)));
        return [.. finite.Select(l => deviation > 0 ? (l - mean) / deviation : 0)];
    }

    /// <summary>The hyperparameters of the greatest likelihood: of a descent from the last ones and, while points are few and they still change, of one from the first.</summary>
    private void Learn(double[][] x, double[] y)
    {
        var box = new Box(Hyperparameters(static h => h.Lower), Hyperparameters(static h => h.Upper));
        double[][] starts = [hyperparameters, .. y.Length <= FewPoints ? new[] { Hyperparameters(static h => h.First) } : []];
        hyperparameters = starts.Select(start => SmoothMinimum.Of(Unlikelihood, start, box, Random)).MinBy(static m => m.Value).Point;

        (double, double[]) Unlikelihood(double[] candidate)
        {
            var (value, gradient) = GaussianProcess.LogLikelihood(x, y, candidate);
            return (-value, [.. gradient.Select(static g => -g)]);
        }
    }

    /// <summary>Where the expected improvement is greatest, of descents from the best of many points drawn.</summary>
    private double[] MostPromising(GaussianProcess process, double best, double[] at)
    {
        IEnumerable<double[]> anywhere = Enumerable.Range(0, Drawn).Select(_ => at.Select(_ => Random.Uniform()).ToArray());
        IEnumerable<double[]> nearby = Enumerable.Range(0, DrawnNearby).Select(_ => Unit.Project([.. at.Select(u => u + (Nearby * Random.Normal()))]));
        return anywhere.Concat(nearby)
            .Select(u => (Point: u, Value: Unpromising(process, best, u, withSlopes: false).Value))
            .ToList().OrderBy(static c => c.Value).Take(Refined)
            .Select(c => SmoothMinimum.Of(u => Unpromising(process, best, u, withSlopes: true), c.Point, Unit, Random))
            .MinBy(static m => m.Value).Point;
    }

    private static (double Value, double[] Slope) Unpromising(GaussianProcess process, double best, double[] at, bool withSlopes)
    {
        var (mean, variance, meanSlope, varianceSlope) = process.Predict(at, withSlopes);
        var deviation = Math.Sqrt(Math.Max(variance, 1e-18));
        var (value, byMean, byDeviation) = ExpectedImprovement.Logarithm(best, mean, deviation);
        return (-value, [.. meanSlope.Select((m, d) => -((byMean * m) + (byDeviation * varianceSlope[d] / (2 * deviation))))]);
    }
}
