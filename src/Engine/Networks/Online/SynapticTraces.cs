using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// The traces of the synapses of one slice of a projection, stored only where a synapse is: [target][group of lanes][synapse][trace][lane] where
/// lanes fill vectors, else [target][lane][trace][synapse].
/// </summary>
internal sealed unsafe class SynapticTraces<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly TracePlan plan;
    private readonly SourceFilter<T> source;
    private readonly int lanes;
    private readonly bool byLane;
    private readonly bool isDense;
    private readonly int[] firstOf;
    private readonly long[] weightAt;
    private readonly int[] sourceOf;
    private readonly int laidPerSource;
    private readonly long length;
    private readonly long scratchLength;
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
        byLane = TraceShape.For<T>(lanes).ByLane;
        laidPerSource = block * source.RowsPerStep;
        (firstOf, sourceOf, weightAt) = ByTarget(inbound, byLane ? 1 : Vector512<T>.Count);
        var longest = Enumerable.Range(0, firstOf.Length - 1).Select(i => firstOf[i + 1] - firstOf[i]).DefaultIfEmpty(0).Max();
        length = (long)weightAt.Length * lanes * plan.States.Count;
        scratchLength = byLane ? Vector512<T>.Count : (long)longest * (1 + (2 * laidPerSource));
        memory = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, length * sizeof(T)), 64);
        scratch = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, scratchLength * sizeof(T)), 64);
        Clear();
    }

    public Inbound<T> Inbound { get; }

    /// <summary>The numbers of all traces.</summary>
    public Span<byte> Memory => new(memory, checked((int)(length * sizeof(T))));

    public long Bytes => ((length + scratchLength) * sizeof(T)) + ((long)weightAt.Length * (sizeof(int) + sizeof(long)));

    public void Clear() => NativeMemory.Clear(memory, (nuint)(length * sizeof(T)));

    /// <summary>Takes the traces of one target over the steps that the source has laid.</summary>
    /// <param name="kernel">What takes them.</param>
    /// <param name="target">The target.</param>
    /// <param name="numbers">The target's numbers, [group of lanes][step][term][lane].</param>
    /// <param name="count">How many they are for each lane.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="gradient">Gets the gradient of the projection's weights added; null where there is none.</param>
    public void Advance(TraceKernel kernel, int target, T* numbers, int count, int steps, int used, T* gradient)
    {
        var (start, end) = (firstOf[target], firstOf[target + 1]);
        if (start == end)
        {
            return;
        }

        if (byLane)
        {
            EachSynapse(kernel, start, end, numbers, count, steps, used, gradient);
        }
        else
        {
            EachLane(kernel, start, end, numbers, steps, used, gradient);
        }
    }

    private void EachSynapse(TraceKernel kernel, int start, int end, T* numbers, int count, int steps, int used, T* gradient)
    {
        var (width, traces) = (Vector512<T>.Count, (nint)(memory + ((long)start * lanes * plan.States.Count)));
        for (var lane = 0; lane < used; lane += width)
        {
            var counts = Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(used - lane)));
            for (var i = start; i < end; i++, traces += width * plan.States.Count * sizeof(T))
            {
                new Span<T>(scratch, width).Clear();
                kernel((byte*)traces, (byte*)scratch, width, (byte*)(numbers + ((long)lane * count)), (byte*)source.Laid(sourceOf[i], lane), width * sizeof(T), steps);
                if (gradient is not null)
                {
                    gradient[weightAt[i]] += Vectors.Sum(Vector512.ConditionalSelect(counts, Vector512.Load(scratch), Vector512<T>.Zero));
                }
            }
        }
    }

    private void EachLane(TraceKernel kernel, int start, int end, T* numbers, int steps, int used, T* gradient)
    {
        var count = end - start;
        var traces = memory + ((long)start * lanes * plan.States.Count);
        new Span<T>(scratch, count).Clear();
        for (var lane = 0; lane < used; lane++, traces += count * plan.States.Count)
        {
            var rows = isDense ? source.Laid(0, lane) : Gather(lane, start, count, steps);
            kernel((byte*)traces, (byte*)scratch, count, (byte*)(numbers + lane), (byte*)rows, (isDense ? source.Stride : count) * sizeof(T), steps);
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
    private T* Gather(int lane, int start, int count, int steps)
    {
        var bySynapse = scratch + count;
        var byStep = bySynapse + ((long)count * laidPerSource);
        for (var i = 0; i < count; i++)
        {
            var from = source.Laid(sourceOf[start + i], lane);
            for (var n = 0; n < steps * source.RowsPerStep; n += Vector512<T>.Count)
            {
                Vector512.Load(from + n).Store(bySynapse + ((long)i * laidPerSource) + n);
            }
        }

        LaneTranspose.Write(bySynapse, byStep, count, laidPerSource, count);
        return byStep;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        NativeMemory.AlignedFree(scratch);
        memory = scratch = null;
    }

    /// <summary>Synapses by target, each target's in whole vectors: the places beyond the last have no weight.</summary>
    private static (int[] FirstOf, int[] SourceOf, long[] WeightAt) ByTarget(Inbound<T> inbound, int vector)
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
            var padded = (lists[target].Count + vector - 1) / vector * vector;
            sources.AddRange(lists[target].Select(static s => s.Source).Concat(Enumerable.Repeat(0, padded - lists[target].Count)));
            weights.AddRange(lists[target].Select(static s => s.Weight).Concat(Enumerable.Repeat(-1L, padded - lists[target].Count)));
            first[target + 1] = sources.Count;
        }

        return (first, [.. sources], [.. weights]);
    }
}
