using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>
/// The adjoint of one output of a population, [unit][lane], for as many steps as projections carry it back: a step's row gathers what comes back
/// until the step itself goes backward, and then serves an earlier step.
/// </summary>
internal sealed unsafe class SentAdjoint<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly RowBuffer rows;
    private readonly RowBuffer? initial;
    private readonly T* first;
    private readonly long stride;
    private readonly int depth;
    private readonly int elements;

    /// <param name="delay">The longest delay, in steps, over which it comes back.</param>
    /// <param name="elements">Units times lanes.</param>
    /// <param name="precision">The numbers of the rows.</param>
    /// <param name="initial">A row with what every spike itself adds to the loss; null for 0.</param>
    public SentAdjoint(int delay, int elements, Precision precision, RowBuffer? initial)
    {
        (depth, this.elements, this.initial) = (delay + 1, elements, initial);
        rows = new(depth, elements, precision);
        first = (T*)rows.Row(0);
        stride = rows.RowBytes / sizeof(T);
    }

    public long Bytes => rows.Bytes;

    /// <summary>The row of a step.</summary>
    public T* At(int step) => first + (step % depth * stride);

    /// <summary>Takes the row of a step back to what it begins with.</summary>
    public void Reset(int step)
    {
        if (initial is null)
        {
            Vectors.Clear(At(step), elements);
        }
        else
        {
            Vectors.Copy((T*)initial.Row(0), At(step), elements);
        }
    }

    /// <summary>Takes all rows back to what they begin with.</summary>
    public void Reset()
    {
        for (var step = 0; step < depth; step++)
        {
            Reset(step);
        }
    }

    public void Dispose() => rows.Dispose();
}
