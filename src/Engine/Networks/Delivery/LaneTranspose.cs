using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>From [unit][lane] to [lane][unit] and back, in blocks that stay in the first cache.</summary>
internal static unsafe class LaneTranspose
{
    private const int Block = 16;
    private const int Tile = 8;

    /// <summary>Writes rows [unit][lane] as [lane][unit].</summary>
    public static void Write<T>(T* from, T* to, int units, int lanes, int stride)
        where T : unmanaged, INumberBase<T>
    {
        var tiled = 0;
        if (typeof(T) == typeof(float) && Avx.IsSupported && lanes % Tile == 0)
        {
            tiled = units / Tile * Tile;
            for (var unit = 0; unit < tiled; unit += Tile)
            {
                for (var lane = 0; lane < lanes; lane += Tile)
                {
                    Transpose((float*)from + ((long)unit * lanes) + lane, lanes, (float*)to + ((long)lane * stride) + unit, stride, add: false);
                }
            }
        }

        for (var u = tiled; u < units; u += Block)
        {
            var end = Math.Min(u + Block, units);
            for (var lane = 0; lane < lanes; lane++)
            {
                var target = to + ((long)lane * stride);
                for (var unit = u; unit < end; unit++)
                {
                    target[unit] = from[((long)unit * lanes) + lane];
                }
            }
        }
    }

    /// <summary>Adds rows [lane][unit] to [unit][lane].</summary>
    public static void Add<T>(T* from, T* to, int units, int lanes, int stride)
        where T : unmanaged, INumberBase<T>
    {
        var tiled = 0;
        if (typeof(T) == typeof(float) && Avx.IsSupported && lanes % Tile == 0)
        {
            tiled = units / Tile * Tile;
            for (var unit = 0; unit < tiled; unit += Tile)
            {
                for (var lane = 0; lane < lanes; lane += Tile)
                {
                    Transpose((float*)from + ((long)lane * stride) + unit, stride, (float*)to + ((long)unit * lanes) + lane, lanes, add: true);
                }
            }
        }

        for (var unit = tiled; unit < units; unit++)
        {
            var target = to + ((long)unit * lanes);
            for (var lane = 0; lane < lanes; lane++)
            {
                target[lane] += from[((long)lane * stride) + unit];
            }
        }
    }

    /// <summary>A tile of 8 by 8: pairs, then quadruples, then halves change places.</summary>
    private static void Transpose(float* from, int fromStride, float* to, int toStride, bool add)
    {
        var (a, b, c, d) = (Load(0), Load(1), Load(2), Load(3));
        var (e, f, g, h) = (Load(4), Load(5), Load(6), Load(7));
        var (ab0, ab1, cd0, cd1) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        var (ef0, ef1, gh0, gh1) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f), Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        var (p0, p1, p2, p3) = (Low(ab0, cd0), High(ab0, cd0), Low(ab1, cd1), High(ab1, cd1));
        var (q0, q1, q2, q3) = (Low(ef0, gh0), High(ef0, gh0), Low(ef1, gh1), High(ef1, gh1));
        Store(0, Avx.Permute2x128(p0, q0, 0x20));
        Store(1, Avx.Permute2x128(p1, q1, 0x20));
        Store(2, Avx.Permute2x128(p2, q2, 0x20));
        Store(3, Avx.Permute2x128(p3, q3, 0x20));
        Store(4, Avx.Permute2x128(p0, q0, 0x31));
        Store(5, Avx.Permute2x128(p1, q1, 0x31));
        Store(6, Avx.Permute2x128(p2, q2, 0x31));
        Store(7, Avx.Permute2x128(p3, q3, 0x31));

        Vector256<float> Load(int row) => Vector256.Load(from + ((long)row * fromStride));

        void Store(int row, Vector256<float> v)
        {
            var place = to + ((long)row * toStride);
            (add ? Vector256.Load(place) + v : v).Store(place);
        }

        static Vector256<float> Low(Vector256<float> x, Vector256<float> y) => Avx.Shuffle(x, y, 0x44);

        static Vector256<float> High(Vector256<float> x, Vector256<float> y) => Avx.Shuffle(x, y, 0xee);
    }
}
