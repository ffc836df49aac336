using System.Numerics;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// How a filter's states before some steps, and what arrived in these, are laid for traces that take all of them at once: the states are rows, and each
/// step is.
/// </summary>
internal enum StepLayout
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>[group of lanes][source][row][lane of the group].</summary>
    ByLane,

    /// <summary>[lane][row][source].</summary>
    BySource,

    /// <summary>[lane][source][row].</summary>
    ByStep,
}

/// <summary>
/// What a source sent, and the states x &lt;- A x + b z of a filter of it, over the last steps. Rows are [unit][lane].
/// </summary>
internal sealed unsafe class SourceFilter<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly Inbound<T> inbound;
    private readonly LinearFilter filter;
    private readonly int lanes;
    private readonly int slots;
    private readonly RowBuffer rows;
    private readonly StepLayout layout;
    private readonly int perSource;
    private readonly ulong[] events;
    private readonly int length;
    private readonly RowBuffer? laid;
    private readonly RowBuffer? bySource;

    /// <param name="inbound">A slice that carries it: a step's rows are of what arrives in it.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="slots">How many steps are kept.</param>
    /// <param name="layout">How several steps are laid.</param>
    /// <param name="block">How many steps, at most 64.</param>
    /// <param name="precision">The numbers.</param>
    public SourceFilter(Inbound<T> inbound, LinearFilter filter, int lanes, int slots, StepLayout layout, int block, Precision precision)
    {
        (this.inbound, this.filter, this.lanes, this.slots, this.layout) = (inbound, filter, lanes, slots, layout);
        Stride = Transmission<T>.StrideOf(inbound.Projection.Sources);
        length = Transmission<T>.StrideOf(inbound.Projection.Sources * lanes);
        rows = new((long)slots * (1 + filter.States.Count), length, precision);
        perSource = layout == StepLayout.ByStep ? Transmission<T>.StrideOf(RowsOf(block)) : RowsOf(block);
        laid = layout == StepLayout.None ? null : new(1, (long)lanes * Stride * perSource, precision);
        bySource = layout == StepLayout.ByStep ? new(1, (long)lanes * Stride * perSource, precision) : null;
        events = layout == StepLayout.None ? [] : new ulong[lanes * inbound.Projection.Sources];
    }

    public long Bytes => rows.Bytes + (laid?.Bytes ?? 0) + (bySource?.Bytes ?? 0) + (events.Length * sizeof(ulong));

    /// <summary>From one row of sources to the next where several steps are laid by source.</summary>
    public int Stride { get; }

    public RowBuffer Rows => rows;

    /// <summary>Whether this is that filter of that source, laid so.</summary>
    public bool Is(Inbound<T> other, LinearFilter by, StepLayout wanted) => inbound.From == other.From && inbound.Delay == other.Delay && filter == by && layout == wanted;

    /// <summary>What arrived in a step.</summary>
    public T* Arrived(int step) => (T*)rows.Row((long)(step % slots) * (1 + filter.States.Count));

    /// <summary>A state of the filter at the end of a step; before the first step it is 0.</summary>
    public T* After(int step, int state) => (T*)rows.Row(((long)((step + slots) % slots) * (1 + filter.States.Count)) + 1 + state);

    /// <summary>Sets everything to 0.</summary>
    public void Clear() => rows.Clear();

    /// <summary>Takes in what arrives in a step.</summary>
    public void Advance(int step)
    {
        var arrived = Arrived(step);
        new Span<T>(arrived, length).Clear();
        Spread(inbound.Arriving(step), arrived);

        for (var k = 0; k < filter.States.Count; k++)
        {
            var after = new Span<T>(After(step, k), length);
            Scale(T.CreateTruncating(filter.Take[k]), arrived, after);
            for (var m = 0; m < filter.States.Count; m++)
            {
                if (filter.Keep[k, m] != 0)
                {
                    AddScaled(T.CreateTruncating(filter.Keep[k, m]), After(step - 1, m), after);
                }
            }
        }
    }

    /// <summary>How many rows are laid for some steps.</summary>
    public int RowsOf(int steps) => filter.States.Count + steps;

    /// <summary>Lays the filter's states before some steps and what arrived in these, as traces take them.</summary>
    public void Place(int first, int steps)
    {
        Array.Clear(events);
        for (var i = 0; i < RowsOf(steps) && laid is not null; i++)
        {
            var step = i - filter.States.Count;
            var row = step < 0 ? After(first - 1, i) : Arrived(first + step);
            if (layout == StepLayout.ByLane)
            {
                for (var lane = 0; lane < lanes; lane += Vector512<T>.Count)
                {
                    PlaceGroup(row, lane, i, step);
                }

                continue;
            }

            var to = layout == StepLayout.BySource ? Laid(0, 0) : (T*)bySource!.Row(0);
            LaneTranspose.Write(row, to + ((long)i * Stride), inbound.Projection.Sources, lanes, perSource * Stride);
            for (var e = 0; e < events.Length && step >= 0; e++)
            {
                events[e] |= row[e] == T.Zero ? 0 : 1UL << step;
            }
        }

        for (var lane = 0; lane < lanes && layout == StepLayout.ByStep; lane++)
        {
            LaneTranspose.Write((T*)bySource!.Row(0) + ((long)lane * perSource * Stride), Laid(0, lane), RowsOf(steps), Stride, perSource);
        }
    }

    /// <summary>Whether lanes fill vectors: then they are laid side by side, and else synapses are.</summary>
    public static bool IsByLane(int lanes) => lanes % Vector512<T>.Count == 0;

    /// <summary>What <see cref="Place"/> laid, from one source and lane on.</summary>
    public T* Laid(int source, int lane) => (T*)laid!.Row(0) + layout switch
    {
        StepLayout.ByLane => ((((long)(lane / Vector512<T>.Count) * inbound.Projection.Sources) + source) * perSource * Vector512<T>.Count) + (lane % Vector512<T>.Count),
        StepLayout.BySource => ((long)lane * perSource * Stride) + source,
        _ => (((long)lane * Stride) + source) * perSource,
    };

    /// <summary>The steps in which something arrived from a source, a bit each: in one lane, or in one of its group where steps are laid by lane.</summary>
    public ulong Events(int source, int lane) =>
        layout == StepLayout.ByLane ? events[(lane / Vector512<T>.Count * inbound.Projection.Sources) + source] : events[(source * lanes) + lane];

    public void Dispose()
    {
        rows.Dispose();
        laid?.Dispose();
        bySource?.Dispose();
    }

    /// <summary>Copies a group of lanes of one row of all sources.</summary>
    private void PlaceGroup(T* row, int lane, int number, int step)
    {
        var to = Laid(0, lane) + ((long)number * Vector512<T>.Count);
        var any = events.AsSpan(lane / Vector512<T>.Count * inbound.Projection.Sources);
        for (var source = 0; source < inbound.Projection.Sources; source++, to += (long)perSource * Vector512<T>.Count)
        {
            var arrived = Vector512.Load(row + ((long)source * lanes) + lane);
            arrived.Store(to);
            any[source] |= step < 0 || arrived == Vector512<T>.Zero ? 0 : 1UL << step;
        }
    }

    private void Spread(in Events<T> events, T* arrived)
    {
        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += lanes)
        {
            var to = arrived + ((long)events.Units[i] * lanes);
            for (var bits = events.Masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                to[lane] = values[lane];
            }
        }
    }

    private static void Scale(T by, T* from, Span<T> to)
    {
        var factor = new Vector<T>(by);
        for (var i = 0; i < to.Length; i += Vector<T>.Count)
        {
            (factor * *(Vector<T>*)(from + i)).CopyTo(to[i..]);
        }
    }

    private static void AddScaled(T by, T* from, Span<T> to)
    {
        var factor = new Vector<T>(by);
        for (var i = 0; i < to.Length; i += Vector<T>.Count)
        {
            (new Vector<T>(to[i..]) + (factor * *(Vector<T>*)(from + i))).CopyTo(to[i..]);
        }
    }
}
