using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>
/// What arrives over a projection whose connections have delays of their own: what is sent is added to the sums of all steps in which it arrives once the shortest delay has passed.
/// Rows hold the part's own connections only, each with its place in the ring of sums.
/// </summary>
internal sealed unsafe class OwnDelays<T> : Arrival<T>
    where T : unmanaged, INumberBase<T>
{
    private const int RowsAhead = 4;
    private const int PlacesAhead = 16;
    private const int LinesAhead = 8;

    private readonly int lanes;
    private readonly UnitRange units;
    private readonly long stride;
    private readonly bool isShared;
    private readonly long[] starts;
    private readonly uint* places;
    private readonly T* strengths;

    /// <param name="projection">The projection.</param>
    /// <param name="units">The part's units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="sums">The ring of the port.</param>
    /// <param name="from">What was sent, by the parts of the source in their order.</param>
    /// <param name="before">What was sent before time 0, of graded outputs; empty for events.</param>
    public OwnDelays(ProjectionProgram projection, UnitRange units, int lanes, PortSums<T> sums, EventLog<T>[] from, EventLog<T>[] before)
        : base(projection, from, before)
    {
        (this.units, this.lanes, stride, isShared) = (units, lanes, sums.Stride, projection.Block.IsShared);
        var connections = projection.Definition.Connections!;
        starts = new long[connections.Sources + 1];
        ForEachOwn((source, _) => starts[source + 1]++);
        for (var source = 0; source < connections.Sources; source++)
        {
            starts[source + 1] += starts[source];
        }

        places = (uint*)Allocate(starts[^1] * sizeof(uint));
        strengths = (T*)Allocate((isShared ? 1 : starts[^1]) * sizeof(T));
        var next = 0L;
        ForEachOwn((_, edge) => places[next++] = (uint)(((connections.Delay![edge] - projection.ShortestDelay) * stride) + ((connections.Target[edge] - units.First) * (long)lanes)));
    }

    public override long Bytes => (starts.Length * sizeof(long)) + (starts[^1] * sizeof(uint)) + ((isShared ? 1 : starts[^1]) * sizeof(T));

    public override void Begin(NetworkWeights<T> weights, PortSums<T> sums)
    {
        var block = Projection.Block;
        if (isShared)
        {
            strengths[0] = weights.At(block, 0);
        }
        else
        {
            var next = 0L;
            ForEachOwn((_, edge) => strengths[next++] = weights.At(block, edge));
        }

        foreach (var part in Before)
        {
            AddEarlier(part.At(0), sums);
        }
    }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(places);
        NativeMemory.AlignedFree(strengths);
        base.Dispose();
    }

    protected override bool AddsOneByOne => true;

    protected override void Ask(NetworkWeights<T> weights, in Events<T> events)
    {
        fixed (long* rows = starts)
        {
            for (var i = 0; i < Math.Min(RowsAhead, events.Count); i++)
            {
                Ask(rows + events.Units[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Add(NetworkWeights<T> weights, in Events<T> events, int step, PortSums<T> sums, T* scratch)
    {
        var (now, size) = (sums.Place(step), sums.Steps * sums.Stride);
        fixed (long* rows = starts)
        {
            for (var i = 0; i < events.Count; i++)
            {
                if (i + PlacesAhead < events.Count)
                {
                    Sse.Prefetch0(rows + events.Units[i + PlacesAhead]);
                }

                if (i + RowsAhead < events.Count)
                {
                    Ask(rows + events.Units[i + RowsAhead]);
                }

                var (start, end) = (rows[events.Units[i]], rows[events.Units[i] + 1]);
                if (lanes > 1)
                {
                    AddLanes(events.Values + ((long)i * lanes), start, end, sums.First, now, size);
                }
                else if (isShared)
                {
                    AddShared(strengths[0] * events.Values[i], places + start, places + end, sums.First, now, size);
                }
                else
                {
                    AddEach(events.Values[i], strengths + start, places + start, places + end, sums.First, now, size);
                }
            }
        }
    }

    /// <summary>A place in the ring that may lie one round further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Within(long place, long size) => place - (size & ((size - 1 - place) >> 63));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddShared(T amount, uint* place, uint* end, T* ring, long now, long size)
    {
        for (; place < end; place++)
        {
            ring[Within(now + *place, size)] += amount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEach(T value, T* strength, uint* place, uint* end, T* ring, long now, long size)
    {
        for (; place < end; place++, strength++)
        {
            ring[Within(now + *place, size)] += value * *strength;
        }
    }

    private void AddLanes(T* values, long edge, long end, T* ring, long now, long size)
    {
        for (; edge < end; edge++)
        {
            var w = strengths[isShared ? 0 : edge];
            var sums = ring + Within(now + places[edge], size);
            for (var lane = 0; lane < lanes; lane++)
            {
                sums[lane] += w * values[lane];
            }
        }
    }

    /// <summary>What was sent before the step whose sendings arrive first in step 0: it arrives over all but the shortest delays, in every step up to the connection's own.</summary>
    private void AddEarlier(in Events<T> events, PortSums<T> sums)
    {
        for (var i = 0; i < events.Count; i++)
        {
            for (var edge = starts[events.Units[i]]; edge < starts[events.Units[i] + 1]; edge++)
            {
                for (var place = (long)places[edge] - stride; place >= 0; place -= stride)
                {
                    for (var lane = 0; lane < lanes; lane++)
                    {
                        sums.First[place + lane] += strengths[isShared ? 0 : edge] * events.Values[(i * lanes) + lane];
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask(long* row)
    {
        var (start, end) = (row[0], Math.Min(row[1], row[0] + (LinesAhead * CacheLines.Bytes / sizeof(uint))));
        CacheLines.Ask(places + start, places + end);
        if (!isShared)
        {
            CacheLines.Ask(strengths + start, strengths + end);
        }
    }

    private static void* Allocate(long bytes)
    {
        var memory = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, CacheLines.Bytes), CacheLines.Bytes);
        LargePages.Ask(memory, bytes);
        return memory;
    }

    private void ForEachOwn(Action<int, long> visit)
    {
        var connections = Projection.Definition.Connections!;
        for (var source = 0; source < connections.Sources; source++)
        {
            for (var edge = connections.RowStart[source]; edge < connections.RowStart[source + 1]; edge++)
            {
                if (connections.Target[edge] >= units.First && connections.Target[edge] < units.End)
                {
                    visit(source, edge);
                }
            }
        }
    }
}
