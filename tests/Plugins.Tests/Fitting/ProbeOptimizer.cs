using BrainModular.Engine.Fitting;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Asks once for given candidates and keeps what it is told of them.</summary>
/// <param name="choose">The candidates, from where the optimiser is to begin.</param>
/// <param name="needs">What it needs of them.</param>
internal sealed class ProbeOptimizer(Func<double[], IReadOnlyList<double[]>> choose, EvaluationNeeds needs) : IOptimizer
{
    private IReadOnlyList<double[]> candidates = [];

    public IReadOnlyList<Evaluation> Told { get; private set; } = [];

    public EvaluationNeeds Needs => needs;

    public OptimizerStatus Status => Told.Count == 0 ? OptimizerStatus.Running : OptimizerStatus.Converged;

    public string Reason => "";

    public double[] Best => candidates[0];

    public double BestLoss => Told.Count == 0 ? double.PositiveInfinity : Told[0].Loss;

    /// <summary>What a fit of one start finds of candidates in its only round.</summary>
    public static IReadOnlyList<Evaluation> Evaluate(FitPlan plan, IReadOnlyList<double[]> candidates, EvaluationNeeds needs = EvaluationNeeds.Gradient) =>
        Evaluate(plan, _ => candidates, needs);

    /// <summary>What a fit of one start finds of candidates in its first round.</summary>
    public static IReadOnlyList<Evaluation> Evaluate(FitPlan plan, Func<double[], IReadOnlyList<double[]>> choose, EvaluationNeeds needs = EvaluationNeeds.Gradient)
    {
        var probes = new List<ProbeOptimizer>();
        using var fit = new RecordingFit(plan with
        {
            Starts = 1, Optimizer = () =>
            {
                probes.Add(new(choose, needs));
                return probes[^1];
            },
        });
        fit.Run(static _ => { });
        return probes.First(static p => p.Told.Count > 0).Told;
    }

    public void Begin(OptimizationProblem problem) => candidates = choose(problem.Start);

    public IReadOnlyList<double[]> Ask() => candidates;

    public void Tell(IReadOnlyList<Evaluation> evaluations) => Told = evaluations;

    public void Save(BinaryWriter writer) => throw new NotSupportedException();

    public void Restore(BinaryReader reader, IRandomStream random) => throw new NotSupportedException();
}
