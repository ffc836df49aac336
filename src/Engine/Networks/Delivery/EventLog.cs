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
        (Slots, this.units, this.lanes, Totals) = (slots, units, lanes, new long[counted ? lanes : 0]);
        counts = (int*)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        active = (int*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(int));
        masks = (ulong*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(ulong));
        values = (T*)NativeMemory.AlignedAlloc(Math.Max(64, (nuint)((long)slots * units * lanes * sizeof(T))), 64);
    }

    /// <summary>How many steps are kept.</summary>
    public int Slots { get; }

    /// <summary>How often each lane sent something since the last <see cref="Reset"/>, over all units.</summary>
    public long[] Totals { get; }

    /// <summary>How many units were active in a step.</summary>
    public int Count(int step) => counts[step % Slots];

    /// <summary>The units that were active in a step, ascending.</summary>
    public int* Units(int step) => active + ((long)(step % Slots) * units);

    /// <summary>For each active unit, a bit for every lane in which it was.</summary>
    public ulong* Masks(int step) => masks + ((long)(step % Slots) * units);

    /// <summary>Their values, [active unit][lane].</summary>
    public T* Values(int step) => values + ((long)(step % Slots) * units * lanes);

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        NativeMemory.Clear(counts, (nuint)Slots * sizeof(int));
        Array.Clear(Totals);
    }

    /// <summary>Keeps what a row [unit][lane] holds that is not 0.</summary>
    public void Keep(int step, T* row)
    {
        var list = Units(step);
        var mask = Masks(step);
        var kept = Values(step);
        var count = lanes == 1 ? KeepSingle(list, mask, kept, row) : KeepLanes(list, mask, kept, row);
        counts[step % Slots] = count;
        for (var i = 0; i < count && Totals.Length > 0; i++)
        {
            for (var bits = mask[i]; bits != 0; bits &= bits - 1)
            {
                Totals[BitOperations.TrailingZeroCount(bits)]++;
            }
        }
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
                for (var unit = first; unit < first + MostLanes; unit++)
                {
                    (list[count + unit - first], mask[count + unit - first]) = (unit, 1);
                }

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
