using System.Runtime.InteropServices;

namespace BrainModular.Engine.Kernels.Memory;

/// <summary>The table of row pointers that a kernel takes: its inputs in order, then its outputs.</summary>
public sealed unsafe class RowTable(int count) : IDisposable
{
    private void** pointers = (void**)NativeMemory.AllocZeroed((nuint)Math.Max(1, count), (nuint)sizeof(void*));

    ~RowTable() => NativeMemory.Free(pointers);

    public int Count => count;

    /// <summary>The table itself, for <see cref="Kernel"/>.</summary>
    public void** Pointers
    {
        get
        {
            ObjectDisposedException.ThrowIf(pointers is null, this);
            return pointers;
        }
    }

    public void Set(int index, void* row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
        Pointers[index] = row;
    }

    public void Dispose()
    {
        NativeMemory.Free(pointers);
        pointers = null;
        GC.SuppressFinalize(this);
    }
}
