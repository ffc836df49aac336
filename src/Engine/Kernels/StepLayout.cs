using System.Text;

namespace BrainModular.Engine.Kernels;

/// <summary>Where a row is in the first step, and how far on it is in the next.</summary>
/// <param name="Pointer">Its start in the first step.</param>
/// <param name="Stride">Bytes from one step to the next; 0 for a row that stays.</param>
/// <param name="Buffer">The start of the memory in which it lies as far from other rows in every run; 0 where it lies alone.</param>
public readonly record struct SteppedRow(nint Pointer, nint Stride, nint Buffer);

/// <summary>How the rows of a kernel lie that runs step after step, whatever the memory they are in: machine code is made for a layout, and serves all tables of rows that have it.</summary>
public sealed class StepLayout
{
    private readonly SteppedRow[] table;
    private readonly int[] bases;
    private readonly List<int> first = [];

    /// <param name="table">The rows in the order of the kernel's table: those of inputs, then those of outputs.</param>
    /// <param name="inputs">How many are inputs.</param>
    public StepLayout(SteppedRow[] table, int inputs)
    {
        this.table = table;
        bases = new int[table.Length];
        Carried = new int[table.Length - inputs];
        var key = new StringBuilder();
        for (var row = 0; row < table.Length; row++)
        {
            bases[row] = BaseOf(row);
            key.Append(bases[row]).Append(':').Append((long)Offset(row)).Append('+').Append((long)table[row].Stride).Append(' ');
        }

        for (var output = inputs; output < table.Length; output++)
        {
            Carried[output - inputs] = InputOf(output, inputs);
            key.Append(Carried[output - inputs]).Append(' ');
        }

        Key = key.ToString();
    }

    /// <summary>What differs between layouts.</summary>
    public string Key { get; }

    /// <summary>From how many starts rows are counted.</summary>
    public int Bases => first.Count;

    /// <summary>Of each output: the input whose row it is in the next step; -1 where there is none.</summary>
    public int[] Carried { get; }

    /// <summary>From which start a row is counted.</summary>
    public int Base(int row) => bases[row];

    /// <summary>How many bytes after that start a row begins.</summary>
    public nint Offset(int row) => table[row].Buffer == 0 ? 0 : table[row].Pointer - table[row].Buffer;

    /// <summary>How far on a start, and all that is counted from it, is in the next step.</summary>
    public nint Stride(int start) => table[first[start]].Stride;

    /// <summary>Where the starts are of a table of rows.</summary>
    public unsafe void Starts(void** rows, void** starts)
    {
        for (var start = 0; start < first.Count; start++)
        {
            starts[start] = (byte*)rows[first[start]] - Offset(first[start]);
        }
    }

    /// <summary>Moves starts by steps.</summary>
    public unsafe void Advance(void** starts, int steps)
    {
        for (var start = 0; start < first.Count; start++)
        {
            starts[start] = (byte*)starts[start] + (Stride(start) * steps);
        }
    }

    /// <summary>Moves the pointers of a table by steps.</summary>
    public unsafe void Move(void** rows, int steps)
    {
        for (var row = 0; row < table.Length; row++)
        {
            rows[row] = (byte*)rows[row] + (table[row].Stride * steps);
        }
    }

    private int BaseOf(int row)
    {
        for (var start = 0; start < first.Count; start++)
        {
            var other = table[first[start]];
            if (other.Buffer != 0 && other.Buffer == table[row].Buffer && other.Stride == table[row].Stride)
            {
                return start;
            }
        }

        first.Add(row);
        return first.Count - 1;
    }

    private int InputOf(int output, int inputs)
    {
        var found = -1;
        for (var row = 0; row < table.Length; row++)
        {
            if (row < inputs && table[row].Stride == table[output].Stride && table[row].Pointer + table[row].Stride == table[output].Pointer)
            {
                // Of two inputs in one row neither is.
                if (found >= 0)
                {
                    return -1;
                }

                found = row;
            }
            else if (row >= inputs && row != output && table[row].Pointer == table[output].Pointer)
            {
                return -1;
            }
        }

        return found;
    }
}
