using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// The weights by which e-prop's learning signals come from a readout to units that need not drive it: normal with variance 1 / units of the
/// readout, [unit][readout unit]. Adaptive ones have changed by what the weights to the readout have changed by, so that they come to agree; the
/// network's coordinates alone say what they are.
/// </summary>
internal sealed unsafe class FeedbackWeights<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly NetworkProgram program;
    private readonly bool adapts;
    private readonly Dictionary<(string Population, string Readout), Block> blocks = [];
    private readonly double[] initial;

    private FeedbackWeights(NetworkProgram program, bool adapts, StreamKey key)
    {
        (this.program, this.adapts, initial) = (program, adapts, program.InitialCoordinates());
        foreach (var credit in program.Online!.Credits)
        {
            foreach (var target in credit.Filters.Select(static f => f.Target).Distinct())
            {
                var (units, outputs) = (program.Definition.CountOf(credit.Population), program.Definition.CountOf(target));
                var stride = Transmission<T>.StrideOf(outputs);
                var block = (T*)NativeMemory.AlignedAlloc((nuint)((long)units * stride * sizeof(T)), 64);
                NativeMemory.Clear(block, (nuint)((long)units * stride * sizeof(T)));
                var random = new PhiloxStream(key.Split($"{credit.Population}>{target}"));
                T[] drawn = [.. Enumerable.Range(0, units * outputs).Select(_ => T.CreateTruncating(random.Normal() / Math.Sqrt(outputs)))];
                blocks[(credit.Population, target)] = new((nint)block, units, outputs, drawn);
                Draw(blocks[(credit.Population, target)]);
            }
        }
    }

    /// <summary>Those that a network's method needs; null where learning signals come by the network's own weights.</summary>
    /// <param name="program">The network.</param>
    /// <param name="noise">The key of the network's noise.</param>
    public static FeedbackWeights<T>? For(NetworkProgram program, StreamKey noise) =>
        program.Online?.Method is { Rule: OnlineRule.EligibilityPropagation, Feedback: not Feedback.Symmetric } method
            ? new(program, method.Feedback == Feedback.Adaptive, noise.Split("feedback"))
            : null;

    public long Bytes => blocks.Values.Sum(static b => (long)b.Units * (Transmission<T>.StrideOf(b.Outputs) + b.Outputs) * sizeof(T));

    /// <summary>Takes the weights to where they are at given coordinates of the network.</summary>
    public void Adapt(double[] coordinates)
    {
        if (!adapts)
        {
            return;
        }

        foreach (var drawn in blocks.Values)
        {
            Draw(drawn);
        }

        foreach (var projection in program.Projections.Where(p => blocks.ContainsKey((p.Definition.Source, p.Definition.Target))))
        {
            var (was, now) = (program.Weights(projection.Block.Definition.Name, initial), program.Weights(projection.Block.Definition.Name, coordinates));
            var block = (T*)blocks[(projection.Definition.Source, projection.Definition.Target)].Memory;
            var stride = Transmission<T>.StrideOf(projection.Targets);
            foreach (var (source, target, weight) in Pairs(projection))
            {
                block[((long)source * stride) + target] += T.CreateTruncating(now[weight] - was[weight]);
            }
        }
    }

    /// <summary>Adds a readout's signals, by weights, to those of a population.</summary>
    /// <param name="population">The population.</param>
    /// <param name="readout">The readout.</param>
    /// <param name="signals">Those of the readout, [unit][lane].</param>
    /// <param name="to">Gets them added, [unit][lane].</param>
    /// <param name="lanes">How many lanes.</param>
    public void Backward(string population, string readout, T* signals, T* to, int lanes)
    {
        var (memory, units, outputs, _) = blocks[(population, readout)];
        var block = (T*)memory;
        var stride = Transmission<T>.StrideOf(outputs);
        for (var unit = 0; unit < units; unit++)
        {
            for (var output = 0; output < outputs; output++)
            {
                var weight = block[((long)unit * stride) + output];
                for (var lane = 0; lane < lanes; lane++)
                {
                    to[((long)unit * lanes) + lane] += weight * signals[((long)output * lanes) + lane];
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var block in blocks.Values)
        {
            NativeMemory.AlignedFree((void*)block.Memory);
        }

        blocks.Clear();
    }

    /// <summary>Sets weights to the random numbers that they begin with.</summary>
    private static void Draw(Block of)
    {
        var stride = Transmission<T>.StrideOf(of.Outputs);
        for (var unit = 0; unit < of.Units; unit++)
        {
            of.Drawn.AsSpan(unit * of.Outputs, of.Outputs).CopyTo(new((T*)of.Memory + ((long)unit * stride), of.Outputs));
        }
    }

    private static IEnumerable<(int Source, int Target, int Weight)> Pairs(ProjectionProgram projection)
    {
        if (projection.Definition.Connections is not { } connections)
        {
            return Enumerable.Range(0, projection.Sources * projection.Targets).Select(i => (i / projection.Targets, i % projection.Targets, i));
        }

        return Enumerable.Range(0, connections.Sources).SelectMany(
            s => Enumerable.Range((int)connections.RowStart[s], (int)(connections.RowStart[s + 1] - connections.RowStart[s])).Select(e => (s, connections.Target[e], e)));
    }

    /// <summary>The weights from a readout's units to a population's, [unit][readout unit], and the random numbers that they begin with.</summary>
    private readonly record struct Block(nint Memory, int Units, int Outputs, T[] Drawn);
}
