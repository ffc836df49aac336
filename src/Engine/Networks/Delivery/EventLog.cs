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
    private readonly int units;
    private readonly int lanes;
    private readonly int* counts;
    private readonly int* active;
    private readonly T* values;

    /// <param name="slots">How many steps are kept; a step t is kept in slot t modulo this number.</param>
    /// <param name="units">How many units.</param>
    /// <param name="lanes">How many lanes.</param>
    public EventLog(int slots, int units, int lanes)
    {
        (Slots, this.units, this.lanes, Totals) = (slots, units, lanes, new long[lanes]);
        counts = (int*)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        active = (int*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(int));
        values = (T*)NativeMemory.AlignedAlloc(Math.Max(64, (nuint)((long)slots * units * lanes * sizeof(T))), 64);
    }

    /// <summary>How many steps are kept.</summary>
    public int Slots { get; }

    /// <summary>How many units were active in a step.</summary>
    public int Count(int step) => counts[step % Slots];

    /// <summary>The units that were active in a step, ascending.</summary>
    public int* Units(int step) => active + ((long)(step % Slots) * units);

    /// <summary>Their values, [active unit][lane].</summary>
    public T* Values(int step) => values + ((long)(step % Slots) * units * lanes);

    /// <summary>How often each lane sent something since the last <see cref="Reset"/>, over all units.</summary>
    public long[] Totals { get; }

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
        var kept = Values(step);
        var count = 0;
        if (lanes % Vector512<T>.Count == 0)
        {
            for (var unit = 0; unit < units; unit++, row += lanes)
            {
                var any = Vector512<T>.Zero;
                for (var lane = 0; lane < lanes; lane += Vector512<T>.Count)
                {
                    any |= Vector512.Load(row + lane);
                }

                // A negative zero counts as a value; it adds nothing wherever it arrives.
                if (any != Vector512<T>.Zero)
                {
                    Append(list, kept, count++, unit, row);
                }
            }
        }
        else
        {
            for (var unit = 0; unit < units; unit++, row += lanes)
            {
                if (new Span<T>(row, lanes).ContainsAnyExcept(T.Zero))
                {
                    Append(list, kept, count++, unit, row);
                }
            }
        }

        counts[step % Slots] = count;
    }

    public void Dispose()
    {
        NativeMemory.Free(counts);
        NativeMemory.Free(active);
        NativeMemory.AlignedFree(values);
    }

    private void Append(int* list, T* kept, int count, int unit, T* row)
    {
        list[count] = unit;
        new Span<T>(row, lanes).CopyTo(new Span<T>(kept + ((long)count * lanes), lanes));
        for (var lane = 0; lane < lanes; lane++)
        {
            Totals[lane] += row[lane] != T.Zero ? 1 : 0;
        }
    }
}
