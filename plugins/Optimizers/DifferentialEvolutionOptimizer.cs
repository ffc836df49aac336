using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers;

/// <summary>
/// Differential evolution (Storn and Price 1997, 10.1023/A:1008202821328), for losses without a useful gradient: each member x of a
/// population is replaced by a trial x + K (best - x) + F (a - b) where that is better, with a and b two other members, F drawn from
/// [0.4, 0.9], and K = F or 0, by chance. A trial takes each coordinate with the probability 0.9 or 0.3, by chance, and at least one.
/// </summary>
/// <remarks>
/// The first member is the start; of the others each coordinate is by chance near the start or anywhere in the box. A trial that leaves
/// the box is put between its member and the bound. Trials of one generation are evaluated side by side.
/// </remarks>
public sealed class DifferentialEvolutionOptimizer : IOptimizer
{
    private const int StateVersion = 1;
    private const double Nearby = 0.1;

    private readonly int size;
    private readonly int maxGenerations;
    private readonly double tolerance;

    private Box box = new([], []);
    private IRandomStream? random;
    private double[][] members = [], trials = [];
    private double[] losses = [];
    private int generation;

    /// <summary>An optimiser with the given settings.</summary>
    public DifferentialEvolutionOptimizer(Plugins.ISettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        size = settings.Integer("population", 64, 4, 100_000, "members of the population, all evaluated side by side");
        maxGenerations = settings.Integer("maxGenerations", 100, 1, int.MaxValue, "generations, each of one evaluation a member");
        tolerance = settings.Number("ftol", 1e-9, 0, 1, "stops where the losses f of all members differ by less than ftol max(|f|, 1)");
    }

    /// <inheritdoc/>
    public EvaluationNeeds Needs => EvaluationNeeds.Loss;

    /// <inheritdoc/>
    public OptimizerStatus Status { get; private set; }

    /// <inheritdoc/>
    public string Reason { get; private set; } = "";

    /// <inheritdoc/>
    public double[] Best { get; private set; } = [];

    /// <inheritdoc/>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public void Begin(OptimizationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        box = new([.. problem.Lower], [.. problem.Upper]);
        random = problem.Random;
        (generation, Status, Reason) = (0, OptimizerStatus.Running, "");
        (Best, BestLoss) = (box.Project(problem.Start), double.PositiveInfinity);
        trials = [.. Enumerable.Range(0, size).Select(i => i == 0 ? [.. Best] : Somewhere(Best))];
        members = [.. trials];
        losses = [.. members.Select(static _ => double.PositiveInfinity)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Ask() => Status == OptimizerStatus.Running ? trials : [];

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        for (var i = 0; i < size; i++)
        {
            var loss = double.IsFinite(evaluations[i].Loss) ? evaluations[i].Loss : double.PositiveInfinity;
            if (loss <= losses[i])
            {
                (members[i], losses[i]) = (trials[i], loss);
            }

            if (loss < BestLoss)
            {
                (Best, BestLoss) = ([.. trials[i]], loss);
            }
        }

        generation++;
        if (double.IsPositiveInfinity(BestLoss))
        {
            (Status, Reason) = (OptimizerStatus.Failed, "the loss of no member is finite");
        }
        else if (losses.Max() - BestLoss <= tolerance * Math.Max(Math.Abs(BestLoss), 1))
        {
            (Status, Reason) = (OptimizerStatus.Converged, "all members have the same loss");
        }
        else if (generation >= maxGenerations)
        {
            (Status, Reason) = (OptimizerStatus.Exhausted, $"reached {maxGenerations} generations");
        }
        else
        {
            trials = [.. Enumerable.Range(0, size).Select(Trial)];
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(StateVersion);
        box.Save(writer);
        for (var i = 0; i < size; i++)
        {
            writer.WriteArray(members[i]);
            writer.WriteArray(trials[i]);
        }

        writer.WriteArray(losses);
        writer.WriteArray(Best);
        writer.Write(BestLoss);
        writer.Write(generation);
        writer.Write(random!.Position);
        writer.Write((int)Status);
        writer.Write(Reason);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(random);
        StateStream.RequireVersion(reader, StateVersion, "differential-evolution");
        box = Box.Restore(reader);
        (members, trials) = (new double[size][], new double[size][]);
        for (var i = 0; i < size; i++)
        {
            (members[i], trials[i]) = (reader.ReadArray(), reader.ReadArray());
        }

        (losses, Best, BestLoss, generation) = (reader.ReadArray(), reader.ReadArray(), reader.ReadDouble(), reader.ReadInt32());
        (this.random, random.Position) = (random, reader.ReadUInt64());
        (Status, Reason) = ((OptimizerStatus)reader.ReadInt32(), reader.ReadString());
    }

    private double[] Somewhere(double[] start) =>
    [
        .. start.Select((s, d) => random!.Uniform() < 0.5
            ? box.Lower[d] + (random.Uniform() * (box.Upper[d] - box.Lower[d]))
            : box.Clamp(d, s + (Nearby * ((2 * random.Uniform()) - 1) * (box.Upper[d] - box.Lower[d])))),
    ];

    private double[] Trial(int member)
    {
        var (a, b) = (members[random!.Integer(size)], members[random.Integer(size)]);
        var x = members[member];
        var scale = 0.4 + (0.5 * random.Uniform());
        var toBest = random.Uniform() < 0.5 ? scale : 0;
        var rate = random.Uniform() < 0.5 ? 0.9 : 0.3;
        var certain = random.Integer(x.Length);
        var trial = new double[x.Length];
        for (var d = 0; d < x.Length; d++)
        {
            trial[d] = random.Uniform() < rate || d == certain ? x[d] + (toBest * (Best[d] - x[d])) + (scale * (a[d] - b[d])) : x[d];
            trial[d] = trial[d] < box.Lower[d] ? x[d] - (random.Uniform() * (x[d] - box.Lower[d]))
                : trial[d] > box.Upper[d] ? x[d] + (random.Uniform() * (box.Upper[d] - x[d]))
                : trial[d];
        }

        return trial;
    }
}
