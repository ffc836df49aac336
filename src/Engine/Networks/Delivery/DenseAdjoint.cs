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

    /// <summary>Up to which share of units and lanes a product for each takes less than vectors of lanes.</summary>
    private const double Few = 0.45;

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

    /// <summary>Four sources at a time, so that a load of the port's adjoint serves four products.</summary>
    private void AddVectors(T* weights, T* port, T* sent, in Needed needed)
    {
        var (i, count) = (0, needed.Count);
        for (; i + Rows <= count; i += Rows)
        {
            var (j0, j1, j2, j3) = (needed.Unit(i), needed.Unit(i + 1), needed.Unit(i + 2), needed.Unit(i + 3));
            var w0 = weights + ((long)j0 * stride);
            var w1 = weights + ((long)j1 * stride);
            var w2 = weights + ((long)j2 * stride);
            var w3 = weights + ((long)j3 * stride);
            for (var lane = 0; lane < lanes; lane += Vector512<T>.Count)
            {
                var (s0, s1, s2, s3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
                var a = port + lane;
                for (var k = 0; k < targets; k++, a += lanes)
                {
                    var v = Vector512.Load(a);
                    s0 = Vectors.MultiplyAdd(Vector512.Create(w0[k]), v, s0);
                    s1 = Vectors.MultiplyAdd(Vector512.Create(w1[k]), v, s1);
                    s2 = Vectors.MultiplyAdd(Vector512.Create(w2[k]), v, s2);
                    s3 = Vectors.MultiplyAdd(Vector512.Create(w3[k]), v, s3);
                }

                AddTo(sent + ((long)j0 * lanes) + lane, s0);
                AddTo(sent + ((long)j1 * lanes) + lane, s1);
                AddTo(sent + ((long)j2 * lanes) + lane, s2);
                AddTo(sent + ((long)j3 * lanes) + lane, s3);
            }
        }

        for (; i < count; i++)
        {
            var source = needed.Unit(i);
            var row = weights + ((long)source * stride);
            for (var lane = 0; lane < lanes; lane += Vector512<T>.Count)
            {
                var sum = Vector512<T>.Zero;
                var a = port + lane;
                for (var k = 0; k < targets; k++, a += lanes)
                {
                    sum = Vectors.MultiplyAdd(Vector512.Create(row[k]), Vector512.Load(a), sum);
                }

                AddTo(sent + ((long)source * lanes) + lane, sum);
            }
        }
    }

    private static void AddTo(T* place, Vector512<T> sum) => (Vector512.Load(place) + sum).Store(place);
}
