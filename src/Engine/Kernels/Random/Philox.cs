using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>
/// Philox4x32-10, a counter-based generator: four random words for every counter of four words and key of two, without a state
/// (Salmon, Moraes, Dror and Shaw 2011, 10.1145/2063384.2063405).
/// </summary>
public static class Philox
{
    /// <summary>How many counters one vector step works on.</summary>
    internal const int Width = 8;

    private const int Rounds = 10;
    private const uint MultiplierA = 0xD251_1F53;
    private const uint MultiplierB = 0xCD9E_8D57;
    private const uint KeyStepA = 0x9E37_79B9;
    private const uint KeyStepB = 0xBB67_AE85;

    /// <summary>The words of one counter.</summary>
    public static (uint A, uint B, uint C, uint D) Block((uint A, uint B, uint C, uint D) counter, (uint A, uint B) key)
    {
        var (a, b, c, d) = counter;
        for (var round = 0; round < Rounds; round++)
        {
            var first = (ulong)MultiplierA * a;
            var second = (ulong)MultiplierB * c;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ key.A, (uint)second, (uint)(first >> 32) ^ d ^ key.B, (uint)first);
            key = (key.A + KeyStepA, key.B + KeyStepB);
        }

        return (a, b, c, d);
    }

    /// <summary>The words of <see cref="Width"/> counters at once, the same as one by one.</summary>
    internal static (Vector256<uint> A, Vector256<uint> B, Vector256<uint> C, Vector256<uint> D) Blocks(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, (uint A, uint B) key)
    {
        if (!Avx2.IsSupported)
        {
            return OneByOne(a, b, c, d, key);
        }

        for (var round = 0; round < Rounds; round++)
        {
            var (highA, lowA) = Product(a, MultiplierA);
            var (highB, lowB) = Product(c, MultiplierB);
            (a, b, c, d) = (highB ^ b ^ Vector256.Create(key.A), lowB, highA ^ d ^ Vector256.Create(key.B), lowA);
            key = (key.A + KeyStepA, key.B + KeyStepB);
        }

        return (a, b, c, d);
    }

    private static (Vector256<uint> A, Vector256<uint> B, Vector256<uint> C, Vector256<uint> D) OneByOne(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, (uint A, uint B) key)
    {
        for (var i = 0; i < Width; i++)
        {
            var words = Block((a[i], b[i], c[i], d[i]), key);
            (a, b, c, d) = (a.WithElement(i, words.A), b.WithElement(i, words.B), c.WithElement(i, words.C), d.WithElement(i, words.D));
        }

        return (a, b, c, d);
    }

    /// <summary>Upper and lower words of products; the instruction multiplies every other word only.</summary>
    private static (Vector256<uint> High, Vector256<uint> Low) Product(Vector256<uint> x, uint multiplier)
    {
        var m = Vector256.Create(multiplier);
        var even = Avx2.Multiply(x, m);
        var odd = Avx2.Multiply((x.AsUInt64() >>> 32).AsUInt32(), m);
        return (Avx2.Blend((even >>> 32).AsUInt32(), odd.AsUInt32(), 0xAA), Avx2.Blend(even.AsUInt32(), (odd << 32).AsUInt32(), 0xAA));
    }
}
