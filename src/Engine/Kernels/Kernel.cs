using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels;

/// <summary>A function made runnable.</summary>
/// <remarks>
/// Rows are passed as a table of pointers: the inputs in their order, then the outputs in theirs. A row is padded to 64 bytes: the kernel
/// may compute, and write, up to the padding's end. A uniform input's pointer points to a single number. An input and an output may be the same row.
/// </remarks>
public abstract class Kernel(IrFunction function)
{
    /// <summary>The lowered function that runs.</summary>
    public IrFunction Function { get; } = function;

    /// <summary>The precision of all rows.</summary>
    public Precision Precision => Function.LoweredTo!.Value;

    /// <summary>Runs the function for elements 0 .. count - 1.</summary>
    /// <param name="rows">Pointers to the input rows, then to the output rows.</param>
    /// <param name="count">How many elements, at least 0.</param>
    public unsafe void Run(void** rows, nint count) => Run(rows, 0, count);

    /// <summary>Runs the function for elements first .. first + count - 1.</summary>
    /// <param name="rows">Pointers to the starts of the input rows, then of the output rows.</param>
    /// <param name="first">The first element, a multiple of 16: whole vectors of any kind lie before it.</param>
    /// <param name="count">How many elements, at least 0.</param>
    public abstract unsafe void Run(void** rows, nint first, nint count);

    /// <summary>Runs the function for elements 0 .. count - 1 in several steps, one after the other.</summary>
    /// <param name="rows">Pointers to the input rows, then to the output rows; those that move point to the rows of the step after the last one in the end.</param>
    /// <param name="count">How many elements, at least 0.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="moves">Which pointers move after each step, and by how many bytes.</param>
    public virtual unsafe void RunSteps(void** rows, nint count, int steps, ReadOnlySpan<RowMove> moves)
    {
        for (var step = 0; step < steps; step++)
        {
            Run(rows, 0, count);
            Move(rows, moves);
        }
    }

    /// <summary>Moves pointers by a step.</summary>
    protected static unsafe void Move(void** rows, ReadOnlySpan<RowMove> moves)
    {
        foreach (var move in moves)
        {
            rows[move.Row] = (byte*)rows[move.Row] + move.Bytes;
        }
    }
}

/// <summary>How far on a row is in the next step.</summary>
/// <param name="Row">Its number in the table: that of the input, or of the output after all inputs.</param>
/// <param name="Bytes">The bytes from one step to the next.</param>
public readonly record struct RowMove(nint Row, nint Bytes);
