namespace BrainModular.Engine.Kernels;

/// <summary>Where a row is in the first step, and how far on it is in the next.</summary>
/// <param name="Pointer">Its start in the first step.</param>
/// <param name="Stride">Bytes from one step to the next; 0 for a row that stays.</param>
/// <param name="Buffer">The start of the memory in which it lies as far from other rows in every run; 0 where it lies alone.</param>
public readonly record struct SteppedRow(nint Pointer, nint Stride, nint Buffer);

/// <summary>How the rows of a kernel lie that runs step after step, whatever the memory they are in: kernels are made for a layout, and serve all tables of rows that have it.</summary>
public sealed class StepLayout
{
    private readonly (nint Row, nint Bytes)[] moves;

    /// <param name="rows">The rows in the order of the kernel's table: those of inputs, then those of outputs.</param>
    /// <param name="inputs">How many are inputs.</param>
    public StepLayout(IReadOnlyList<SteppedRow> rows, int inputs)
    {
        moves = [.. Enumerable.Range(0, rows.Count).Where(r => rows[r].Stride != 0).Select(r => ((nint)r, rows[r].Stride))];
        var bases = rows.Select(static (row, number) => (Number: row.Buffer == 0 ? number : -1, row.Buffer, row.Stride)).ToList();
        var distinct = bases.Distinct().ToList();
        Bases = [.. distinct.Select(b => (bases.IndexOf(b), rows[bases.IndexOf(b)].Stride))];
        Rows = [.. rows.Select((row, number) => (distinct.IndexOf(bases[number]), row.Buffer == 0 ? 0 : row.Pointer - row.Buffer))];
        Carried = [.. rows.Skip(inputs).Select(output => rows.Count(r => r == output) > 2 ? -1 : rows.Take(inputs).ToList().FindIndex(i => i.Stride == output.Stride && i.Pointer + i.Stride == output.Pointer))];
        Key = string.Join(' ', Rows.Select(static r => $"{r.Base}:{r.Offset}").Concat(Bases.Select(static b => $"{b.Row}+{b.Stride}")).Concat(Carried.Select(static c => $"{c}")));
    }

    /// <summary>What differs between layouts.</summary>
    public string Key { get; }

    /// <summary>Of each start from which rows are counted: a row that is counted from it, and how far on it is in the next step.</summary>
    public IReadOnlyList<(int Row, nint Stride)> Bases { get; }

    /// <summary>Of each row: from which start it is counted, and how many bytes after it it begins.</summary>
    public IReadOnlyList<(int Base, nint Offset)> Rows { get; }

    /// <summary>Of each output: the input whose row it is in the next step; -1 where there is none.</summary>
    public IReadOnlyList<int> Carried { get; }

    /// <summary>Moves the pointers of a table by steps.</summary>
    public unsafe void Move(void** rows, int steps)
    {
        foreach (var (row, bytes) in moves)
        {
            rows[row] = (byte*)rows[row] + (bytes * steps);
        }
    }
}
