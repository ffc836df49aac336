using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting.Uncertainty.Sampling;

/// <summary>
/// One chain of the No-U-Turn sampler (Hoffman and Gelman 2014, Journal of Machine Learning Research 15:1593), in the form that draws among all points of a trajectory by their weights and
/// ends it where a half of it turns back (Betancourt 2017, arXiv:1701.02434, appendix A). It asks for one density at a time, so that chains run side by side.
/// </summary>
/// <param name="random">The chain's own stream.</param>
public sealed class NoUTurnChain(IRandomStream random)
{
    /// <summary>A trajectory has at most 2 to this many points, less one, as Stan and PyMC have it.</summary>
    public const int DeepestTree = 10;

    /// <summary>An energy that is wrong by so much, in nats, shows a trajectory that has left the density.</summary>
    private const double Divergence = 1000;

    private double[] variances = [];
    private double step;
    private double energy;
    private double acceptance;
    private int leaves;
    private Evaluation? answer;

    /// <summary>Where the chain is.</summary>
    public double[] Position { get; private set; } = [];

    /// <summary>Minus the logarithm of the density there, and its gradient.</summary>
    public Evaluation Density { get; private set; } = new(double.NaN);

    /// <summary>The mean acceptance along the last transition.</summary>
    public double Acceptance => leaves == 0 ? 0 : acceptance / leaves;

    /// <summary>Whether the last transition's trajectory left the density.</summary>
    public bool Diverged { get; private set; }

    /// <summary>Whether the last transition's trajectory had not turned back when it was as long as any may be.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Puts the chain at a point.</summary>
    public void Place(double[] position, Evaluation density) => (Position, Density) = (position, density);

    /// <summary>Answers the last point that was asked for.</summary>
    public void Answer(Evaluation density) => answer = density;

    /// <summary>One transition.</summary>
    /// <param name="stepLength">The length of a leapfrog step.</param>
    /// <param name="scale">The variance along each coordinate; their inverses are the masses.</param>
    /// <returns>The points whose densities it needs, each answered before the next.</returns>
    public IEnumerable<double[]> Move(double stepLength, double[] scale)
    {
        (step, variances, acceptance, leaves, Diverged, IsCutOff) = (stepLength, scale, 0, 0, false, false);
        double[] momentum = [.. variances.Select(v => random.Normal() / Math.Sqrt(v))];
        energy = Density.Loss + Kinetic(momentum);
        var start = new Phase(Position, momentum, Density);
        var tree = new Tree(start, start, momentum, start, 0, IsValid: true);
        for (var depth = 0; depth < DeepestTree && tree.IsValid; depth++)
        {
            var forwards = random.Uniform() < 0.5;
            var built = new Box();
            foreach (var asked in Build(forwards ? tree.Right : tree.Left, forwards, depth, built))
            {
                yield return asked;
            }

            var half = built.Tree!;
            if (!half.IsValid)
            {
                break;
            }

            // The new half is taken by its weight beside the old, so that the chain moves far.
            var sample = random.Uniform() < Math.Exp(half.LogWeight - tree.LogWeight) ? half.Sample : tree.Sample;
            tree = Joined(forwards ? tree : half, forwards ? half : tree, sample);
            Place(sample.Position, sample.Density);
            IsCutOff = depth == DeepestTree - 1 && tree.IsValid;
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(random.Position);
        writer.Write(Density.Loss);
        Array.ForEach(Position, writer.Write);
        Array.ForEach(Density.Gradient!, writer.Write);
    }

    /// <param name="reader">What <see cref="Save"/> wrote.</param>
    /// <param name="dimensions">How many coordinates there are.</param>
    public void Restore(BinaryReader reader, int dimensions)
    {
        random.Position = reader.ReadUInt64();
        var loss = reader.ReadDouble();
        double[] Read() => [.. Enumerable.Range(0, dimensions).Select(_ => reader.ReadDouble())];
        var position = Read();
        Place(position, new(loss, Read()));
    }

    /// <summary>Twice as many points with every level, from an edge outwards.</summary>
    private IEnumerable<double[]> Build(Phase edge, bool forwards, int depth, Box into)
    {
        if (depth == 0)
        {
            var direction = forwards ? step : -step;
            double[] half = [.. edge.Momentum.Zip(edge.Density.Gradient!, (p, g) => p - (direction / 2 * g))];
            double[] position = [.. edge.Position.Select((q, i) => q + (direction * variances[i] * half[i]))];
            yield return position;
            into.Tree = Leaf(position, half, direction, answer!);
            yield break;
        }

        foreach (var asked in Build(edge, forwards, depth - 1, into))
        {
            yield return asked;
        }

        var first = into.Tree!;
        if (!first.IsValid)
        {
            yield break;
        }

        foreach (var asked in Build(forwards ? first.Right : first.Left, forwards, depth - 1, into))
        {
            yield return asked;
        }

        var second = into.Tree!;
        if (second.IsValid)
        {
            var sample = random.Uniform() < Math.Exp(second.LogWeight - Sum(first.LogWeight, second.LogWeight)) ? second.Sample : first.Sample;
            into.Tree = Joined(forwards ? first : second, forwards ? second : first, sample);
        }
    }

    private Tree Leaf(double[] position, double[] half, double direction, Evaluation density)
    {
        leaves++;
        var isFinite = double.IsFinite(density.Loss) && density.Gradient!.All(double.IsFinite);
        double[] momentum = isFinite ? [.. half.Zip(density.Gradient!, (p, g) => p - (direction / 2 * g))] : half;
        var excess = isFinite ? density.Loss + Kinetic(momentum) - energy : double.PositiveInfinity;
        var diverges = !(excess < Divergence);
        Diverged |= diverges;
        acceptance += diverges ? 0 : Math.Min(1, Math.Exp(-excess));
        var phase = new Phase(position, momentum, density);
        return new(phase, phase, momentum, phase, -excess, !diverges);
    }

    private Tree Joined(Tree left, Tree right, Phase sample)
    {
        double[] total = [.. left.Total.Zip(right.Total, static (a, b) => a + b)];
        var goesOn = GoesOn(left.Left, right.Right, total)
            && GoesOn(left.Left, right.Left, [.. left.Total.Zip(right.Left.Momentum, static (a, b) => a + b)])
            && GoesOn(left.Right, right.Right, [.. right.Total.Zip(left.Right.Momentum, static (a, b) => a + b)]);
        return new(left.Left, right.Right, total, sample, Sum(left.LogWeight, right.LogWeight), goesOn);
    }

    /// <summary>Whether both ends move along the sum of the momenta between them.</summary>
    private bool GoesOn(Phase left, Phase right, double[] total) => Along(left.Momentum, total) > 0 && Along(right.Momentum, total) > 0;

    private double Along(double[] momentum, double[] total)
    {
        var sum = 0.0;
        for (var i = 0; i < total.Length; i++)
        {
            sum += variances[i] * momentum[i] * total[i];
        }

        return sum;
    }

    private double Kinetic(double[] momentum) => Along(momentum, momentum) / 2;

    private static double Sum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));

    private sealed record Phase(double[] Position, double[] Momentum, Evaluation Density);

    /// <summary>A stretch of a trajectory.</summary>
    /// <param name="Left">Its first point in time.</param>
    /// <param name="Right">Its last.</param>
    /// <param name="Total">The sum of its points' momenta.</param>
    /// <param name="Sample">The point drawn from it.</param>
    /// <param name="LogWeight">The logarithm of the sum of its points' weights, beside the trajectory's start.</param>
    /// <param name="IsValid">Whether it neither turns back nor leaves the density.</param>
    private sealed record Tree(Phase Left, Phase Right, double[] Total, Phase Sample, double LogWeight, bool IsValid);

    private sealed class Box
    {
        public Tree? Tree { get; set; }
    }
}
