using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>One row of connections with numbers that lie where its targets say, in the same order of additions on every processor.</summary>
internal static unsafe class GatheredRows
{
    /// <summary>The sum of w_k from[places_k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot<T>(T* w, T* from, int* places, int count)
        where T : unmanaged, INumberBase<T>
    {
        var (even, odd, k) = (Vector512<T>.Zero, Vector512<T>.Zero, 0);
        for (; k + (2 * Vector512<T>.Count) <= count; k += 2 * Vector512<T>.Count)
        {
            even = Vectors.MultiplyAdd(Vector512.Load(w + k), Gather(from, places + k), even);
            odd = Vectors.MultiplyAdd(Vector512.Load(w + k + Vector512<T>.Count), Gather(from, places + k + Vector512<T>.Count), odd);
        }

        var sum = T.Zero;
        for (; k < count; k++)
        {
            sum += w[k] * from[places[k]];
        }

        return Vectors.Sum(even + odd) + sum;
    }

    /// <summary>Adds value from[places_k] to sums_k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(T value, T* from, int* places, T* sums, int count)
        where T : unmanaged, INumberBase<T>
    {
        var (all, k) = (Vector512.Create(value), 0);
        for (; k + Vector512<T>.Count <= count; k += Vector512<T>.Count)
        {
            Vectors.MultiplyAdd(all, Gather(from, places + k), Vector512.Load(sums + k)).Store(sums + k);
        }

        for (; k < count; k++)
        {
            sums[k] += value * from[places[k]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Gather<T>(T* from, int* places)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(float) && Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.GatherVector256((float*)from, Vector256.Load(places), sizeof(float)), Avx2.GatherVector256((float*)from, Vector256.Load(places + 8), sizeof(float))).As<float, T>();
        }

        if (typeof(T) == typeof(double) && Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.GatherVector256((double*)from, Vector128.Load(places), sizeof(double)), Avx2.GatherVector256((double*)from, Vector128.Load(places + 4), sizeof(double))).As<double, T>();
        }

        var gathered = stackalloc T[Vector512<T>.Count];
        for (var k = 0; k < Vector512<T>.Count; k++)
        {
            gathered[k] = from[places[k]];
        }

        return Vector512.Load(gathered);
    }
}
