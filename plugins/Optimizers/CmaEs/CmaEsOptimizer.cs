using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers.CmaEs;

/// <summary>
/// CMA-ES: candidates are drawn from a normal distribution whose mean, step size and covariance learn from the order of their losses alone,
/// so that it follows narrow valleys in any direction (Hansen 2016, 10.48550/arXiv.1604.00772; the worse half of a generation counts, too:
/// Jastrebski and Arnold 2006, 10.1109/CEC.2006.1688662).
/// </summary>
/// <remarks>
/// Where a run has collapsed or gains nothing, another begins anywhere in the box with twice the population (Auger and Hansen 2005,
/// 10.1109/CEC.2005.1554902). The distribution knows no bounds: what it draws outside of them is mirrored into the box.
/// </remarks>
internal sealed class CmaEsOptimizer : GradientFreeOptimizer
{
    private const double WorstCondition = 1e14;

    private readonly int population;
    private readonly double step;
    private readonly double extentTolerance;
    private readonly double tolerance;
    private readonly int restarts;
    private readonly int maxEvaluations;

    private Strategy strategy = new(1, 4);
    private SearchDistribution distribution = new([], 1);
    private double[][] steps = [];
    private double[] history = [];
    private int restarted;

    /// <summary>An optimiser with the given settings.</summary>
    public CmaEsOptimizer(Plugins.ISettings settings)
        : base("cma-es", 1)
    {
        population = settings.Integer("population", 0, 0, 100_000, "candidates of a generation, evaluated side by side; 0: 4 + 3 ln n for n coordinates; at least 4");
        step = settings.Number("step", 0.3, 1e-9, 1e9, "first standard deviation, as a part of the bounds' distance");
        extentTolerance = settings.Number("xtol", 1e-11, 0, 1, "a run ends where no standard deviation is longer than this part of the bounds' distance, ...");
        tolerance = settings.Number("ftol", 1e-12, 0, 1, "... or the best losses f of some tens of generations differ by no more than ftol max(|f|, 1)");
        restarts = settings.Integer("restarts", 4, 0, 1000, "how many runs follow the first, each with twice the population of the one before");
        maxEvaluations = settings.Integer("maxEvaluations", 10_000, 1, int.MaxValue, "evaluations");
    }

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        restarted = 0;
        return Run(start);
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses)
    {
        int[] order = [.. Enumerable.Range(0, losses.Length).OrderBy(i => losses[i])];
        distribution.Learn(strategy, [.. order.Select(i => steps[i])]);
        history = [.. history.TakeLast(strategy.Horizon - 1), losses[order[0]]];
        if (Evaluations >= maxEvaluations)
        {
            return Stop(OptimizerStatus.Exhausted, $"reached {maxEvaluations} evaluations");
        }

        if (EndOfRun(losses) is not { } end)
        {
            return Drawn();
        }

        if (restarted == restarts)
        {
            return Stop(OptimizerStatus.Converged, end);
        }

        restarted++;
        return Run(Anywhere());
    }

    private protected override void SaveSearch(BinaryWriter writer)
    {
        distribution.Save(writer);
        writer.WriteArrays(steps);
        writer.WriteArray(history);
        writer.Write(restarted);
    }

    private protected override void RestoreSearch(BinaryReader reader)
    {
        distribution = SearchDistribution.Restore(reader);
        (steps, history, restarted) = (reader.ReadArrays(), reader.ReadArray(), reader.ReadInt32());
        strategy = StrategyOf(restarted);
    }

    private Strategy StrategyOf(int run)
    {
        var first = population == 0 ? 4 + (int)(3 * Math.Log(Dimension)) : Math.Max(population, 4);
        return new(Dimension, (int)Math.Min((long)first << Math.Min(run, 20), 1 << 20));
    }

    private IReadOnlyList<double[]> Run(double[] start)
    {
        strategy = StrategyOf(restarted);
        distribution = new([.. start.Select((x, d) => x / Unit(d))], step);
        history = [];
        return Drawn();
    }

    private IReadOnlyList<double[]> Drawn()
    {
        steps = [.. Enumerable.Range(0, strategy.Lambda).Select(_ => distribution.Step([.. Enumerable.Range(0, Dimension).Select(_ => Random.Normal())]))];
        return [.. steps.Select(y => distribution.Point(y).Select((v, d) => Box.Mirror(d, v * Unit(d))).ToArray())];
    }

    private double Unit(int coordinate) => Width(coordinate) > 0 ? Width(coordinate) : 1;

    private string? EndOfRun(double[] losses) =>
        distribution.Extent <= extentTolerance ? "the distribution has collapsed"
        : !(distribution.Condition <= WorstCondition) || !double.IsFinite(distribution.Extent) ? "the distribution has degenerated"
        : history.Length == strategy.Horizon && AreAlike([.. history, .. losses], tolerance) ? "the losses differ no more"
        : null;
}
