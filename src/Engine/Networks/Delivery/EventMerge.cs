using System.Numerics;
using System.Runtime.InteropServices;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Puts what the parts of a population sent in a step one behind the other, in the order of units.</summary>
internal sealed unsafe class EventMerge<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly int lanes;
    private readonly int* units;
    private readonly ulong* masks;
    private readonly T* values;

    /// <param name="mostUnits">The number of units of the largest population or input.</param>
    /// <param name="lanes">How many lanes.</param>
    public EventMerge(int mostUnits, int lanes)
    {
        this.lanes = lanes;
        units = (int*)NativeMemory.Alloc((nuint)mostUnits, sizeof(int));
        masks = (ulong*)NativeMemory.Alloc((nuint)mostUnits, sizeof(ulong));
        values = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, (long)mostUnits * lanes * sizeof(T)), 64);
    }

    /// <summary>What was sent in a step; valid until the next call.</summary>
    public Events<T> Of(EventLog<T>[] parts, int step)
    {
        if (parts.Length == 1)
        {
            return parts[0].At(step);
        }

        var count = 0;
        foreach (var part in parts)
        {
            var sent = part.At(step);
            new Span<int>(sent.Units, sent.Count).CopyTo(new(units + count, sent.Count));
            new Span<ulong>(sent.Masks, sent.Count).CopyTo(new(masks + count, sent.Count));
            new Span<T>(sent.Values, sent.Count * lanes).CopyTo(new(values + ((long)count * lanes), sent.Count * lanes));
            count += sent.Count;
        }

        return new(count, units, masks, values);
    }

    public void Dispose()
    {
        NativeMemory.Free(units);
        NativeMemory.Free(masks);
        NativeMemory.AlignedFree(values);
    }
}
