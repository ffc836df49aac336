using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// The adjoint of what was sent over all-to-all weights: for whole vectors of lanes, or, where it matters in few lanes of the units, as a product
/// for each of these. In how many it matters decides that, and nothing else.
/// </summary>
internal sealed unsafe class DenseAdjoint<T>(int sources, int targets, int lanes)
    where T : unmanaged, INumberBase<T>
{
    private const int Rows = 4;

    /// <summary>What a port's adjoint may take of the nearest cache.</summary>
    private const int NearBytes = 24 << 10;

    /// <summary>Up to which share of units and lanes a product for each takes less than vectors of lanes.</summary>
    private const double Few = 0.4;

    /// <summary>Of how many lanes the processor has registers for the sums of several sources.</summary>
    private static readonly int Widest = Vector512.IsHardwareAccelerated ? 2 * Vector512<T>.Count : Vector512<T>.Count;

    private readonly int stride = Transmission<T>.StrideOf(targets);
    private readonly bool isVector = lanes % Vector512<T>.Count == 0;
    private readonly TransposedWeights<T>? copy = lanes == 1 ? new(sources, targets) : null;
    private bool upward, isCopied;

    /// <summary>Its memory.</summary>
    public long Bytes => copy?.Bytes ?? 0;

    /// <summary>Begins the way back of a run, in which the weights stay what they are.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="isAllNeeded">Whether the adjoint of all that was sent matters in every step.</param>
    public void Begin(T* weights, bool isAllNeeded)
    {
        isCopied = isAllNeeded && copy is { Fits: true };
        if (isCopied)
        {
            copy!.Set(weights);
        }
    }

    /// <summary>Whether <see cref="Add"/> reads the port's adjoint lane by lane.</summary>
    public bool IsByLanes(in Needed needed) => lanes > 1 && (!isVector || needed.Numbers < Few * sources * lanes);

    /// <summary>Adds the adjoint: <see cref="Transmission{T}.Backward"/>.</summary>
    public void Add(T* weights, T* port, T* transposed, T* sent, in Needed needed)
    {
        if (isCopied)
        {
            copy!.AddProducts(port, sent);
        }
        else if (lanes == 1)
        {
            AddSingle(weights, port, sent, needed);
        }
        else if (transposed is not null && IsByLanes(needed))
        {
            AddLanes(weights, transposed, sent, needed);
        }
        else if (isVector)
        {
            AddVectors(weights, port, sent, needed);
        }
        else
        {
            AddNumbers(weights, port, sent, needed);
        }
    }

    /// <summary>For each unit the products of its row of weights with the adjoints of the lanes in which they matter, four lanes at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLanes(T* weights, T* transposed, T* sent, in Needed needed)
    {
        var sums = stackalloc T[Rows];
        var all = lanes == EventLog<T>.MostLanes ? ulong.MaxValue : (1UL << lanes) - 1;
        for (var i = 0; i < needed.Count; i++)
        {
            var row = weights + ((long)needed.Unit(i) * stride);
            var to = sent + ((long)needed.Unit(i) * lanes);
            for (var bits = needed.Masks is null ? all : needed.Masks[i]; bits != 0;)
            {
                var a = Next(ref bits, 0);
                var b = Next(ref bits, a);
                var c = Next(ref bits, b);
                var d = Next(ref bits, c);
                Products(transposed + ((long)a * stride), transposed + ((long)b * stride), transposed + ((long)c * stride), transposed + ((long)d * stride), row, sums);
                to[a] += sums[0];
                if (b != a)
                {
                    to[b] += sums[1];
                }

                if (c != b)
                {
                    to[c] += sums[2];
                }

                if (d != c)
                {
                    to[d] += sums[3];
                }
            }
        }
    }

    /// <summary>Takes the lowest bit's number; the one before it where none is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(ref ulong bits, int before)
    {
        if (bits == 0)
        {
            return before;
        }

        var lane = BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        return lane;
    }

    private void AddNumbers(T* weights, T* port, T* sent, in Needed needed)
    {
        for (var i = 0; i < needed.Count; i++)
        {
            var row = weights + ((long)needed.Unit(i) * stride);
            var sums = sent + ((long)needed.Unit(i) * lanes);
            for (var target = 0; target < targets; target++)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    sums[lane] += row[target] * port[((long)target * lanes) + lane];
                }
            }
        }
    }

    /// <summary>
    /// The products of rows of weights with a port's adjoint of one lane, four rows at a time. From one call to the next it goes back the way it came,
    /// and finds in the nearest cache what it read last; the sums are each row's own, so that no bit depends on the way.
    /// </summary>
    private void AddSingle(T* weights, T* port, T* sent, in Needed needed)
    {
        // What pads the row is no adjoint, and may be anything.
        new Span<T>(port + targets, stride - targets).Clear();
        upward = !upward;
        var sums = stackalloc T[Rows];
        var count = needed.Count;
        for (var group = 0; group < count; group += Rows)
        {
            var first = upward ? group : (count - 1 - group) / Rows * Rows;
            var last = count - 1;
            var j0 = (long)needed.Unit(first);
            var j1 = (long)needed.Unit(Math.Min(first + 1, last));
            var j2 = (long)needed.Unit(Math.Min(first + 2, last));
            var j3 = (long)needed.Unit(Math.Min(first + 3, last));
            Products(weights + (j0 * stride), weights + (j1 * stride), weights + (j2 * stride), weights + (j3 * stride), port, sums);
            for (var r = 0; r < Rows && first + r < count; r++)
            {
                sent[needed.Unit(first + r)] += sums[r];
            }
        }
    }

    /// <summary>The products of four rows with another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Products(T* a, T* b, T* c, T* d, T* row, T* sums)
    {
        var (s0, s1, s2, s3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        for (var k = 0; k < stride; k += Vector512<T>.Count)
        {
            var v = Vector512.Load(row + k);
            s0 = Vectors.MultiplyAdd(Vector512.Load(a + k), v, s0);
            s1 = Vectors.MultiplyAdd(Vector512.Load(b + k), v, s1);
            s2 = Vectors.MultiplyAdd(Vector512.Load(c + k), v, s2);
            s3 = Vectors.MultiplyAdd(Vector512.Load(d + k), v, s3);
        }

        Vectors.Sums(s0, s1, s2, s3, sums);
    }

    /// <summary>
    /// Sums of several sources at a time, of so many targets that the port's adjoint stays in the nearest cache while all sources pass. Where fewer sources are
    /// left, the last stands for those that lack.
    /// </summary>
    private void AddVectors(T* weights, T* port, T* sent, in Needed needed)
    {
        var sums = stackalloc T[8 * 2 * Vector512<T>.Count];
        var most = Math.Max(1, NearBytes / (lanes * sizeof(T)));
        for (var first = 0; first < targets; first += most)
        {
            var count = Math.Min(most, targets - first);
            for (var (lane, width) = (0, 0); lane < lanes; lane += width)
            {
                width = Math.Min(lanes - lane, Widest);
                var a = port + ((long)first * lanes) + lane;
                var atATime = width == Vector512<T>.Count ? 6 : 8;
                for (var i = 0; i < needed.Count; i += atATime)
                {
                    if (width == Vector512<T>.Count)
                    {
                        SumSix(weights + first, a, count, needed, i, sums);
                    }
                    else
                    {
                        SumEight(weights + first, a, count, needed, i, sums);
                    }

                    for (var r = 0; r < Math.Min(atATime, needed.Count - i); r++)
                    {
                        Vectors.Add(sums + (r * width), sent + ((long)needed.Unit(i + r) * lanes) + lane, width);
                    }
                }
            }
        }
    }

    /// <summary>The sums of two vectors of lanes of eight sources, [source][lane]: sixteen in registers, of which none waits for the one before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SumEight(T* weights, T* port, int count, in Needed needed, int first, T* sums)
    {
        var (w0, w1, w2, w3) = (Row(first, needed), Row(first + 1, needed), Row(first + 2, needed), Row(first + 3, needed));
        var (w4, w5, w6, w7) = (Row(first + 4, needed), Row(first + 5, needed), Row(first + 6, needed), Row(first + 7, needed));
        var (a0, a1, a2, a3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        var (a4, a5, a6, a7) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        var (b0, b1, b2, b3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        var (b4, b5, b6, b7) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        for (var k = 0; k < count; k++, weights++, port += lanes)
        {
            var (a, b) = (Vector512.Load(port), Vector512.Load(port + Vector512<T>.Count));
            (a0, b0) = (Vectors.MultiplyAdd(Vector512.Create(weights[w0]), a, a0), Vectors.MultiplyAdd(Vector512.Create(weights[w0]), b, b0));
            (a1, b1) = (Vectors.MultiplyAdd(Vector512.Create(weights[w1]), a, a1), Vectors.MultiplyAdd(Vector512.Create(weights[w1]), b, b1));
            (a2, b2) = (Vectors.MultiplyAdd(Vector512.Create(weights[w2]), a, a2), Vectors.MultiplyAdd(Vector512.Create(weights[w2]), b, b2));
            (a3, b3) = (Vectors.MultiplyAdd(Vector512.Create(weights[w3]), a, a3), Vectors.MultiplyAdd(Vector512.Create(weights[w3]), b, b3));
            (a4, b4) = (Vectors.MultiplyAdd(Vector512.Create(weights[w4]), a, a4), Vectors.MultiplyAdd(Vector512.Create(weights[w4]), b, b4));
            (a5, b5) = (Vectors.MultiplyAdd(Vector512.Create(weights[w5]), a, a5), Vectors.MultiplyAdd(Vector512.Create(weights[w5]), b, b5));
            (a6, b6) = (Vectors.MultiplyAdd(Vector512.Create(weights[w6]), a, a6), Vectors.MultiplyAdd(Vector512.Create(weights[w6]), b, b6));
            (a7, b7) = (Vectors.MultiplyAdd(Vector512.Create(weights[w7]), a, a7), Vectors.MultiplyAdd(Vector512.Create(weights[w7]), b, b7));
        }

        Store(sums, a0, b0, a1, b1);
        Store(sums + (4 * Vector512<T>.Count), a2, b2, a3, b3);
        Store(sums + (8 * Vector512<T>.Count), a4, b4, a5, b5);
        Store(sums + (12 * Vector512<T>.Count), a6, b6, a7, b7);
    }

    /// <summary>The sums of one vector of lanes of six sources, [source][lane].</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SumSix(T* weights, T* port, int count, in Needed needed, int first, T* sums)
    {
        var (w0, w1, w2) = (Row(first, needed), Row(first + 1, needed), Row(first + 2, needed));
        var (w3, w4, w5) = (Row(first + 3, needed), Row(first + 4, needed), Row(first + 5, needed));
        var (a0, a1, a2, a3, a4, a5) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        for (var k = 0; k < count; k++, weights++, port += lanes)
        {
            var a = Vector512.Load(port);
            (a0, a1) = (Vectors.MultiplyAdd(Vector512.Create(weights[w0]), a, a0), Vectors.MultiplyAdd(Vector512.Create(weights[w1]), a, a1));
            (a2, a3) = (Vectors.MultiplyAdd(Vector512.Create(weights[w2]), a, a2), Vectors.MultiplyAdd(Vector512.Create(weights[w3]), a, a3));
            (a4, a5) = (Vectors.MultiplyAdd(Vector512.Create(weights[w4]), a, a4), Vectors.MultiplyAdd(Vector512.Create(weights[w5]), a, a5));
        }

        Store(sums, a0, a1, a2, a3);
        a4.Store(sums + (4 * Vector512<T>.Count));
        a5.Store(sums + (5 * Vector512<T>.Count));
    }

    /// <summary>Where a needed unit's row of weights begins; the last one's, where there are fewer.</summary>
    private nint Row(int number, in Needed needed) => (nint)needed.Unit(Math.Min(number, needed.Count - 1)) * stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d)
    {
        a.Store(to);
        b.Store(to + Vector512<T>.Count);
        c.Store(to + (2 * Vector512<T>.Count));
        d.Store(to + (3 * Vector512<T>.Count));
    }
}
