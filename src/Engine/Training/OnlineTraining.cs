using BrainModular.Engine.Networks.Online;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Training;

/// <summary>Changes weights while trials run, or lets the network go from trial to trial without setting it back.</summary>
internal sealed class OnlineTraining : IDisposable
{
    private readonly TaskTrainingPlan plan;
    private readonly IOptimizer optimizer;
    private readonly TaskTrials[] chunks;
    private readonly OnlineBatch batch;
    private readonly RewardExpectation? expectation;
    private readonly Dictionary<string, long[][]> before = [];
    private bool hasBegun;

    /// <param name="plan">What is trained, and how.</param>
    /// <param name="optimizer">What changes the weights.</param>
    /// <param name="chunks">The trials.</param>
    /// <param name="expectation">What reward is expected; null where targets are learnt from.</param>
    public OnlineTraining(TaskTrainingPlan plan, IOptimizer optimizer, TaskTrials[] chunks, RewardExpectation? expectation)
    {
        (this.plan, this.optimizer, this.chunks, this.expectation) = (plan, optimizer, chunks, expectation);
        batch = OnlineBatch.Open(plan.Program, new(plan.Lanes, chunks.Length, plan.Threads, plan.Noise));
    }

    public long Bytes => batch.Bytes;

    /// <summary>
    /// Runs the trials that the chunks hold. It is not interrupted: weights and states have changed together, and there is nothing to go back to.
    /// </summary>
    public void Run(double[] gradient)
    {
        if (!plan.IsStream || !hasBegun)
        {
            batch.Begin(optimizer.Ask()[0]);
            hasBegun = true;
        }

        foreach (var population in Spiking())
        {
            before[population] = [.. batch.SpikeCounts(population).Select(static c => c.ToArray())];
        }

        expectation?.Begin(chunks);
        var (steps, loss) = (plan.Shape.Steps, 0.0);
        var piece = plan.UpdateEvery > 0 ? plan.UpdateEvery : steps;
        for (var first = 0; first < steps; first += piece)
        {
            var count = Math.Min(piece, steps - first);
            batch.Advance(optimizer.Ask()[0], chunks, first, count, isEnd: !plan.IsStream && first + count == steps, gradient);
            var sum = chunks.Sum(static c => c.Score.Loss);
            optimizer.Tell([new(expectation is null ? sum - loss : 1 - expectation.End(chunks), gradient)]);
            loss = sum;
        }
    }

    /// <summary>How often the units of a population spiked in the trials that were run last, [chunk][lane].</summary>
    public long[][] SpikeCounts(string population) =>
        [.. batch.SpikeCounts(population).Zip(before[population], static (now, was) => now.Zip(was, static (n, w) => n - w).ToArray())];

    public void Save(BinaryWriter writer)
    {
        writer.Write(hasBegun && plan.IsStream);
        if (hasBegun && plan.IsStream)
        {
            batch.Save(writer);
        }
    }

    public void Restore(BinaryReader reader)
    {
        hasBegun = reader.ReadBoolean();
        if (hasBegun)
        {
            batch.Restore(reader, optimizer.Ask()[0]);
        }
    }

    public void Dispose() => batch.Dispose();

    private IEnumerable<string> Spiking() =>
        plan.Program.Definition.Populations.Where(static p => p.Model.Spikes.Any(static s => s.Name == "spike")).Select(static p => p.Name);
}
