using System.Numerics;
using System.Runtime.InteropServices;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Of every step, the units in which a row is not 0 in at least one lane.</summary>
internal sealed unsafe class UnitLog : IDisposable
{
    private readonly int slots;
    private readonly int units;
    private readonly int* counts;
    private readonly int* active;

    public UnitLog(int slots, int units)
    {
        (this.slots, this.units) = (slots, units);
        counts = (int*)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        active = (int*)NativeMemory.Alloc((nuint)((long)slots * units), sizeof(int));
    }

    public int Count(int step) => counts[step % slots];

    public int* Units(int step) => active + ((long)(step % slots) * units);

    public void Keep<T>(int step, T* row, int lanes)
        where T : unmanaged, INumberBase<T>
    {
        var list = Units(step);
        var count = 0;
        for (var unit = 0; unit < units; unit++, row += lanes)
        {
            list[count] = unit;
            count += new Span<T>(row, lanes).ContainsAnyExcept(T.Zero) ? 1 : 0;
        }

        counts[step % slots] = count;
    }

    public void Dispose()
    {
        NativeMemory.Free(counts);
        NativeMemory.Free(active);
    }
}
