using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// A copy of dense weights by target, from which the adjoint of all that was sent in one lane is summed without sums across vectors: the sums of a strip of sources stay in registers
/// while the targets' weights pass, one after the other as they lie in memory.
/// </summary>
/// <param name="sources">How many source units.</param>
/// <param name="targets">How many target units.</param>
internal sealed unsafe class TransposedWeights<T>(int sources, int targets)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The vectors of a strip of sources; what is left of them makes strips of one vector.</summary>
    private const int Wide = 8;

    /// <summary>Larger weights are not copied: each run would hold them once more.</summary>
    private const long MostBytes = 1 << 26;

    private readonly int width = Vector512<T>.Count;
    private T[] memory = [];
    private bool upward;

    /// <summary>Its memory, once weights have been copied.</summary>
    public long Bytes => (long)memory.Length * sizeof(T);

    /// <summary>Whether weights are small enough to be copied.</summary>
    public bool Fits => Length * sizeof(T) <= MostBytes;

    private long Length => (long)Vectors * width * Transmission<T>.StrideOf(targets);

    private int Vectors => (sources + width - 1) / width;

    /// <summary>Copies weights.</summary>
    /// <param name="weights">[source][target], each row padded to whole vectors.</param>
    public void Set(T* weights)
    {
        var stride = Transmission<T>.StrideOf(targets);
        if (memory.Length == 0)
        {
            memory = GC.AllocateArray<T>((int)Length + (64 / sizeof(T)), pinned: true);
            LargePages.Collapse(memory);
        }

        upward = false;
        for (var (strip, wide) = (0, 0); strip < Vectors; strip += wide)
        {
            wide = Step(strip);
            var first = strip * width;
            LaneTranspose.Write(weights + ((long)first * stride), Strip(strip), Math.Min(wide * width, sources - first), stride, wide * width);
        }
    }

    /// <summary>
    /// Adds the adjoint of what was sent. From one call to the next it goes back the way it came, and finds in the nearest cache what it read last.
    /// </summary>
    /// <param name="port">The adjoint of what arrived, [target].</param>
    /// <param name="sent">The adjoint of what was sent, [source], a row padded to whole vectors.</param>
    public void AddProducts(T* port, T* sent)
    {
        upward = !upward;
        var (at, way) = upward ? (0, 1) : (targets - 1, -1);
        if (upward)
        {
            for (var (strip, wide) = (0, 0); strip < Vectors; strip += wide)
            {
                wide = Step(strip);
                Add(strip, wide, port + at, way, sent);
            }
        }
        else
        {
            for (var (end, wide) = (Vectors, 0); end > 0; end -= wide)
            {
                wide = end > Vectors / Wide * Wide ? 1 : Wide;
                Add(end - wide, wide, port + at, way, sent);
            }
        }
    }

    private int Step(int strip) => strip + Wide <= Vectors ? Wide : 1;

    private void Add(int strip, int wide, T* port, int way, T* sent)
    {
        var from = Strip(strip) + (way > 0 ? 0 : (long)(targets - 1) * wide * width);
        if (wide == Wide)
        {
            AddWide(from, (nint)way * Wide * width, port, way, sent + (strip * width));
        }
        else
        {
            AddNarrow(from, (nint)way * width, port, way, sent + (strip * width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void AddWide(T* w, nint next, T* port, nint way, T* sent)
    {
        var n = (nint)Vector512<T>.Count;
        var (a, b, c, d) = (Vector512.Load(sent), Vector512.Load(sent + n), Vector512.Load(sent + (2 * n)), Vector512.Load(sent + (3 * n)));
        var (e, f, g, h) = (Vector512.Load(sent + (4 * n)), Vector512.Load(sent + (5 * n)), Vector512.Load(sent + (6 * n)), Vector512.Load(sent + (7 * n)));
        for (var left = targets; left > 0; left--, w += next, port += way)
        {
            var x = Vector512.Create(*port);
            a = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w), a);
            b = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + n), b);
            c = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + (2 * n)), c);
            d = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + (3 * n)), d);
            e = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + (4 * n)), e);
            f = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + (5 * n)), f);
            g = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + (6 * n)), g);
            h = Delivery.Vectors.MultiplyAdd(x, Vector512.Load(w + (7 * n)), h);
        }

        a.Store(sent);
        b.Store(sent + n);
        c.Store(sent + (2 * n));
        d.Store(sent + (3 * n));
        e.Store(sent + (4 * n));
        f.Store(sent + (5 * n));
        g.Store(sent + (6 * n));
        h.Store(sent + (7 * n));
    }

    /// <summary>One vector of sources, with four sums so that one need not wait for the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void AddNarrow(T* w, nint next, T* port, nint way, T* sent)
    {
        var (a, b, c, d) = (Vector512.Load(sent), Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        var left = targets;
        for (; left >= 4; left -= 4, w += 4 * next, port += 4 * way)
        {
            a = Delivery.Vectors.MultiplyAdd(Vector512.Create(*port), Vector512.Load(w), a);
            b = Delivery.Vectors.MultiplyAdd(Vector512.Create(port[way]), Vector512.Load(w + next), b);
            c = Delivery.Vectors.MultiplyAdd(Vector512.Create(port[2 * way]), Vector512.Load(w + (2 * next)), c);
            d = Delivery.Vectors.MultiplyAdd(Vector512.Create(port[3 * way]), Vector512.Load(w + (3 * next)), d);
        }

        for (; left > 0; left--, w += next, port += way)
        {
            a = Delivery.Vectors.MultiplyAdd(Vector512.Create(*port), Vector512.Load(w), a);
        }

        ((a + b) + (c + d)).Store(sent);
    }

    /// <summary>Where a strip's weights begin, [target][source]: at the start of a cache line.</summary>
    private T* Strip(int vector) =>
        (T*)(((nint)Unsafe.AsPointer(ref memory[0]) + 63) & ~63) + ((long)vector * width * Transmission<T>.StrideOf(targets));
}
