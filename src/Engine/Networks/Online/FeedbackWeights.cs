using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// The weights by which e-prop's learning signals come from a readout to units that need not drive it: normal with variance 1 / units of the
/// readout, [unit][readout unit]. Adaptive ones change as the weights to the readout do, so that they come to agree.
/// </summary>
internal sealed unsafe class FeedbackWeights<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly NetworkProgram program;
    private readonly bool adapts;
    private readonly Dictionary<(string Population, string Readout), Block> blocks = [];
    private double[]? before;

    public FeedbackWeights(NetworkProgram program, bool adapts, StreamKey key)
    {
        (this.program, this.adapts) = (program, adapts);
        foreach (var credit in program.Online!.Credits)
        {
            foreach (var target in credit.Filters.Select(static f => f.Target).Distinct())
            {
                var (units, outputs) = (program.Definition.CountOf(credit.Population), program.Definition.CountOf(target));
                var stride = Transmission<T>.StrideOf(outputs);
                var block = (T*)NativeMemory.AlignedAlloc((nuint)((long)units * stride * sizeof(T)), 64);
                NativeMemory.Clear(block, (nuint)((long)units * stride * sizeof(T)));
                var random = new PhiloxStream(key.Split($"{credit.Population}>{target}"));
                for (var unit = 0; unit < units; unit++)
                {
                    for (var output = 0; output < outputs; output++)
                    {
                        block[((long)unit * stride) + output] = T.CreateTruncating(random.Normal() / Math.Sqrt(outputs));
                    }
                }

                blocks[(credit.Population, target)] = new((nint)block, units, outputs);
            }
        }
    }

    public long Bytes => Blocks().Sum(static b => (long)b.Bytes);

    /// <summary>Follows what the weights to the readout have done since the last call.</summary>
    public void Adapt(double[] coordinates)
    {
        if (!adapts)
        {
            return;
        }

        foreach (var projection in program.Projections.Where(p => before is not null && blocks.ContainsKey((p.Definition.Source, p.Definition.Target))))
        {
            var (was, now) = (program.Weights(projection.Block.Definition.Name, before!), program.Weights(projection.Block.Definition.Name, coordinates));
            var block = (T*)blocks[(projection.Definition.Source, projection.Definition.Target)].Memory;
            var stride = Transmission<T>.StrideOf(projection.Targets);
            foreach (var (source, target, weight) in Pairs(projection))
            {
                block[((long)source * stride) + target] += T.CreateTruncating(now[weight] - was[weight]);
            }
        }

        before = [.. coordinates];
    }

    /// <summary>Adds a readout's signals, by weights, to those of a population.</summary>
    /// <param name="population">The population.</param>
    /// <param name="readout">The readout.</param>
    /// <param name="signals">Those of the readout, [unit][lane].</param>
    /// <param name="to">Gets them added, [unit][lane].</param>
    /// <param name="lanes">How many lanes.</param>
    public void Backward(string population, string readout, T* signals, T* to, int lanes)
    {
        var (memory, units, outputs) = blocks[(population, readout)];
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

    /// <summary>Writes all weights.</summary>
    public void Save(BinaryWriter writer)
    {
        foreach (var block in Blocks())
        {
            writer.Write(new ReadOnlySpan<byte>((void*)block.Memory, block.Bytes));
        }

        writer.Write(before?.Length ?? 0);
        writer.Write(MemoryMarshal.AsBytes(before.AsSpan()));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(BinaryReader reader)
    {
        foreach (var block in Blocks())
        {
            reader.BaseStream.ReadExactly(new Span<byte>((void*)block.Memory, block.Bytes));
        }

        before = new double[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(before.AsSpan()));
        before = before.Length == 0 ? null : before;
    }

    public void Dispose()
    {
        foreach (var block in blocks.Values)
        {
            NativeMemory.AlignedFree((void*)block.Memory);
        }

        blocks.Clear();
    }

    private IEnumerable<(nint Memory, int Bytes)> Blocks() =>
        blocks.Values.Select(static b => (b.Memory, checked((int)((long)b.Units * Transmission<T>.StrideOf(b.Outputs) * sizeof(T)))));

    private static IEnumerable<(int Source, int Target, int Weight)> Pairs(ProjectionProgram projection)
    {
        if (projection.Definition.Connections is not { } connections)
        {
            return Enumerable.Range(0, projection.Sources * projection.Targets).Select(i => (i / projection.Targets, i % projection.Targets, i));
        }

        return Enumerable.Range(0, connections.Sources).SelectMany(
            s => Enumerable.Range((int)connections.RowStart[s], (int)(connections.RowStart[s + 1] - connections.RowStart[s])).Select(e => (s, connections.Target[e], e)));
    }

    /// <summary>The weights from a readout's units to a population's, [unit][readout unit].</summary>
    private readonly record struct Block(nint Memory, int Units, int Outputs);
}
