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
        isDense = inbound.Slice.Rows is null;
        byLane = SourceFilter<T>.IsByLane(lanes);
        laidPerSource = Transmission<T>.StrideOf(source.RowsOf(block));
        (firstOf, sourceOf, weightAt) = ByTarget(inbound, byLane ? 1 : Vector512<T>.Count);
        var longest = Enumerable.Range(0, firstOf.Length - 1).Select(i => firstOf[i + 1] - firstOf[i]).DefaultIfEmpty(0).Max();
        length = (long)weightAt.Length * lanes * plan.States.Count;
        scratchLength = byLane ? 0 : (long)longest * (1 + (2 * laidPerSource));
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
    /// <param name="response">What these steps make of them, found for the target.</param>
    /// <param name="target">The target.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="learns">Whether there are learning signals.</param>
    /// <param name="gradient">Gets the gradient of the projection's weights added.</param>
    public void Advance(TraceResponse<T> response, int target, int steps, int used, bool learns, NetworkWeights<T> gradient)
    {
        var (start, end) = (firstOf[target], firstOf[target + 1]);
        if (start == end)
        {
            return;
        }

        var sums = stackalloc Vector512<T>[response.Rows];
        var to = learns ? gradient.Of(Inbound.Projection.Block) : null;
        if (byLane)
        {
            EachSynapse(response, start, end, used, to, sums);
        }
        else
        {
            EachLane(response, start, end, steps, used, to, sums);
        }
    }

    private void EachSynapse(TraceResponse<T> response, int start, int end, int used, T* gradient, Vector512<T>* sums)
    {
        var (width, count) = (Vector512<T>.Count, plan.States.Count);
        var traces = memory + ((long)start * lanes * count);
        for (var lane = 0; lane < used; lane += width)
        {
            var counts = Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(used - lane)));
            var factors = response.Factors + (lane / width * response.GroupStride);
            for (var i = start; i < end; i++, traces += width * count)
            {
                var from = sourceOf[i];
                TraceSum.Take<T, FactorOfLanes<T>>(
                    traces, width, count, plan.Filter.States.Count, source.Laid(from, lane), width, source.Events(from, lane), factors, response.Rows, sums);
                if (gradient is not null)
                {
                    gradient[weightAt[i]] += Vectors.Sum(Vector512.ConditionalSelect(counts, sums[count], Vector512<T>.Zero));
                }
            }
        }
    }

    private void EachLane(TraceResponse<T> response, int start, int end, int steps, int used, T* gradient, Vector512<T>* sums)
    {
        var (width, count, synapses) = (Vector512<T>.Count, plan.States.Count, end - start);
        var traces = memory + ((long)start * lanes * count);
        new Span<T>(scratch, synapses).Clear();
        for (var lane = 0; lane < used; lane++, traces += synapses * count)
        {
            var rows = isDense ? source.Laid(0, lane) : Gather(lane, start, synapses, steps);
            var factors = response.Factors + (lane / width * response.GroupStride) + (lane % width);
            for (var i = 0; i < synapses; i += width)
            {
                TraceSum.Take<T, FactorOfSynapses<T>>(
                    traces + i, synapses, count, plan.Filter.States.Count, rows + i, isDense ? source.Stride : synapses, Events(start + i, lane), factors, response.Rows, sums);
                if (gradient is not null)
                {
                    (Vector512.Load(scratch + i) + sums[count]).Store(scratch + i);
                }
            }
        }

        for (var i = 0; i < synapses && gradient is not null; i++)
        {
            if (weightAt[start + i] is var at && at >= 0)
            {
                gradient[at] += scratch[i];
            }
        }
    }

    /// <summary>The steps in which something arrived at one of a vector of synapses.</summary>
    private ulong Events(int synapse, int lane)
    {
        var events = 0UL;
        for (var i = 0; i < Vector512<T>.Count; i++)
        {
            events |= source.Events(sourceOf[synapse + i], lane);
        }

        return events;
    }

    /// <summary>Lays what arrived at each synapse side by side: first all steps of one synapse, then all synapses of one step.</summary>
    private T* Gather(int lane, int start, int count, int steps)
    {
        var perSource = source.RowsOf(steps);
        var bySynapse = scratch + count;
        var byRow = bySynapse + ((long)count * laidPerSource);
        for (var i = 0; i < count; i++)
        {
            var from = source.Laid(sourceOf[start + i], lane);
            for (var n = 0; n < perSource; n += Vector512<T>.Count)
            {
                Vector512.Load(from + n).Store(bySynapse + ((long)i * laidPerSource) + n);
            }
        }

        LaneTranspose.Write(bySynapse, byRow, count, laidPerSource, count);
        return byRow;
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
