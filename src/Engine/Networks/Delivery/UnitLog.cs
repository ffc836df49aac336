using System.Numerics;
using System.Runtime.InteropServices;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Of every step, the units in which a row is not 0 in at least one lane, and in which lanes.</summary>
internal sealed unsafe class UnitLog : IDisposable
{
    private readonly int slots;
    private readonly int units;
    private readonly int lanes;
    private readonly int* counts;
    private readonly long* numbers;
    private readonly int* active;
    private readonly ulong* masks;

    public UnitLog(int slots, int units, int lanes)
    {
        (this.slots, this.units, this.lanes) = (slots, units, lanes);
        counts = (int*)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        numbers = (long*)NativeMemory.AllocZeroed((nuint)slots, sizeof(long));
        active = (int*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(int));
        masks = lanes == 1 ? null : (ulong*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(ulong));
    }

    public Needed At(int step)
    {
        var slot = step % slots;
        return new(counts[slot], active + ((long)slot * units), masks is null ? null : masks + ((long)slot * units), numbers[slot]);
    }

    public void Keep<T>(int step, T* row)
        where T : unmanaged, INumberBase<T>
    {
        var slot = step % slots;
        var list = active + ((long)slot * units);
        if (lanes == 1)
        {
            counts[slot] = ActiveUnits.Append(row, 0, units, 0, list, null, 0);
            numbers[slot] = counts[slot];
            return;
        }

        var mask = masks + ((long)slot * units);
        var (count, sum) = (0, 0L);
        for (var unit = 0; unit < units; unit++, row += lanes)
        {
            var bits = Vectors.NotZero(row, lanes);
            (list[count], mask[count]) = (unit, bits);
            count += bits != 0 ? 1 : 0;
            sum += BitOperations.PopCount(bits);
        }

        (counts[slot], numbers[slot]) = (count, sum);
    }

    public void Dispose()
    {
        NativeMemory.Free(counts);
        NativeMemory.Free(numbers);
        NativeMemory.Free(active);
        NativeMemory.Free(masks);
    }
}
