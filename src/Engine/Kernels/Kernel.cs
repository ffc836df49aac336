using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels;

/// <summary>A function made runnable.</summary>
/// <remarks>
/// Rows are passed as a table of pointers: the inputs in their order, then the outputs in theirs. A row is padded to 64 bytes, or to <see cref="NarrowBytes"/> where no more is used of it: the kernel
/// may compute, and write, up to the padding's end. A uniform input's pointer points to a single number. An input that is not uniform and an output may be the same row.
/// </remarks>
public abstract class Kernel(IrFunction function)
{
    /// <summary>Rows of which no more bytes are used are computed in vectors of as many, which take half the time of those twice as long where the processor divides these.</summary>
    public const int NarrowBytes = 32;

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
    /// <param name="layout">How far on rows are after each step.</param>
    public virtual unsafe void RunSteps(void** rows, nint count, int steps, StepLayout layout)
    {
        for (var step = 0; step < steps; step++)
        {
            Run(rows, 0, count);
            layout.Move(rows, steps: 1);
        }
    }
}
