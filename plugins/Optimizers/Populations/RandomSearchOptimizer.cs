using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers.Populations;

/// <summary>Random search: the start, then points drawn uniformly from the box. What any other method has to beat.</summary>
internal sealed class RandomSearchOptimizer : GradientFreeOptimizer
{
    private readonly int size;
    private readonly int maxEvaluations;

    /// <summary>An optimiser with the given settings.</summary>
    public RandomSearchOptimizer(Plugins.ISettings settings)
        : base("random-search", 1)
    {
        size = settings.Integer("population", 64, 1, 100_000, "points that are evaluated side by side");
        maxEvaluations = settings.Integer("maxEvaluations", 6400, 1, int.MaxValue, "evaluations");
    }

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        RequireBounds();
        return [start, .. Drawn(1)];
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses) =>
        Evaluations >= maxEvaluations ? Stop(OptimizerStatus.Exhausted, $"reached {maxEvaluations} evaluations") : [.. Drawn(0)];

    private protected override void SaveSearch(BinaryWriter writer)
    {
        // Nothing but the best point is kept.
    }

    private protected override void RestoreSearch(BinaryReader reader)
    {
        // Nothing but the best point is kept.
    }

    private IEnumerable<double[]> Drawn(int asked) => Enumerable.Range(0, Math.Min(size, maxEvaluations - Evaluations) - asked).Select(_ => Anywhere());
}
