using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>What generic vectors lack.</summary>
internal static unsafe class Vectors
{
    /// <summary>Adds a row to another; both are padded to whole vectors.</summary>
    public static void Add<T>(T* row, T* sums, int count)
        where T : unmanaged, INumberBase<T>
    {
        for (var k = 0; k < count; k += Vector512<T>.Count)
        {
            (Vector512.Load(row + k) + Vector512.Load(sums + k)).Store(sums + k);
        }
    }

    /// <summary>Sets a row, which is padded to whole vectors, to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear<T>(T* row, int count)
        where T : unmanaged, INumberBase<T>
    {
        for (var k = 0; k < count; k += Vector512<T>.Count)
        {
            Vector512<T>.Zero.Store(row + k);
        }
    }

    /// <summary>Copies a row to another; both are padded to whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* row, T* to, int count)
        where T : unmanaged, INumberBase<T>
    {
        for (var k = 0; k < count; k += Vector512<T>.Count)
        {
            Vector512.Load(row + k).Store(to + k);
        }
    }

    /// <summary>A bit for every number, of at most 64, that is not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NotZero<T>(T* row, int count)
        where T : unmanaged, INumberBase<T>
    {
        var (bits, i) = (0UL, 0);
        for (; i + Vector512<T>.Count <= count; i += Vector512<T>.Count)
        {
            bits |= (~Vector512.Equals(Vector512.Load(row + i), Vector512<T>.Zero)).ExtractMostSignificantBits() << i;
        }

        for (; i < count; i++)
        {
            bits |= row[i] == T.Zero ? 0UL : 1UL << i;
        }

        return bits;
    }

    /// <summary>a b + c with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        where T : unmanaged, INumberBase<T> => typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>Writes the sums of four vectors, each in the same order on every processor: halves are added until two or four numbers are left, and these in pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, T* sums)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(float) && Sse3.IsSupported)
        {
            var ab = Sse3.HorizontalAdd(Quarter(a).AsSingle(), Quarter(b).AsSingle());
            var cd = Sse3.HorizontalAdd(Quarter(c).AsSingle(), Quarter(d).AsSingle());
            Sse3.HorizontalAdd(ab, cd).Store((float*)sums);
            return;
        }

        (sums[0], sums[1], sums[2], sums[3]) = (InPairs(Quarter(a)), InPairs(Quarter(b)), InPairs(Quarter(c)), InPairs(Quarter(d)));
    }

    /// <summary>The sum of a vector, in the same order on every processor.</summary>
    public static T Sum<T>(Vector512<T> v)
        where T : unmanaged, INumberBase<T> => InPairs(Quarter(v));

    private static Vector128<T> Quarter<T>(Vector512<T> v)
    {
        var half = v.GetLower() + v.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    private static T InPairs<T>(Vector128<T> v)
        where T : unmanaged, INumberBase<T> => Vector128<T>.Count == 2 ? v[0] + v[1] : (v[0] + v[1]) + (v[2] + v[3]);
}
