using BrainModular.Engine.Networks;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>One chunk of a task's trials: its inputs for the network, and the loss and the answers of its readout.</summary>
internal sealed class TaskTrials : INetworkTrials
{
    private readonly TaskTrainingPlan plan;
    private readonly INetworkReadout[] readouts;
    private readonly TrialScore score;

    public TaskTrials(TaskTrainingPlan plan)
    {
        this.plan = plan;
        Batch = new(plan.Lanes, plan.Shape);
        score = new(plan, Batch);
        readouts = [score];
    }

    public TrialBatch Batch { get; }

    public int FirstLane { get; private set; }

    public int Trials { get; private set; }

    public int BatchTrials { get; private set; }

    public IReadOnlyList<INetworkReadout> Readouts => readouts;

    public TrialScore Score => score;

    /// <summary>Makes new trials.</summary>
    /// <param name="random">Where they come from.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="count">How many of them count; the others only fill the lanes.</param>
    /// <param name="total">How many the whole batch has: the loss is its mean.</param>
    public void Generate(Random.IRandomStream random, int first, int count, int total)
    {
        (FirstLane, Trials, BatchTrials) = (first, count, total);
        plan.Task.Generate(Batch, random);
        score.Begin(count, total);
    }

    public void Read(int input, int step, Span<float> row) => Batch.Inputs.AsSpan(step * row.Length, row.Length).CopyTo(row);
}
