using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Tests.Training;

/// <summary>Keeps what it is told, and stays where it is.</summary>
internal class Listener : IOptimizer
{
    public double[] Gradient { get; private set; } = [];

    public double Loss { get; private set; }

    public EvaluationNeeds Needs => EvaluationNeeds.Loss | EvaluationNeeds.Gradient;

    public OptimizerStatus Status => OptimizerStatus.Running;

    public string Reason => "";

    public double[] Best { get; protected set; } = [];

    public double BestLoss => 0;

    public void Begin(OptimizationProblem problem) => Best = [.. problem.Start];

    public IReadOnlyList<double[]> Ask() => [Best];

    public virtual void Tell(IReadOnlyList<Evaluation> evaluations) => (Gradient, Loss) = ([.. evaluations[0].Gradient!], evaluations[0].Loss);

    public void Save(BinaryWriter writer)
    {
        writer.Write(Best.Length);
        Array.ForEach(Best, writer.Write);
    }

    public void Restore(BinaryReader reader, IRandomStream random) => Best = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())];
}

/// <summary>Steps of one length against the gradient.</summary>
internal sealed class Descent(double length) : Listener
{
    public override void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        base.Tell(evaluations);
        var norm = Math.Sqrt(Gradient.Sum(static g => g * g));
        Best = [.. Best.Zip(Gradient, (x, g) => x - (length * g / norm))];
    }
}
