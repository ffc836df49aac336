using System.Numerics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// What a source sent, and the states x &lt;- A x + b z of a filter of it, over the last steps. Rows are [lane][unit], with whole vectors from lane
/// to lane.
/// </summary>
internal sealed unsafe class SourceFilter<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly Inbound<T> inbound;
    private readonly LinearFilter filter;
    private readonly int lanes;
    private readonly int slots;
    private readonly RowBuffer rows;
    private readonly RowBuffer? bySource;
    private readonly RowBuffer? together;
    private readonly int block;

    /// <param name="inbound">A slice that carries it: a step's rows are of what arrives in it.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="slots">How many steps are kept.</param>
    /// <param name="block">How many steps are laid side by side for each source; 0 where that is not wanted.</param>
    /// <param name="precision">The numbers.</param>
    public SourceFilter(Inbound<T> inbound, LinearFilter filter, int lanes, int slots, int block, Precision precision)
    {
        (this.inbound, this.filter, this.lanes, this.slots, this.block) = (inbound, filter, lanes, slots, block);
        Stride = Transmission<T>.StrideOf(inbound.Projection.Sources);
        rows = new((long)slots * (1 + filter.States.Count), (long)lanes * Stride, precision);
        if (block > 0)
        {
            bySource = new((1L + filter.States.Count) * lanes, (long)Stride * block, precision);
            together = new(1, (long)Stride * block, precision);
        }
    }

    public long Bytes => rows.Bytes + (bySource?.Bytes ?? 0) + (together?.Bytes ?? 0);

    /// <summary>The numbers from one lane to the next.</summary>
    public int Stride { get; }

    public RowBuffer Rows => rows;

    /// <summary>Whether this is that filter of that source, laid side by side for as many steps.</summary>
    public bool Is(Inbound<T> other, LinearFilter by, int laid) => inbound.From == other.From && inbound.Delay == other.Delay && filter == by && block == laid;

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
        new Span<T>(arrived, lanes * Stride).Clear();
        Spread(inbound.Arriving(step), arrived);

        for (var k = 0; k < filter.States.Count; k++)
        {
            var after = new Span<T>(After(step, k), lanes * Stride);
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

    /// <summary>Lays what arrived in some steps, and the filter's states before each of these, side by side for each source.</summary>
    public void Place(int first, int steps)
    {
        for (var row = 0; row <= filter.States.Count && bySource is not null; row++)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                for (var step = 0; step < steps; step++)
                {
                    var from = row == 0 ? Arrived(first + step) : After(first + step - 1, row - 1);
                    new Span<T>(from + ((long)lane * Stride), Stride).CopyTo(new Span<T>((T*)together!.Row(0) + ((long)step * Stride), Stride));
                }

                LaneTranspose.Write((T*)together!.Row(0), (T*)bySource.Row(((long)row * lanes) + lane), steps, Stride, block);
            }
        }
    }

    /// <summary>What <see cref="Place"/> laid side by side: of one lane, 0 for what arrived or a state's number and 1, [source][step].</summary>
    public T* BySource(int row, int lane) => (T*)bySource!.Row(((long)row * lanes) + lane);

    public void Dispose()
    {
        rows.Dispose();
        bySource?.Dispose();
        together?.Dispose();
    }

    private void Spread(Events<T> events, T* arrived)
    {
        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += lanes)
        {
            for (var bits = events.Masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                arrived[((long)lane * Stride) + events.Units[i]] = values[lane];
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
