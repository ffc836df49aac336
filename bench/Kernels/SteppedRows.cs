using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Bench.Kernels;

/// <summary>Rows of a kernel's table that move on by the same bytes with every step.</summary>
internal sealed unsafe class SteppedRows : IDisposable
{
    private readonly RowTable table;
    private readonly int[] rows;
    private readonly nint[] strides;

    public SteppedRows(RowTable table, IEnumerable<(int Index, nint Row, nint Stride)> moving)
    {
        this.table = table;
        var all = moving.ToList();
        all.ForEach(m => table.Set(m.Index, (void*)m.Row));
        (rows, strides) = ([.. all.Where(static m => m.Stride != 0).Select(static m => m.Index)], [.. all.Where(static m => m.Stride != 0).Select(static m => m.Stride)]);
    }

    /// <summary>Moves one step forwards, or backwards with -1.</summary>
    public void Move(int direction)
    {
        var pointers = (byte**)table.Pointers;
        for (var i = 0; i < rows.Length; i++)
        {
            pointers[rows[i]] += strides[i] * direction;
        }
    }

    public void Dispose() => table.Dispose();
}
