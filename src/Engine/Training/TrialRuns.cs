using BrainModular.Engine.Networks;
using BrainModular.Random;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>Runs whole trials of a task, chunk by chunk, from the network's initial states.</summary>
/// <param name="plan">The network and its task.</param>
internal sealed class TrialRuns(TaskTrainingPlan plan) : IDisposable
{
    private readonly NetworkBatch batch = NetworkBatch.Open(
        plan.Program, new(plan.Shape.Steps, plan.Lanes, plan.Threads) { MemoryBudget = plan.MemoryBudget, Window = plan.Window, Noise = plan.Noise });

    public TaskTrainingPlan Plan => plan;

    public TaskTrials[] Chunks { get; } = TaskTrials.Chunks(plan);

    public long Bytes => batch.Bytes;

    /// <summary>Runs new trials.</summary>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="task">What makes them.</param>
    /// <param name="trials">How many; at most a batch.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="stream">Where they come from.</param>
    /// <param name="gradient">Gets the gradient; null where it is not wanted.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM5201: a state is not finite.</exception>
    public TrialResult Run(double[] coordinates, ITask task, int trials, int first, IRandomStream stream, double[]? gradient, CancellationToken cancel)
    {
        var used = TaskTrials.Generate(plan, Chunks, task, trials, first, stream, cancel);
        batch.Run(coordinates, Chunks[..used], gradient, cancel);
        return Result(trials, batch.RegularizerLoss, batch.SpikeCounts);
    }

    /// <summary>What became of the trials that the chunks hold.</summary>
    /// <param name="trials">How many count.</param>
    /// <param name="regularizerLoss">What is added to the loss.</param>
    /// <param name="counts">How often the units of a population spiked, [chunk][lane].</param>
    public TrialResult Result(int trials, double regularizerLoss, Func<string, long[][]> counts)
    {
        var scores = Chunks.Take((trials + plan.Lanes - 1) / plan.Lanes).Select(static c => c.Score).ToList();
        return new(trials, scores.Sum(static s => s.Loss) + regularizerLoss, TrialScore.Accuracy(scores), TaskTrials.Rates(plan, trials, counts));
    }

    public void Dispose() => batch.Dispose();
}
