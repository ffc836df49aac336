using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>
/// The sums of a port, [unit][lane], for the present step and for as many later ones as delays of their own reach beyond the shortest: a ring, into which
/// a spike is added once, when it is sent, and not once for each delay.
/// </summary>
internal sealed unsafe class PortSums<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly RowBuffer? rows;

    /// <param name="steps">How many steps the ring holds.</param>
    /// <param name="elements">Units times lanes.</param>
    /// <param name="precision">The numbers.</param>
    public PortSums(int steps, int elements, Precision precision)
    {
        rows = new(steps, elements, precision);
        (Steps, Stride) = (steps, rows.RowBytes / sizeof(T));
        First = (T*)rows.Row(0);
    }

    /// <param name="state">The row of a state to which all that arrives is added: it is neither owned nor cleared.</param>
    public PortSums(T* state)
    {
        Steps = 1;
        First = state;
    }

    public int Steps { get; }

    /// <summary>The sums of the ring's first row.</summary>
    public T* First { get; }

    /// <summary>The numbers from one row to the next.</summary>
    public long Stride { get; }

    public long Bytes => rows?.Bytes ?? 0;

    /// <summary>Where the row of a step begins, in numbers after <see cref="First"/>.</summary>
    public long Place(int step) => step % Steps * Stride;

    /// <summary>The sums of a step.</summary>
    public T* Of(int step) => First + Place(step);

    /// <summary>Sets all to 0; a state stays what it is.</summary>
    public void Clear() => rows?.Clear();

    public void Dispose() => rows?.Dispose();
}
