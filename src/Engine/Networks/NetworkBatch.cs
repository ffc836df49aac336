using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Networks.Parts;
using BrainModular.Engine.Threads;

namespace BrainModular.Engine.Networks;

/// <summary>How batches are run.</summary>
/// <param name="Steps">How many steps a trial has.</param>
/// <param name="Lanes">How many trials run side by side; a batch is cut into chunks of as many.</param>
/// <param name="Threads">How many chunks run at a time, or into how many parts the units of a run that is recorded are divided.</param>
public sealed record BatchPlan(int Steps, int Lanes, int Threads)
{
    /// <summary>Bytes that a chunk's stored states may take; beyond it about sqrt(steps) are stored, and the others run again.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Over how many steps the gradient is followed backwards; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>The key of the network's noise.</summary>
    public StreamKey Noise { get; init; }
}

/// <summary>
/// Runs batches of trials through a network and gives the gradient of their loss. A batch is a list of chunks; threads take whole chunks
/// through whole trials, and their gradients are added in the order of the chunks, so that the number of threads changes no bit.
/// </summary>
public abstract class NetworkBatch : IDisposable
{
    /// <summary>Allocates what <paramref name="plan"/> needs.</summary>
    public static NetworkBatch Open(NetworkProgram program, BatchPlan plan) =>
        program.Precision == Precision.Single ? new NetworkBatch<float>(program, plan) : new NetworkBatch<double>(program, plan);

    /// <summary>All memory held.</summary>
    public abstract long Bytes { get; }

    /// <summary>Runs a batch.</summary>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="chunks">The trials.</param>
    /// <param name="gradient">Gets the derivative of the sum of the chunks' losses by the coordinates; null where it is not wanted.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM5201: a state is not finite.</exception>
    public abstract void Run(double[] coordinates, IReadOnlyList<INetworkTrials> chunks, double[]? gradient, CancellationToken cancel = default);

    /// <summary>Runs one chunk and records it.</summary>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="chunk">What comes in.</param>
    /// <param name="plan">What is recorded.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM2512, BM2513: a probe is on what does not exist; BM5201: a state is not finite; BM5202: too much is recorded.</exception>
    public abstract NetworkRecord Record(double[] coordinates, INetworkTrials chunk, RecordingPlan plan, CancellationToken cancel = default);

    /// <summary>What rates and potentials added to the loss of the last batch that had a gradient.</summary>
    public abstract double RegularizerLoss { get; }

    /// <summary>How often the units of a population spiked in each chunk and lane of the last batch, [chunk][lane].</summary>
    public abstract long[][] SpikeCounts(string population);

    public abstract void Dispose();
}

/// <summary>The same for one kind of numbers.</summary>
internal sealed class NetworkBatch<T> : NetworkBatch
    where T : unmanaged, INumberBase<T>
{
    private readonly NetworkProgram program;
    private readonly BatchPlan plan;
    private readonly NetworkWeights<T> weights;
    private readonly RunPool<ChunkRun<T>> runs;
    private readonly RunPool<OnlineChunk<T>> learners;
    private readonly FeedbackWeights<T>? feedback;
    private readonly List<NetworkWeights<T>> gradients = [];
    private readonly Dictionary<string, long[][]> counts = [];
    private double[] regularizerLosses = [];
    private PartedRun<T>? recorded;

    public NetworkBatch(NetworkProgram program, BatchPlan plan)
    {
        (this.program, this.plan) = (program, plan);
        weights = new(program.Blocks, static _ => false);
        var stateBytes = program.Populations.Sum(p => (long)p.Definition.Count * plan.Lanes * (p.States.Count + p.Ports.Count)) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        var stored = program.Options.Training && program.Online is null;
        var segment = !stored || stateBytes * (plan.Steps + 1) <= plan.MemoryBudget ? plan.Steps : (int)Math.Ceiling(Math.Sqrt(plan.Steps));
        var layout = new RunLayout(plan.Steps, stored, segment);
        runs = new(() => new(program, plan.Lanes, layout, plan.Noise));
        feedback = FeedbackWeights<T>.For(program, plan.Noise);
        learners = new(() => new(program, plan.Lanes, feedback, plan.Noise));
    }

    public override long Bytes =>
        (recorded?.Bytes ?? 0) + weights.Bytes + runs.All.Sum(static r => r.Bytes) + learners.All.Sum(static r => r.Bytes) + gradients.Sum(static g => g.Bytes) + (feedback?.Bytes ?? 0);

    public override void Run(double[] coordinates, IReadOnlyList<INetworkTrials> chunks, double[]? gradient, CancellationToken cancel)
    {
        weights.Hold(static _ => true);
        weights.Set(coordinates);
        if (gradient is not null)
        {
            feedback?.Adapt(coordinates);
        }

        Prepare(chunks.Count, gradient is not null);
        Workers.ForEach(chunks.Count, plan.Threads, i =>
        {
            if (gradient is null || program.Online is null)
            {
                Run(chunks[i], i, gradient is not null, cancel);
            }
            else
            {
                Learn(chunks[i], i, cancel);
            }
        }, cancel);
        if (gradient is not null)
        {
            ArgumentOutOfRangeException.ThrowIfZero(chunks.Count);
            for (var i = 0; i < chunks.Count; i++)
            {
                gradients[i].Scale(chunks[i].GradientFactor);
                gradients[i].AddTo(gradient, coordinates, isFirst: i == 0);
            }
        }
    }

    public override NetworkRecord Record(double[] coordinates, INetworkTrials chunk, RecordingPlan recording, CancellationToken cancel)
    {
        weights.Hold(PartedRun<T>.Reads(program));
        weights.Set(coordinates);
        Prepare(1, gradient: false);
        var recorder = new NetworkRecorder<T>(program, recording, plan.Steps, plan.Lanes);
        var parts = chunk.Readouts.Count > 0 ? 1 : plan.Threads;
        if (recorded?.Parts != parts || !recorded.Watches(recording.Probes))
        {
            recorded?.Dispose();
            recorded = new(program, plan.Lanes, plan.Steps, parts, plan.Noise, recording.Probes);
        }

        recorded.Run(weights, chunk, recorder, cancel);
        foreach (var (population, byChunk) in counts)
        {
            recorded.SpikeCounts(population).CopyTo(byChunk[0], 0);
        }

        return recorder.Record;
    }

    public override double RegularizerLoss => regularizerLosses.Sum();

    public override long[][] SpikeCounts(string population) => counts[population];

    public override void Dispose()
    {
        foreach (var part in gradients.Concat<IDisposable>([runs, learners, weights]))
        {
            part.Dispose();
        }

        feedback?.Dispose();
        recorded?.Dispose();
    }

    private void Run(INetworkTrials chunk, int number, bool learns, CancellationToken cancel)
    {
        var run = runs.Rent();
        run.Forward(weights, chunk, cancel);
        if (learns)
        {
            gradients[number].Clear();
            run.Backward(weights, chunk, gradients[number], plan.Window, cancel);
            regularizerLosses[number] = run.RegularizerLoss;
        }

        Count(run.Log, number);
        runs.Return(run);
    }

    private void Learn(INetworkTrials chunk, int number, CancellationToken cancel)
    {
        var learner = learners.Rent();
        gradients[number].Clear();
        learner.Begin(weights);
        learner.Advance(weights, chunk, 0, plan.Steps, isEnd: true, gradients[number], cancel);
        Count(learner.Log, number);
        learners.Return(learner);
    }

    private void Prepare(int chunks, bool gradient)
    {
        regularizerLosses = new double[chunks];
        while (gradient && gradients.Count < chunks)
        {
            gradients.Add(new(program.Blocks, static b => b.Coordinates > 0));
        }

        foreach (var population in program.Populations.Where(static p => p.Sent.Contains("spike")))
        {
            counts[population.Definition.Name] = [.. Enumerable.Range(0, chunks).Select(_ => new long[plan.Lanes])];
        }
    }

    private void Count(Func<string, string, EventLog<T>> log, int chunk)
    {
        foreach (var (population, byChunk) in counts)
        {
            log(population, "spike").Totals.CopyTo(byChunk[chunk], 0);
        }
    }
}
