using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// What a population sent, step by step: only the units that sent something in at least one lane, and their lanes' values. It is native memory
/// that the operating system gives when it is first written, so what stays silent costs nothing.
/// </summary>
internal sealed unsafe class EventLog<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>How many lanes a chunk can have: a bit of a mask for each.</summary>
    public const int MostLanes = 64;

    private readonly int slots;
    private readonly int units;
    private readonly int lanes;
    private readonly int* counts;
    private readonly int* active;
    private readonly ulong* masks;
    private readonly T* values;

    /// <param name="slots">How many steps are kept; a step t is kept in slot t modulo this number.</param>
    /// <param name="units">How many units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="counted">Whether <see cref="Totals"/> are wanted.</param>
    public EventLog(int slots, int units, int lanes, bool counted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, MostLanes);
        (this.slots, this.units, this.lanes, Totals) = (slots, units, lanes, new long[counted ? lanes : 0]);
        counts = (int*)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        active = (int*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(int));
        masks = (ulong*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(ulong));
        values = (T*)NativeMemory.AlignedAlloc(Math.Max(64, (nuint)((long)slots * units * lanes * sizeof(T))), 64);
    }

    /// <summary>How often each lane sent something since the last <see cref="Reset"/>, over all units.</summary>
    public long[] Totals { get; }

    /// <summary>What was sent in a step.</summary>
    public Events<T> At(int step)
    {
        var slot = step % slots;
        return new(counts[slot], active + ((long)slot * units), masks + ((long)slot * units), values + ((long)slot * units * lanes));
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        NativeMemory.Clear(counts, (nuint)slots * sizeof(int));
        Array.Clear(Totals);
    }

    /// <summary>Keeps what a row [unit][lane] holds that is not 0.</summary>
    public void Keep(int step, T* row)
    {
        var place = At(step);
        var mask = place.Masks;
        var count = lanes == 1 ? KeepSingle(place.Units, mask, place.Values, row) : KeepLanes(place.Units, mask, place.Values, row);
        counts[step % slots] = count;
        if (lanes == 1 && Totals.Length > 0)
        {
            Totals[0] += count;
            return;
        }

        for (var i = 0; i < count && Totals.Length > 0; i++)
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
        each(new(counts, slots * sizeof(int)));
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
        NativeMemory.Free(counts);
        NativeMemory.Free(active);
        NativeMemory.Free(masks);
        NativeMemory.AlignedFree(values);
    }

    private int KeepLanes(int* list, ulong* mask, T* kept, T* row)
    {
        var count = 0;
        for (var unit = 0; unit < units; unit++, row += lanes)
        {
            var bits = BitsOf(row, lanes);
            if (bits != 0)
            {
                (list[count], mask[count]) = (unit, bits);
                new Span<T>(row, lanes).CopyTo(new Span<T>(kept + ((long)count * lanes), lanes));
                count++;
            }
        }

        return count;
    }

    private int KeepSingle(int* list, ulong* mask, T* kept, T* row)
    {
        var count = 0;
        for (var first = 0; first < units; first += MostLanes)
        {
            var bits = BitsOf(row + first, Math.Min(MostLanes, units - first));
            if (bits == ulong.MaxValue)
            {
                for (var i = 0; i < MostLanes; i += Vector512<int>.Count)
                {
                    (Vector512.Create(first + i) + Vector512<int>.Indices).Store(list + count + i);
                }

                new Span<ulong>(mask + count, MostLanes).Fill(1);
                new Span<T>(row + first, MostLanes).CopyTo(new Span<T>(kept + count, MostLanes));
                count += MostLanes;
                continue;
            }

            for (; bits != 0; bits &= bits - 1)
            {
                var unit = first + BitOperations.TrailingZeroCount(bits);
                (list[count], mask[count], kept[count]) = (unit, 1, row[unit]);
                count++;
            }
        }

        return count;
    }

    /// <summary>A bit for every number that is not 0.</summary>
    private static ulong BitsOf(T* row, int count)
    {
        var (bits, i) = (0UL, 0);
        for (; i + Vector512<T>.Count <= count; i += Vector512<T>.Count)
        {
            bits |= (~Vector512.Equals(Vector512.Load(row + i), Vector512<T>.Zero)).ExtractMostSignificantBits() << i;
        }

        for (; i < count; i++)
        {
            bits |= row[i] == T.Zero ? 0UL : 1UL << i;
        }

        return bits;
    }
}
