using BrainModular.Diagnostics;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers;

/// <summary>
/// What optimisers that need nothing but losses have in common: the box, the best candidate, the end, and the state that is saved. A loss
/// that is not finite counts as infinitely large.
/// </summary>
/// <param name="name">The component's name, for faults.</param>
/// <param name="version">The version of the saved state.</param>
public abstract class GradientFreeOptimizer(string name, int version) : IOptimizer
{
    private IReadOnlyList<double[]> candidates = [];

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

    /// <summary>How many candidates were evaluated.</summary>
    private protected int Evaluations { get; private set; }

    private protected Box Box { get; private set; } = new([], []);

    private protected IRandomStream Random { get; private set; } = null!;

    /// <summary>The number of coordinates.</summary>
    private protected int Dimension => Box.Lower.Length;

    /// <inheritdoc/>
    public void Begin(OptimizationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        (Box, Random) = (new([.. problem.Lower], [.. problem.Upper]), problem.Random);
        (Best, BestLoss, Evaluations) = (Box.Project(problem.Start), double.PositiveInfinity, 0);
        (Status, Reason) = (OptimizerStatus.Running, "");
        candidates = First(Best);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Ask() => Status == OptimizerStatus.Running ? candidates : [];

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var losses = new double[candidates.Count];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = double.IsFinite(evaluations[i].Loss) ? evaluations[i].Loss : double.PositiveInfinity;
            if (losses[i] < BestLoss)
            {
                (Best, BestLoss) = ([.. candidates[i]], losses[i]);
            }
        }

        Evaluations += losses.Length;
        if (double.IsPositiveInfinity(BestLoss))
        {
            Stop(OptimizerStatus.Failed, "the loss of no candidate is finite");
            return;
        }

        var next = Next(candidates, losses);
        if (Status == OptimizerStatus.Running)
        {
            candidates = next;
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(version);
        Box.Save(writer);
        writer.WriteArrays(candidates);
        writer.WriteArray(Best);
        writer.Write(BestLoss);
        writer.Write(Evaluations);
        writer.Write(Random.Position);
        writer.Write((int)Status);
        writer.Write(Reason);
        SaveSearch(writer);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(random);
        StateStream.RequireVersion(reader, version, name);
        (Box, Random) = (Box.Restore(reader), random);
        candidates = reader.ReadArrays();
        (Best, BestLoss, Evaluations) = (reader.ReadArray(), reader.ReadDouble(), reader.ReadInt32());
        random.Position = reader.ReadUInt64();
        (Status, Reason) = ((OptimizerStatus)reader.ReadInt32(), reader.ReadString());
        RestoreSearch(reader);
    }

    /// <summary>The first candidates.</summary>
    /// <param name="start">Where to begin, in the box.</param>
    private protected abstract IReadOnlyList<double[]> First(double[] start);

    /// <summary>The next candidates, or none after <see cref="Stop"/>.</summary>
    /// <param name="told">Those that were evaluated.</param>
    /// <param name="losses">Their losses: finite, or positive infinity.</param>
    private protected abstract IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses);

    /// <summary>Writes what only this method keeps.</summary>
    private protected abstract void SaveSearch(BinaryWriter writer);

    private protected abstract void RestoreSearch(BinaryReader reader);

    /// <summary>Ends the search.</summary>
    private protected IReadOnlyList<double[]> Stop(OptimizerStatus status, string reason)
    {
        (Status, Reason) = (status, reason);
        return [];
    }

    /// <summary>Ends the search with a candidate that is not the one of the least loss.</summary>
    private protected IReadOnlyList<double[]> Settle(double[] point, double loss, string reason)
    {
        (Best, BestLoss) = (point, loss);
        return Stop(OptimizerStatus.Exhausted, reason);
    }

    /// <summary>A coordinate's unit: the box's width, or 1 where there is none.</summary>
    private protected double Width(int coordinate) =>
        double.IsFinite(Box.Upper[coordinate] - Box.Lower[coordinate]) ? Box.Upper[coordinate] - Box.Lower[coordinate] : 1;

    /// <summary>A point drawn uniformly from the box.</summary>
    private protected double[] Anywhere() => [.. Enumerable.Range(0, Dimension).Select(d => Box.Clamp(d, Box.Lower[d] + (Random.Uniform() * Width(d))))];

    /// <summary>Whether losses f differ by no more than a tolerance times max(|f|, 1).</summary>
    private protected static bool AreAlike(double[] losses, double tolerance) => losses.Max() - losses.Min() <= tolerance * Math.Max(Math.Abs(losses.Min()), 1);

    /// <summary>For methods that draw candidates from all of the box.</summary>
    /// <exception cref="DiagnosticException">BM6201: a coordinate has no bounds.</exception>
    private protected void RequireBounds()
    {
        for (var d = 0; d < Dimension; d++)
        {
            if (!double.IsFinite(Box.Lower[d]) || !double.IsFinite(Box.Upper[d]))
            {
                throw new DiagnosticException(
                    "BM6201", $"the optimiser {name} searches within bounds, and coordinate {d} has none", expected: "finite bounds of every coordinate",
                    cure: "give the parameter bounds, or use an optimiser that descends from a start, such as l-bfgs-b");
            }
        }
    }
}
