using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Lists the units of a row with one lane that are not 0.</summary>
internal static unsafe class ActiveUnits
{
    private const int Block = 64;

    /// <summary>Appends to a list those of a part of a row.</summary>
    /// <param name="row">The row, from its start.</param>
    /// <param name="first">The first number of the part.</param>
    /// <param name="end">The end of the part.</param>
    /// <param name="firstUnit">The number of the row's first unit.</param>
    /// <param name="list">The list: not more of it is written than the row has units up to <paramref name="end"/>.</param>
    /// <param name="kept">Gets their values; null for none.</param>
    /// <param name="count">How many the list has.</param>
    /// <returns>How many it has then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Append<T>(T* row, int first, int end, int firstUnit, int* list, T* kept, int count)
        where T : unmanaged, INumberBase<T>
    {
        for (; first + Block <= end; first += Block)
        {
            if (IsSilent(row + first))
            {
                continue;
            }

            if (typeof(T) == typeof(float) && Avx512F.IsSupported)
            {
                for (var i = first; i < first + Block; i += Vector512<float>.Count)
                {
                    count = AppendVector((float*)row, i, firstUnit, list, (float*)kept, count);
                }

                continue;
            }

            count = AppendBits(row, first, Block, firstUnit, list, kept, count);
        }

        return AppendBits(row, first, end - first, firstUnit, list, kept, count);
    }

    /// <summary>Writes whole vectors, of which what is not wanted is overwritten later: the list never gets ahead of the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AppendVector(float* row, int first, int firstUnit, int* list, float* kept, int count)
    {
        var values = Vector512.Load(row + first);
        var isActive = ~Vector512.Equals(values, Vector512<float>.Zero);
        var units = Vector512.Create(firstUnit + first) + Vector512<int>.Indices;
        Avx512F.Compress(Vector512<int>.Zero, isActive.AsInt32(), units).Store(list + count);
        if (kept is not null)
        {
            Avx512F.Compress(Vector512<float>.Zero, isActive, values).Store(kept + count);
        }

        return count + BitOperations.PopCount(isActive.ExtractMostSignificantBits());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AppendBits<T>(T* row, int first, int length, int firstUnit, int* list, T* kept, int count)
        where T : unmanaged, INumberBase<T>
    {
        for (var bits = Vectors.NotZero(row + first, length); bits != 0; bits &= bits - 1)
        {
            var unit = first + BitOperations.TrailingZeroCount(bits);
            list[count] = firstUnit + unit;
            if (kept is not null)
            {
                kept[count] = row[unit];
            }

            count++;
        }

        return count;
    }

    /// <summary>Whether all bits of a block are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSilent<T>(T* row)
        where T : unmanaged, INumberBase<T>
    {
        var any = Vector512.Load(row);
        for (var i = Vector512<T>.Count; i < Block; i += Vector512<T>.Count)
        {
            any |= Vector512.Load(row + i);
        }

        return any.AsUInt64() == Vector512<ulong>.Zero;
    }
}
