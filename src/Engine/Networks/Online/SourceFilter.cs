using System.Numerics;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>How several steps of what a source sent, and of a filter's states, are laid for kernels that take them all at once.</summary>
internal enum StepLayout
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>[group of lanes][source][step][row][lane of the group].</summary>
    ByLane,

    /// <summary>[lane][step][row][source].</summary>
    BySource,

    /// <summary>[lane][source][step][row].</summary>
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
    private readonly int block;
    private readonly int length;
    private readonly RowBuffer? laid;
    private readonly RowBuffer? bySource;

    /// <param name="inbound">A slice that carries it: a step's rows are of what arrives in it.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="slots">How many steps are kept.</param>
    /// <param name="layout">How several steps are laid.</param>
    /// <param name="block">How many steps.</param>
    /// <param name="precision">The numbers.</param>
    public SourceFilter(Inbound<T> inbound, LinearFilter filter, int lanes, int slots, StepLayout layout, int block, Precision precision)
    {
        (this.inbound, this.filter, this.lanes, this.slots, this.layout, this.block) = (inbound, filter, lanes, slots, layout, block);
        Stride = Transmission<T>.StrideOf(inbound.Projection.Sources);
        length = Transmission<T>.StrideOf(inbound.Projection.Sources * lanes);
        rows = new((long)slots * RowsPerStep, length, precision);
        laid = layout == StepLayout.None ? null : new(1, (long)lanes * Stride * block * RowsPerStep, precision);
        bySource = layout == StepLayout.ByStep ? new(1, (long)lanes * Stride * block * RowsPerStep, precision) : null;
    }

    public long Bytes => rows.Bytes + (laid?.Bytes ?? 0) + (bySource?.Bytes ?? 0);

    /// <summary>What arrived, and the filter's states before it.</summary>
    public int RowsPerStep => 1 + filter.States.Count;

    /// <summary>From one row of sources to the next where several steps are laid by source.</summary>
    public int Stride { get; }

    public RowBuffer Rows => rows;

    /// <summary>Whether this is that filter of that source, laid so.</summary>
    public bool Is(Inbound<T> other, LinearFilter by, StepLayout wanted) => inbound.From == other.From && inbound.Delay == other.Delay && filter == by && layout == wanted;

    /// <summary>What arrived in a step.</summary>
    public T* Arrived(int step) => (T*)rows.Row((long)(step % slots) * RowsPerStep);

    /// <summary>A state of the filter at the end of a step; before the first step it is 0.</summary>
    public T* After(int step, int state) => (T*)rows.Row(((long)((step + slots) % slots) * RowsPerStep) + 1 + state);

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

    /// <summary>Lays what arrived in some steps, and the filter's states before each of these, as kernels take them.</summary>
    public void Place(int first, int steps)
    {
        var (count, sources, perSource) = (steps * RowsPerStep, inbound.Projection.Sources, block * RowsPerStep);
        for (var i = 0; i < count; i++)
        {
            var row = RowOf(first, i);
            switch (layout)
            {
                case StepLayout.ByLane:
                    for (var lane = 0; lane < lanes; lane += Vector512<T>.Count)
                    {
                        CopyGroup(row, lane, i);
                    }

                    break;
                case StepLayout.BySource:
                    LaneTranspose.Write(row, Laid(0, 0) + ((long)i * Stride), sources, lanes, perSource * Stride);
                    break;
                case StepLayout.ByStep:
                    LaneTranspose.Write(row, (T*)bySource!.Row(0) + ((long)i * Stride), sources, lanes, perSource * Stride);
                    break;
            }
        }

        for (var lane = 0; lane < lanes && layout == StepLayout.ByStep; lane++)
        {
            LaneTranspose.Write((T*)bySource!.Row(0) + ((long)lane * perSource * Stride), Laid(0, lane), count, Stride, perSource);
        }
    }

    /// <summary>What <see cref="Place"/> laid, from one source and lane on.</summary>
    public T* Laid(int source, int lane)
    {
        var perSource = (long)block * RowsPerStep;
        return (T*)laid!.Row(0) + layout switch
        {
            StepLayout.ByLane => ((((long)(lane / Vector512<T>.Count) * inbound.Projection.Sources) + source) * perSource * Vector512<T>.Count) + (lane % Vector512<T>.Count),
            StepLayout.BySource => (lane * perSource * Stride) + source,
            _ => ((lane * (long)Stride) + source) * perSource,
        };
    }

    public void Dispose()
    {
        rows.Dispose();
        laid?.Dispose();
        bySource?.Dispose();
    }

    /// <summary>One of the rows of some steps.</summary>
    private T* RowOf(int first, int number)
    {
        var (step, row) = (first + (number / RowsPerStep), number % RowsPerStep);
        return row == 0 ? Arrived(step) : After(step - 1, row - 1);
    }

    /// <summary>Copies a group of lanes of one row of all sources.</summary>
    private void CopyGroup(T* row, int lane, int number)
    {
        var to = Laid(0, lane) + ((long)number * Vector512<T>.Count);
        for (var source = 0; source < inbound.Projection.Sources; source++, to += (long)block * RowsPerStep * Vector512<T>.Count)
        {
            Vector512.Load(row + ((long)source * lanes) + lane).Store(to);
        }
    }

    private void Spread(Events<T> events, T* arrived)
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
