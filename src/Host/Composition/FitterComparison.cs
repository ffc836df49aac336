using BrainModular.Engine.Tracing;

namespace BrainModular.Host.Composition;

/// <summary>What one way to fit came to over all seeds. Losses are in the unit that they are reported in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Trials">One a seed.</param>
/// <param name="Best">The smallest loss.</param>
/// <param name="Median">The median loss.</param>
/// <param name="Worst">The largest loss.</param>
/// <param name="Reached">The share of seeds that reached the level; null where there is none.</param>
/// <param name="StepsToLevel">The median of the simulated steps that this took, infinite for seeds that did not; null where there is no level.</param>
internal sealed record FitterFigures(
    string Name, IReadOnlyList<FitterTrial> Trials, double Best, double Median, double Worst, double? Reached, double? StepsToLevel);

/// <summary>Several ways to fit beside each other.</summary>
/// <param name="stage">The fit.</param>
/// <param name="lossUnit">The unit of reported losses.</param>
/// <param name="lossFactor">By which losses in engine units are multiplied.</param>
/// <param name="stepsPerEvaluation">Steps that one candidate takes.</param>
/// <param name="budget">What each run could spend.</param>
/// <param name="seeds">How many seeds there were.</param>
/// <param name="threads">How many threads computed.</param>
/// <param name="level">The level; null: none.</param>
/// <param name="model">The model, of whose parameters are the units.</param>
internal sealed class FitterComparison(string stage, string lossUnit, double lossFactor, long stepsPerEvaluation, FitBudget budget, int seeds, int threads, double? level, ModelDefinition model)
{
    private readonly List<FitterFigures> figures = [];

    public string Stage => stage;

    public string LossUnit => lossUnit;

    public double LossFactor => lossFactor;

    public long StepsPerEvaluation => stepsPerEvaluation;

    public FitBudget Budget => budget;

    public int Seeds => seeds;

    public int Threads => threads;

    public double? Level => level;

    public ModelDefinition Model => model;

    public IReadOnlyList<FitterFigures> Figures => figures;

    /// <summary>Adds what one way came to.</summary>
    public void Add(string name, IReadOnlyList<FitterTrial> trials)
    {
        double[] losses = [.. trials.Select(t => t.Loss * lossFactor).Order()];
        double[] reached = [.. trials.Select(t => t.Curve.Where(p => p.Loss * lossFactor <= level).Select(static p => (double)p.Steps).FirstOrDefault(double.PositiveInfinity))];
        figures.Add(new(
            name, trials, losses[0], Median(losses), losses[^1],
            level is null ? null : reached.Count(double.IsFinite) / (double)reached.Length, level is null ? null : Median([.. reached.Order()])));
    }

    /// <summary>The median of sorted numbers.</summary>
    public static double Median(double[] sorted) => sorted.Length % 2 == 1 || double.IsPositiveInfinity(sorted[sorted.Length / 2])
        ? sorted[sorted.Length / 2]
        : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
