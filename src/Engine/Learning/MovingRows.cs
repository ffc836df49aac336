using System.Runtime.InteropServices;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;

namespace BrainModular.Engine.Learning;

/// <summary>Where a row is at the first step, and how far on it is at the next.</summary>
/// <param name="Pointer">Its start at step 0.</param>
/// <param name="Stride">Bytes from one step to the next; 0 for a row that stays.</param>
/// <param name="InSegment">Whether steps are counted from the start of the segment rather than of the trace.</param>
/// <param name="Buffer">The start of the memory in which it lies as far from other rows in every run; 0 where it lies alone.</param>
internal readonly record struct RowPlace(nint Pointer, nint Stride = 0, bool InSegment = false, nint Buffer = 0);

/// <summary>A kernel's table of row pointers, which moves along with the steps.</summary>
internal sealed unsafe class MovingRows : IDisposable
{
    private readonly Kernel kernel;
    private readonly RowPlace[] places;
    private readonly int[] moving;
    private readonly Lazy<StepLayout> forwards;
    private readonly Lazy<StepLayout> backwards;
    private byte** table;

    /// <param name="kernel">The kernel.</param>
    /// <param name="locate">For an input (with its record) or an output (null): where its row is.</param>
    public MovingRows(Kernel kernel, Func<string, IrInput?, RowPlace> locate)
    {
        this.kernel = kernel;
        var (inputs, outputs) = (kernel.Function.Inputs, kernel.Function.Outputs);
        places = new RowPlace[inputs.Count + outputs.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i < inputs.Count ? locate(inputs[i].Name, inputs[i]) : locate(outputs[i - inputs.Count].Name, null);
        }

        moving = [.. Enumerable.Range(0, places.Length).Where(i => places[i].Stride != 0)];
        forwards = new(() => Layout(1));
        backwards = new(() => Layout(-1));
        table = (byte**)NativeMemory.Alloc((nuint)Math.Max(places.Length, 1), (nuint)sizeof(void*));
        Place(0, 0);
    }

    /// <summary>Sets all pointers to a step.</summary>
    /// <param name="inTrace">The step, counted from the start of the trace.</param>
    /// <param name="inSegment">The same step, counted from the start of its segment.</param>
    public void Place(int inTrace, int inSegment)
    {
        for (var i = 0; i < places.Length; i++)
        {
            table[i] = (byte*)(places[i].Pointer + (places[i].Stride * (places[i].InSegment ? inSegment : inTrace)));
        }
    }

    /// <summary>Moves all pointers one step on.</summary>
    public void Next() => Move(1);

    /// <summary>Moves all pointers one step back.</summary>
    public void Previous() => Move(-1);

    /// <summary>Sets one pointer, until the next <see cref="Place"/>.</summary>
    /// <param name="index">The input's number, or that of an output after all inputs.</param>
    /// <param name="row">The row.</param>
    public void Point(int index, nint row) => table[index] = (byte*)row;

    /// <summary>Runs the kernel where the pointers are.</summary>
    public void Run(nint count) => kernel.Run((void**)table, count);

    /// <summary>Runs the kernel where the pointers are, for some elements; the first is a multiple of 16.</summary>
    public void Run(nint first, nint count) => kernel.Run((void**)table, first, count);

    /// <summary>Runs the kernel in several steps, and moves on after each.</summary>
    public void RunOn(nint count, int steps) => kernel.RunSteps((void**)table, count, steps, forwards.Value);

    /// <summary>Runs the kernel in several steps, and moves back after each.</summary>
    public void RunBack(nint count, int steps) => kernel.RunSteps((void**)table, count, steps, backwards.Value);

    public void Dispose()
    {
        NativeMemory.Free(table);
        table = null;
    }

    private void Move(int steps)
    {
        foreach (var row in moving)
        {
            table[row] += places[row].Stride * steps;
        }
    }

    private StepLayout Layout(int direction)
    {
        var rows = new SteppedRow[places.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new(places[i].Pointer, direction * places[i].Stride, places[i].Buffer);
        }

        return new(rows, kernel.Function.Inputs.Count);
    }
}
