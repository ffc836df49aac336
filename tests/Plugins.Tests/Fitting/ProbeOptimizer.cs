using BrainModular.Engine.Fitting;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Asks once for given candidates and keeps what it is told of them.</summary>
internal sealed class ProbeOptimizer(IReadOnlyList<double[]> candidates, EvaluationNeeds needs) : IOptimizer
{
    public IReadOnlyList<Evaluation> Told { get; private set; } = [];

    public EvaluationNeeds Needs => needs;

    public OptimizerStatus Status => Told.Count == 0 ? OptimizerStatus.Running : OptimizerStatus.Converged;

    public string Reason => "";

    public double[] Best => candidates[0];

    public double BestLoss => Told.Count == 0 ? double.PositiveInfinity : Told[0].Loss;

    /// <summary>What a fit of one start finds of candidates in its only round.</summary>
    public static IReadOnlyList<Evaluation> Evaluate(FitPlan plan, IReadOnlyList<double[]> candidates, EvaluationNeeds needs = EvaluationNeeds.Gradient)
    {
        ProbeOptimizer? probe = null;
        using var fit = new RecordingFit(plan with { Starts = 1, Optimizer = () => probe = new(candidates, needs) });
        fit.Run(static _ => { });
        return probe!.Told;
    }

    public void Begin(OptimizationProblem problem)
    {
    }

    public IReadOnlyList<double[]> Ask() => candidates;

    public void Tell(IReadOnlyList<Evaluation> evaluations) => Told = evaluations;

    public void Save(BinaryWriter writer) => throw new NotSupportedException();

    public void Restore(BinaryReader reader, IRandomStream random) => throw new NotSupportedException();
}
