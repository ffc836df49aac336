using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// What a population sent, step by step: only the units that sent something in at least one lane, and their lanes' values. It is native memory
/// that the operating system gives when it is first written: what stays silent costs nothing, but for the page of each slot's count where a log is shared.
/// </summary>
internal sealed unsafe class EventLog<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>How many lanes a chunk can have: a bit of a mask for each.</summary>
    public const int MostLanes = 64;

    private readonly int slots;
    private readonly int units;
    private readonly int lanes;
    private readonly int firstUnit;
    private readonly int* counts;
    private readonly int countStride;
    private readonly int* active;
    private readonly int activeStride;
    private readonly ulong* masks;
    private readonly int maskStride;
    private readonly T* values;
    private readonly long valueStride;

    /// <param name="slots">How many steps are kept; a step t is kept in slot t modulo this number.</param>
    /// <param name="units">How many units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="counted">Whether <see cref="Totals"/> are wanted.</param>
    /// <param name="firstUnit">The number of the first of the units in its population.</param>
    /// <param name="areOnes">Whether all values are 0 or 1; those of a single lane are then not kept for each step.</param>
    /// <param name="isShared">Whether other threads read it: how many units a step has, and the first of these, then lie in one cache line, which passes from one processor to the other once a step.</param>
    public EventLog(int slots, int units, int lanes, bool counted, int firstUnit = 0, bool areOnes = false, bool isShared = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, MostLanes);
        (this.slots, this.units, this.lanes, this.firstUnit, Totals) = (slots, units, lanes, firstUnit, new long[counted ? lanes : 0]);
        if (isShared)
        {
            const int Line = CacheLines.Bytes / sizeof(int);
            countStride = activeStride = (1 + units + Line - 1) / Line * Line;
            counts = (int*)NativeMemory.AlignedAlloc((nuint)((long)slots * countStride * sizeof(int)), CacheLines.Bytes);
            active = counts + 1;
        }
        else
        {
            (countStride, activeStride) = (1, units);
            counts = (int*)NativeMemory.AlignedAlloc((nuint)((slots + ((long)slots * units)) * sizeof(int)), CacheLines.Bytes);
            active = counts + slots;
        }

        maskStride = lanes == 1 ? 0 : units;
        masks = (ulong*)NativeMemory.Alloc((nuint)Math.Max(units, (long)slots * maskStride), sizeof(ulong));
        if (lanes == 1)
        {
            // All steps share the masks of a single lane.
            new Span<ulong>(masks, units).Fill(1);
        }

        valueStride = areOnes && lanes == 1 ? 0 : (long)units * lanes;
        values = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(CacheLines.Bytes, Math.Max(units, slots * valueStride) * sizeof(T)), CacheLines.Bytes);
        if (valueStride == 0)
        {
            new Span<T>(values, units).Fill(T.One);
        }

        Reset();
    }

    /// <summary>How often each lane sent something since the last <see cref="Reset"/>, over all units.</summary>
    public long[] Totals { get; }

    /// <summary>What was sent in a step.</summary>
    public Events<T> At(int step)
    {
        var slot = Slot(step);
        return new(counts[(long)slot * countStride], active + ((long)slot * activeStride), masks + ((long)slot * maskStride), values + (slot * valueStride));
    }

    /// <summary>Has what a step sent, its first units at least, fetched from the processor that wrote it.</summary>
    public void Ask(int step)
    {
        var slot = Slot(step);
        Sse.Prefetch0(counts + ((long)slot * countStride));
        if (valueStride > 0)
        {
            Sse.Prefetch0(values + (slot * valueStride));
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        for (var slot = 0L; slot < slots; slot++)
        {
            counts[slot * countStride] = 0;
        }

        Array.Clear(Totals);
    }

    /// <summary>Keeps what a row [unit][lane] holds that is not 0.</summary>
    public void Keep(int step, T* row)
    {
        Begin(step);
        Add(step, row, 0, units);
    }

    /// <summary>Forgets what was kept in a step's slot.</summary>
    public void Begin(int step) => counts[(long)Slot(step) * countStride] = 0;

    /// <summary>Keeps what a part of a row [unit][lane] holds that is not 0; parts come in their order.</summary>
    /// <param name="step">The step.</param>
    /// <param name="row">The row, from its start.</param>
    /// <param name="first">The first of the part's units in the row.</param>
    /// <param name="count">How many units the part has.</param>
    public void Add(int step, T* row, int first, int count)
    {
        var place = At(step);
        var mask = place.Masks;
        var before = place.Count;
        var after = lanes == 1
            ? ActiveUnits.Append(row, first, first + count, firstUnit, place.Units, valueStride == 0 ? null : place.Values, before)
            : KeepLanes(place.Units, mask, place.Values, row, first, first + count, before);
        counts[(long)Slot(step) * countStride] = after;
        if (lanes == 1)
        {
            if (Totals.Length > 0)
            {
                Totals[0] += after - before;
            }

            return;
        }

        for (var i = before; i < after && Totals.Length > 0; i++)
        {
            for (var bits = mask[i]; bits != 0; bits &= bits - 1)
            {
                Totals[BitOperations.TrailingZeroCount(bits)]++;
            }
        }
    }

    /// <summary>Hands over all that is kept: how much that is comes first, and memory beyond it is left out, because nothing has set it.</summary>
    public void Visit(Online.MemoryVisitor each)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            each(new(counts + ((long)slot * countStride), sizeof(int)));
        }

        for (var slot = 0; slot < slots; slot++)
        {
            var events = At(slot);
            each(new(events.Units, events.Count * sizeof(int)));
            each(new(events.Masks, events.Count * sizeof(ulong)));
            each(new(events.Values, checked(events.Count * lanes * sizeof(T))));
        }

        each(MemoryMarshal.AsBytes(Totals.AsSpan()));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(counts);
        NativeMemory.Free(masks);
        NativeMemory.AlignedFree(values);
    }

    /// <summary>Where all steps are kept, or a power of two of them, there is nothing to divide.</summary>
    private int Slot(int step) => step < slots ? step : (slots & (slots - 1)) == 0 ? step & (slots - 1) : step % slots;

    private int KeepLanes(int* list, ulong* mask, T* kept, T* row, int unit, int end, int count)
    {
        row += (long)unit * lanes;
        for (; unit < end; unit++, row += lanes)
        {
            var bits = Vectors.NotZero(row, lanes);
            if (bits != 0)
            {
                (list[count], mask[count]) = (firstUnit + unit, bits);
                new Span<T>(row, lanes).CopyTo(new Span<T>(kept + ((long)count * lanes), lanes));
                count++;
            }
        }

        return count;
    }
}
