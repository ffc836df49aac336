using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>The traces of the synapses of one slice of a projection, stored only where a synapse is: [target][lane][trace][synapse].</summary>
internal sealed unsafe class SynapticTraces<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly TracePlan plan;
    private readonly SourceFilter<T> source;
    private readonly int lanes;
    private readonly bool isDense;
    private readonly int[] firstOf;
    private readonly long[] weightAt;
    private readonly nint[] rows;
    private readonly int rowsPerStep;
    private readonly int block;
    private readonly int longest;
    private readonly long length;
    private readonly long scratchLength;
    private int* sourceOf;
    private T* memory;
    private T* scratch;

    /// <param name="plan">What has a trace.</param>
    /// <param name="inbound">The slice.</param>
    /// <param name="source">What the slice's sources sent.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="block">The most steps that are taken at a time.</param>
    public SynapticTraces(TracePlan plan, Inbound<T> inbound, SourceFilter<T> source, int lanes, int block)
    {
        (this.plan, this.source, this.lanes, Inbound) = (plan, source, lanes, inbound);
        isDense = inbound.Slice.Connections is null;
        rowsPerStep = 1 + plan.Filter.States.Count;
        var (first, sources, weights) = ByTarget(inbound);
        (firstOf, weightAt) = (first, weights);
        sourceOf = (int*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, sources.Length * (long)sizeof(int)), 64);
        sources.CopyTo(new Span<int>(sourceOf, sources.Length));
        rows = new nint[block * rowsPerStep];
        this.block = block;
        longest = Enumerable.Range(0, firstOf.Length - 1).Select(i => firstOf[i + 1] - firstOf[i]).DefaultIfEmpty(0).Max();
        length = (long)weightAt.Length * lanes * plan.States.Count;
        scratchLength = (long)longest * (1 + block + rows.Length);
        memory = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, length * sizeof(T)), 64);
        scratch = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, scratchLength * sizeof(T)), 64);
        Clear();
    }

    public Inbound<T> Inbound { get; }

    /// <summary>The numbers of all traces.</summary>
    public Span<byte> Memory => new(memory, checked((int)(length * sizeof(T))));

    public long Bytes => ((length + scratchLength) * sizeof(T)) + ((long)weightAt.Length * sizeof(int));

    public void Clear() => NativeMemory.Clear(memory, (nuint)(length * sizeof(T)));

    /// <summary>Finds the rows of what arrived in some steps.</summary>
    public void Place(int first, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            rows[step * rowsPerStep] = (nint)source.Arrived(first + step);
            for (var state = 1; state < rowsPerStep; state++)
            {
                rows[(step * rowsPerStep) + state] = (nint)source.After(first + step - 1, state - 1);
            }
        }
    }

    /// <summary>Takes the traces of one target over the steps whose rows were placed.</summary>
    /// <param name="kernel">What takes them.</param>
    /// <param name="target">The target.</param>
    /// <param name="numbers">The target's numbers, [lane][step][term].</param>
    /// <param name="stride">From one lane of these to the next.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="gradient">Gets the gradient of the projection's weights added; null where there is none.</param>
    public void Advance(TraceKernel kernel, int target, T* numbers, int stride, int steps, int used, T* gradient)
    {
        var (start, count) = (firstOf[target], firstOf[target + 1] - firstOf[target]);
        if (count == 0)
        {
            return;
        }

        var table = stackalloc nint[steps * rowsPerStep];
        var traces = memory + ((long)start * lanes * plan.States.Count);
        new Span<T>(scratch, count).Clear();
        for (var lane = 0; lane < used; lane++, traces += count * plan.States.Count, numbers += stride)
        {
            if (isDense)
            {
                var across = (nint)((long)lane * source.Stride * sizeof(T));
                for (var i = 0; i < steps * rowsPerStep; i++)
                {
                    table[i] = rows[i] + across;
                }
            }
            else
            {
                Gather(lane, start, count, steps, table);
            }

            kernel((byte*)traces, (byte*)scratch, count, (byte*)numbers, (byte**)table, steps);
        }

        for (var i = 0; i < count && gradient is not null; i++)
        {
            if (weightAt[start + i] is var at && at >= 0)
            {
                gradient[at] += scratch[i];
            }
        }
    }

    /// <summary>Lays what arrived at each synapse side by side: first all steps of one synapse, then all synapses of one step.</summary>
    private void Gather(int lane, int start, int count, int steps, nint* table)
    {
        var bySynapse = scratch + longest;
        for (var row = 0; row < rowsPerStep; row++)
        {
            var bySource = source.BySource(row, lane);
            for (var i = 0; i < count; i++)
            {
                var from = bySource + ((long)sourceOf[start + i] * block);
                for (var step = 0; step < steps; step += Vector512<T>.Count)
                {
                    Vector512.Load(from + step).Store(bySynapse + ((long)i * block) + step);
                }
            }

            var byStep = bySynapse + ((long)(1 + row) * block * longest);
            LaneTranspose.Write(bySynapse, byStep, count, block, count);
            for (var step = 0; step < steps; step++)
            {
                table[(step * rowsPerStep) + row] = (nint)(byStep + ((long)step * count));
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        NativeMemory.AlignedFree(scratch);
        NativeMemory.AlignedFree(sourceOf);
        memory = scratch = null;
        sourceOf = null;
    }

    /// <summary>Synapses by target, each target's in whole vectors: the places beyond the last have no weight.</summary>
    private static (int[] FirstOf, int[] SourceOf, long[] WeightAt) ByTarget(Inbound<T> inbound)
    {
        var lists = new List<(int Source, long Weight)>[inbound.Projection.Targets];
        for (var target = 0; target < lists.Length; target++)
        {
            lists[target] = [];
        }

        foreach (var (from, target, weight) in inbound.Projection.Edges<T>(inbound.Slice))
        {
            lists[target].Add((from, weight));
        }

        var first = new int[lists.Length + 1];
        var (sources, weights) = (new List<int>(), new List<long>());
        for (var target = 0; target < lists.Length; target++)
        {
            var padded = Transmission<T>.StrideOf(lists[target].Count);
            sources.AddRange(lists[target].Select(static s => s.Source).Concat(Enumerable.Repeat(0, padded - lists[target].Count)));
            weights.AddRange(lists[target].Select(static s => s.Weight).Concat(Enumerable.Repeat(-1L, padded - lists[target].Count)));
            first[target + 1] = sources.Count;
        }

        return (first, [.. sources], [.. weights]);
    }
}
