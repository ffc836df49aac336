using BrainModular.Engine.Networks;
using BrainModular.Engine.Threads;
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
        Policy = plan.LearnsFromReward ? new(score, Batch, plan.Shape) : null;
        readouts = [Policy ?? (INetworkReadout)score];
    }

    public TrialBatch Batch { get; }

    public int FirstLane { get; private set; }

    public int Trials { get; private set; }

    public int BatchTrials { get; private set; }

    public IReadOnlyList<INetworkReadout> Readouts => readouts;

    public TrialScore Score => score;

    /// <summary>The choices and rewards; null where targets are learnt from.</summary>
    public PolicyReadout? Policy { get; }

    /// <summary>The reward that is expected of the one trial of a chunk that learns from its reward.</summary>
    public double ExpectedReward { get; set; }

    /// <summary>What the reward is above the expected one, the third factor, with the trial's part of the batch; 1 where targets are learnt from.</summary>
    public double GradientFactor => Policy is null ? 1 : (Policy.Reward(0) - ExpectedReward) / BatchTrials;

    /// <summary>Makes new trials.</summary>
    /// <param name="task">What makes them.</param>
    /// <param name="random">Where they come from.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="count">How many of them count; the others only fill the lanes.</param>
    /// <param name="total">How many the whole batch has: the loss is its mean.</param>
    public void Generate(ITask task, Random.IRandomStream random, int first, int count, int total)
    {
        (FirstLane, Trials, BatchTrials) = (first, count, total);
        task.Generate(Batch, random);
        score.Begin(count, total);
        Policy?.Begin(count, random.Split("choices"));
    }

    /// <summary>The chunks of a batch.</summary>
    public static TaskTrials[] Chunks(TaskTrainingPlan plan) => [.. Enumerable.Range(0, (plan.Batch + plan.Lanes - 1) / plan.Lanes).Select(_ => new TaskTrials(plan))];

    /// <summary>The name of a batch's stream in that of a training.</summary>
    public static string BatchName(int number) => $"batch.{number}";

    /// <summary>The name of a chunk's stream in that of its batch.</summary>
    public static string ChunkName(int number) => $"chunk.{number}";

    /// <summary>Makes new trials for the chunks of a batch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="task">What makes the trials.</param>
    /// <param name="trials">How many trials the batch has.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="stream">Where they come from: of this, a stream for each chunk.</param>
    /// <param name="cancel">Stops between chunks.</param>
    /// <returns>How many chunks they fill.</returns>
    public static int Generate(TaskTrainingPlan plan, TaskTrials[] chunks, ITask task, int trials, int first, Random.IRandomStream stream, CancellationToken cancel)
    {
        var used = (trials + plan.Lanes - 1) / plan.Lanes;
        Workers.ForEach(used, plan.Threads, i => chunks[i].Generate(task, stream.Split(ChunkName(i)), first + (i * plan.Lanes), Math.Min(plan.Lanes, trials - (i * plan.Lanes)), trials), cancel);
        return used;
    }

    /// <summary>The mean rate of each spiking population, in Hz.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trials">How many trials count.</param>
    /// <param name="spikeCounts">How often the units of a population spiked, [chunk][lane].</param>
    public static Dictionary<string, double> Rates(TaskTrainingPlan plan, int trials, Func<string, long[][]> spikeCounts)
    {
        var seconds = plan.Shape.Steps * plan.Program.Definition.TimeStep / 1000;
        return plan.Program.Definition.Populations.Where(static p => p.Model.Spikes.Any(static s => s.Name == "spike")).ToDictionary(static p => p.Name, p =>
        {
            var counts = spikeCounts(p.Name);
            return Enumerable.Range(0, trials).Sum(trial => counts[trial / plan.Lanes][trial % plan.Lanes]) / (p.Count * seconds * trials);
        });
    }

    public void Read(int input, int step, Span<float> row) => Batch.Inputs.AsSpan(step * row.Length, row.Length).CopyTo(row);
}
