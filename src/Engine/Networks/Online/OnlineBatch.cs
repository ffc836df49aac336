using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Threads;

namespace BrainModular.Engine.Networks.Online;

/// <summary>How chunks learn online.</summary>
/// <param name="Lanes">How many trials, or streams, run side by side in a chunk.</param>
/// <param name="Chunks">How many chunks.</param>
/// <param name="Threads">How many chunks run at a time.</param>
/// <param name="Noise">The key of the network's noise, and of e-prop's feedback weights.</param>
public sealed record OnlinePlan(int Lanes, int Chunks, int Threads, StreamKey Noise);

/// <summary>
/// Runs a network over time by an online method: some steps at a time, each time with the gradient of these, so that weights can change in
/// between. It has no last step, and its memory does not depend on how many were run. Threads take whole chunks, and gradients are added in
/// the order of the chunks, so that the number of threads changes no bit.
/// </summary>
public abstract class OnlineBatch : IDisposable
{
    /// <summary>Allocates what <paramref name="plan"/> needs.</summary>
    /// <param name="program">A network built for training with <see cref="NetworkOptions.Online"/>.</param>
    /// <param name="plan">How it is run.</param>
    public static OnlineBatch Open(NetworkProgram program, OnlinePlan plan) =>
        program.Precision == Precision.Single ? new OnlineBatch<float>(program, plan) : new OnlineBatch<double>(program, plan);

    /// <summary>All memory held.</summary>
    public abstract long Bytes { get; }

    /// <summary>Starts at the initial states.</summary>
    /// <param name="coordinates">The network's coordinates.</param>
    public abstract void Begin(double[] coordinates);

    /// <summary>Runs some steps.</summary>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="chunks">What comes in, and what is read out.</param>
    /// <param name="first">The number of the first step among the trials' own.</param>
    /// <param name="steps">How many.</param>
    /// <param name="isEnd">Whether nothing follows these steps: then their gradient is complete.</param>
    /// <param name="gradient">
    /// Gets the derivative of the loss by the coordinates, as far as it is known: where learning signals come over delays, that of the last steps
    /// comes with the next.
    /// </param>
    /// <param name="cancel">Stops between steps; the run must then be begun or restored anew.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM5201: a state is not finite.</exception>
    public abstract void Advance(
        double[] coordinates, IReadOnlyList<INetworkTrials> chunks, int first, int steps, bool isEnd, double[] gradient, CancellationToken cancel = default);

    /// <summary>How often the units of a population spiked in each chunk and lane since the start, [chunk][lane].</summary>
    public abstract long[][] SpikeCounts(string population);

    /// <summary>Writes all that the run goes on from.</summary>
    public abstract void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote; the run then goes on to the same bits.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="coordinates">The network's coordinates at that time.</param>
    public abstract void Restore(BinaryReader reader, double[] coordinates);

    public abstract void Dispose();
}

/// <summary>The same for one kind of numbers.</summary>
internal sealed class OnlineBatch<T> : OnlineBatch
    where T : unmanaged, INumberBase<T>
{
    private readonly OnlinePlan plan;
    private readonly NetworkWeights<T> weights;
    private readonly FeedbackWeights<T>? feedback;
    private readonly OnlineChunk<T>[] chunks;
    private readonly NetworkWeights<T>[] gradients;

    public OnlineBatch(NetworkProgram program, OnlinePlan plan)
    {
        this.plan = plan;
        weights = new(program.Blocks, static _ => true);
        feedback = FeedbackWeights<T>.For(program, plan.Noise);
        chunks = [.. Enumerable.Range(0, plan.Chunks).Select(_ => new OnlineChunk<T>(program, plan.Lanes, feedback, plan.Noise))];
        gradients = [.. Enumerable.Range(0, plan.Chunks).Select(_ => new NetworkWeights<T>(program.Blocks, static b => b.Coordinates > 0))];
    }

    public override long Bytes => weights.Bytes + chunks.Sum(static c => c.Bytes) + gradients.Sum(static g => g.Bytes) + (feedback?.Bytes ?? 0);

    public override void Begin(double[] coordinates)
    {
        weights.Set(coordinates);
        foreach (var chunk in chunks)
        {
            chunk.Begin(weights);
        }
    }

    public override void Advance(
        double[] coordinates, IReadOnlyList<INetworkTrials> trials, int first, int steps, bool isEnd, double[] gradient, CancellationToken cancel)
    {
        weights.Set(coordinates);
        feedback?.Adapt(coordinates);
        Workers.ForEach(trials.Count, plan.Threads, i =>
        {
            gradients[i].Clear();
            chunks[i].Advance(weights, trials[i], first, steps, isEnd, gradients[i], cancel);
        }, cancel);
        ArgumentOutOfRangeException.ThrowIfZero(trials.Count);
        for (var i = 0; i < trials.Count; i++)
        {
            gradients[i].Scale(trials[i].GradientFactor);
            gradients[i].AddTo(gradient, coordinates, isFirst: i == 0);
        }
    }

    public override long[][] SpikeCounts(string population) => [.. chunks.Select(c => c.Log(population, "spike").Totals)];

    public override void Save(BinaryWriter writer)
    {
        foreach (var chunk in chunks)
        {
            chunk.Visit(memory => writer.Write(memory));
        }
    }

    public override void Restore(BinaryReader reader, double[] coordinates)
    {
        Begin(coordinates);
        foreach (var chunk in chunks)
        {
            chunk.Visit(reader.BaseStream.ReadExactly);
        }
    }

    public override void Dispose()
    {
        foreach (var part in chunks.Concat<IDisposable>(gradients).Append(weights))
        {
            part.Dispose();
        }

        feedback?.Dispose();
    }
}
