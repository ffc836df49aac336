using BrainModular.Engine.Networks.Online;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Training;

/// <summary>Changes weights while trials run, or lets the network go from trial to trial without setting it back, or learns from rewards.</summary>
internal sealed class OnlineTraining : IDisposable
{
    /// <summary>What an expected reward keeps of itself from one trial to the next: it is a mean over about 100 trials.</summary>
    private const double ExpectationKept = 0.99;

    private readonly IOptimizer optimizer;
    private readonly OnlineBatch batch;
    private readonly Dictionary<string, long[][]> before = [];
    private bool hasBegun;
    private double expected;

    /// <param name="plan">What is trained, and how; where rewards are learnt from each trial has a chunk of its own.</param>
    /// <param name="optimizer">What changes the weights.</param>
    /// <param name="chunks">The trials; null for new ones.</param>
    public OnlineTraining(TaskTrainingPlan plan, IOptimizer optimizer, TaskTrials[]? chunks = null)
    {
        // Who knows nothing is right by chance.
        (Plan, this.optimizer, Chunks, expected) = (plan, optimizer, chunks ?? TaskTrials.Chunks(plan), 1.0 / plan.Shape.Targets);
        batch = OnlineBatch.Open(plan.Program, new(plan.Lanes, Chunks.Length, plan.Threads, plan.Noise));
    }

    public TaskTrainingPlan Plan { get; }

    public long Bytes => batch.Bytes;

    /// <summary>The trials, as many in each chunk as the plan has lanes.</summary>
    public TaskTrials[] Chunks { get; }

    /// <summary>
    /// Runs the trials that the chunks hold. It is not interrupted: weights and states have changed together, and there is nothing to go back to.
    /// </summary>
    public void Run(double[] gradient)
    {
        if (!Plan.IsStream || !hasBegun)
        {
            batch.Begin(optimizer.Ask()[0]);
            hasBegun = true;
        }

        foreach (var population in Spiking())
        {
            before[population] = [.. batch.SpikeCounts(population).Select(static c => c.ToArray())];
        }

        if (Plan.LearnsFromReward)
        {
            RunForReward(gradient);
            return;
        }

        var (steps, loss) = (Plan.Shape.Steps, 0.0);
        var piece = Plan.UpdateEvery > 0 ? Plan.UpdateEvery : steps;
        for (var first = 0; first < steps; first += piece)
        {
            var count = Math.Min(piece, steps - first);
            batch.Advance(optimizer.Ask()[0], Chunks, first, count, isEnd: !Plan.IsStream && first + count == steps, gradient);
            var sum = Chunks.Sum(static c => c.Score.Loss);
            optimizer.Tell([new(sum - loss, gradient)]);
            loss = sum;
        }
    }

    /// <summary>How often the units of a population spiked in the trials that were run last, [chunk][lane].</summary>
    public long[][] SpikeCounts(string population) =>
        [.. batch.SpikeCounts(population).Zip(before[population], static (now, was) => now.Zip(was, static (n, w) => n - w).ToArray())];

    public void Save(BinaryWriter writer)
    {
        writer.Write(hasBegun && Plan.IsStream);
        if (hasBegun && Plan.IsStream)
        {
            batch.Save(writer);
        }

        if (Plan.LearnsFromReward)
        {
            writer.Write(expected);
        }
    }

    public void Restore(BinaryReader reader)
    {
        hasBegun = reader.ReadBoolean();
        if (hasBegun)
        {
            batch.Restore(reader, optimizer.Ask()[0]);
        }

        if (Plan.LearnsFromReward)
        {
            expected = reader.ReadDouble();
        }
    }

    public void Dispose() => batch.Dispose();

    /// <summary>
    /// One chunk is one trial, so that its gradient is the eligibility of each of its synapses: the derivative of -ln p of its choices. What the
    /// reward is above the expected one, the third factor, multiplies it when the trial is over.
    /// </summary>
    private void RunForReward(double[] gradient)
    {
        double Surprise(int trial) => (Chunks[trial].Policy!.Reward(0) - expected) / Plan.Batch;
        batch.Advance(optimizer.Ask()[0], Chunks, 0, Plan.Shape.Steps, isEnd: !Plan.IsStream, gradient, Surprise);
        var mean = Chunks.Average(static c => c.Policy!.Reward(0));
        optimizer.Tell([new(1 - mean, gradient)]);
        expected += (1 - Math.Pow(ExpectationKept, Plan.Batch)) * (mean - expected);
    }

    private IEnumerable<string> Spiking() =>
        Plan.Program.Definition.Populations.Where(static p => p.Model.Spikes.Any(static s => s.Name == "spike")).Select(static p => p.Name);
}
