using BrainModular.Engine.Networks;
using BrainModular.Optimizers;
using BrainModular.Random;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>Trains a network on a task, a batch of fresh trials at a time, by backpropagation through time.</summary>
/// <remarks>
/// The trials of batch n come from the stream <c>batch.n</c> of the training's random stream, chunk by chunk, so that neither the number of
/// threads nor an interruption between batches changes them.
/// </remarks>
public sealed class TaskTraining : IDisposable
{
    private const int StateVersion = 2;

    private readonly TaskTrainingPlan plan;
    private readonly IOptimizer optimizer;
    private readonly IRandomStream random;
    private readonly TrialRuns evaluated;
    private readonly TrialRuns trained;
    private readonly ITask trainingTask;
    private readonly double[] gradient;
    private readonly RewardExpectation? expectation;
    private readonly OnlineTraining? online;

    /// <param name="plan">What is trained, and how.</param>
    /// <param name="optimizer">What changes the weights; <see cref="Begin"/> or <see cref="Restore"/> starts it.</param>
    /// <param name="random">The training's random stream.</param>
    public TaskTraining(TaskTrainingPlan plan, IOptimizer optimizer, IRandomStream random)
    {
        (this.plan, this.optimizer, this.random) = (plan, optimizer, random);
        trainingTask = plan.Task.For(TrialUse.Training);
        evaluated = new(plan);

        // A trial that learns from its reward has a chunk of its own, so that the gradient of the chunk is the eligibility of each of its synapses.
        trained = plan.LearnsFromReward ? new(plan with { Lanes = 1 }) : evaluated;
        expectation = plan.LearnsFromReward ? new(plan.Shape.Targets) : null;
        gradient = new double[plan.Program.Coordinates];
        online = plan.UpdateEvery > 0 || plan.IsStream ? new(trained.Plan, optimizer, trained.Chunks, expectation) : null;
    }

    /// <summary>How many batches were trained on.</summary>
    public int Batches { get; private set; }

    /// <summary>How many trials were trained on.</summary>
    public long Trials => (long)Batches * plan.Batch;

    /// <summary>The network's coordinates after the last batch.</summary>
    public double[] Coordinates => optimizer.Status == OptimizerStatus.Running ? optimizer.Ask()[0] : optimizer.Best;

    /// <summary>Whether the optimiser goes on, and if not, why.</summary>
    public (OptimizerStatus Status, string Reason) State => (optimizer.Status, optimizer.Reason);

    /// <summary>The memory of the network's rows.</summary>
    public long Bytes => evaluated.Bytes + (trained == evaluated ? 0 : trained.Bytes) + (online?.Bytes ?? 0);

    /// <summary>Starts at given coordinates.</summary>
    public void Begin(double[] coordinates)
    {
        var (lower, upper) = (new double[coordinates.Length], new double[coordinates.Length]);
        Array.Fill(lower, double.NegativeInfinity);
        Array.Fill(upper, double.PositiveInfinity);
        optimizer.Begin(new(coordinates, lower, upper, random.Split("optimizer")));
        Batches = 0;
    }

    /// <summary>Trains on one batch.</summary>
    /// <returns>What became of its trials, before the weights were changed.</returns>
    /// <exception cref="Diagnostics.DiagnosticException">BM5201: a state is not finite.</exception>
    public TrialResult Step(CancellationToken cancel)
    {
        TrialResult result;
        if (online is null)
        {
            expectation?.Begin(trained.Chunks);
            result = trained.Run(optimizer.Ask()[0], trainingTask, plan.Batch, (int)Trials, random.Split(TaskTrials.BatchName(Batches)), gradient, cancel);
            optimizer.Tell([new(expectation is null ? result.Loss : 1 - expectation.End(trained.Chunks), gradient)]);
        }
        else
        {
            TaskTrials.Generate(trained.Plan, trained.Chunks, trainingTask, plan.Batch, plan.IsStream ? 0 : (int)Trials, random.Split(TaskTrials.BatchName(Batches)), cancel);
            online.Run(gradient);
            result = trained.Result(plan.Batch, 0, online.SpikeCounts);
        }

        Batches++;
        return result;
    }

    /// <summary>Runs trials without training.</summary>
    /// <param name="use">What they are for.</param>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="trials">How many.</param>
    /// <param name="stream">Where they come from; the same stream gives the same trials.</param>
    /// <param name="cancel">Stops between steps.</param>
    public TrialResult Evaluate(TrialUse use, double[] coordinates, int trials, IRandomStream stream, CancellationToken cancel)
    {
        // Far from the trials of training, so that noise is fresh.
        const int First = 1 << 30;
        var task = plan.Task.For(use);
        var parts = new List<TrialResult>();
        for (var done = 0; done < trials; done += plan.Batch)
        {
            parts.Add(evaluated.Run(coordinates, task, Math.Min(plan.Batch, trials - done), First + done, stream.Split(TaskTrials.BatchName(done / plan.Batch)), null, cancel));
        }

        double Mean(Func<TrialResult, double> of) => parts.Sum(p => of(p) * p.Trials) / trials;
        return new(trials, Mean(static p => p.Loss), Mean(static p => p.Accuracy), parts[0].Rates.Keys.ToDictionary(static n => n, n => Mean(p => p.Rates[n])));
    }

    /// <summary>Writes the optimiser's state and how far the training is.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(StateVersion);
        writer.Write(Batches);
        optimizer.Save(writer);
        expectation?.Save(writer);
        online?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; the training then goes on to the same bits.</summary>
    public void Restore(BinaryReader reader)
    {
        if (reader.ReadInt32() is var version && version != StateVersion)
        {
            throw new InvalidDataException($"the state of a training has version {version}, not {StateVersion}");
        }

        Batches = reader.ReadInt32();
        optimizer.Restore(reader, random.Split("optimizer"));
        expectation?.Restore(reader);
        online?.Restore(reader);
    }

    /// <summary>Scores readouts that were computed elsewhere for the trials that <see cref="Evaluate"/> runs to judge weights.</summary>
    /// <param name="plan">The training's plan.</param>
    /// <param name="trials">How many trials.</param>
    /// <param name="stream">Where they come from.</param>
    /// <param name="readout">Gives the readout of some trials, [step][unit][trial].</param>
    /// <returns>Their accuracy, as <see cref="TrialResult.Accuracy"/>.</returns>
    public static double Accuracy(TaskTrainingPlan plan, int trials, IRandomStream stream, Func<TrialBatch, float[]> readout)
    {
        var task = plan.Task.For(TrialUse.Evaluation);
        var scores = new List<(double Accuracy, int Trials)>();
        for (var done = 0; done < trials; done += plan.Batch)
        {
            var inBatch = Math.Min(plan.Batch, trials - done);
            var batch = new List<TrialScore>();
            for (var first = 0; first < inBatch; first += plan.Lanes)
            {
                var chunk = new TaskTrials(plan);
                chunk.Generate(task, stream.Split(TaskTrials.BatchName(done / plan.Batch)).Split(TaskTrials.ChunkName(first / plan.Lanes)), done + first, Math.Min(plan.Lanes, inBatch - first), inBatch);
                chunk.Score.Observe(readout(chunk.Batch));
                batch.Add(chunk.Score);
            }

            scores.Add((TrialScore.Accuracy(batch), inBatch));
        }

        return scores.Sum(static s => s.Accuracy * s.Trials) / trials;
    }

    public void Dispose()
    {
        evaluated.Dispose();
        if (trained != evaluated)
        {
            trained.Dispose();
        }

        online?.Dispose();
    }
}
