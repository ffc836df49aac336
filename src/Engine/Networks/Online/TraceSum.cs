using System.Numerics;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>How factors are read: a vector of them, or one for a whole vector.</summary>
internal unsafe interface IFactor<T>
    where T : unmanaged, INumberBase<T>
{
    static abstract Vector512<T> Load(T* from);
}

/// <summary>Each lane has its own.</summary>
internal readonly unsafe struct FactorOfLanes<T> : IFactor<T>
    where T : unmanaged, INumberBase<T>
{
    public static Vector512<T> Load(T* from) => Vector512.Load(from);
}

/// <summary>All synapses have that of one lane.</summary>
internal readonly unsafe struct FactorOfSynapses<T> : IFactor<T>
    where T : unmanaged, INumberBase<T>
{
    public static Vector512<T> Load(T* from) => Vector512.Create(*from);
}

/// <summary>The sums of <see cref="TraceResponse{T}"/> for one vector of lanes or synapses.</summary>
internal static unsafe class TraceSum
{
    private const int Tile = 4;

    /// <summary>How many sums are taken where so many are wanted: two, or whole tiles of four.</summary>
    public static int Padded(int sums) => sums <= 2 ? 2 : (sums + Tile - 1) / Tile * Tile;

    /// <summary>Takes the sums.</summary>
    /// <param name="traces">[trace][column]; a vector of each is changed.</param>
    /// <param name="traceStride">From one trace to the next.</param>
    /// <param name="count">How many traces.</param>
    /// <param name="states">How many filter states.</param>
    /// <param name="rows">[filter state, then step][column]: the states before the first step, and what arrived in each.</param>
    /// <param name="rowStride">From one of these rows to the next.</param>
    /// <param name="events">The steps in which something arrived, a bit each.</param>
    /// <param name="factors">[traces, filter states, steps][sum], from the first lane that is meant on.</param>
    /// <param name="sums">How many sums there are, padded.</param>
    /// <param name="results">Room for them; the sum after the traces is the gradient.</param>
    public static void Take<T, TFactor>(
        T* traces, nint traceStride, int count, int states, T* rows, nint rowStride, ulong events, T* factors, int sums, Vector512<T>* results)
        where T : unmanaged, INumberBase<T>
        where TFactor : struct, IFactor<T>
    {
        var perInput = (nint)sums * Vector512<T>.Count;
        for (var sum = 0; sum < sums; sum += Tile)
        {
            var (factor, two) = ((nint)(factors + (sum * Vector512<T>.Count)), sum + 2 == sums);
            var (a, b, c, d) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
            for (var k = 0; k < count + states; k++, factor += perInput * sizeof(T))
            {
                Add<T, TFactor>(Vector512.Load(k < count ? traces + (k * traceStride) : rows + ((k - count) * rowStride)), (T*)factor, two, ref a, ref b, ref c, ref d);
            }

            for (var left = events; left != 0; left &= left - 1)
            {
                var step = BitOperations.TrailingZeroCount(left);
                Add<T, TFactor>(Vector512.Load(rows + ((states + step) * rowStride)), (T*)factor + (step * perInput), two, ref a, ref b, ref c, ref d);
            }

            (results[sum], results[sum + 1]) = (a, b);
            if (!two)
            {
                (results[sum + 2], results[sum + 3]) = (c, d);
            }
        }

        for (var k = 0; k < count; k++)
        {
            results[k].Store(traces + (k * traceStride));
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    private static void Add<T, TFactor>(Vector512<T> value, T* factor, bool two, ref Vector512<T> a, ref Vector512<T> b, ref Vector512<T> c, ref Vector512<T> d)
        where T : unmanaged, INumberBase<T>
        where TFactor : struct, IFactor<T>
    {
        a = Vectors.MultiplyAdd(TFactor.Load(factor), value, a);
        b = Vectors.MultiplyAdd(TFactor.Load(factor + Vector512<T>.Count), value, b);
        if (!two)
        {
            c = Vectors.MultiplyAdd(TFactor.Load(factor + (2 * Vector512<T>.Count)), value, c);
            d = Vectors.MultiplyAdd(TFactor.Load(factor + (3 * Vector512<T>.Count)), value, d);
        }
    }
}
