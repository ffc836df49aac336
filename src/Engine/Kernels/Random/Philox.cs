using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>
/// Philox4x32-10, a counter-based generator: four random words for every counter of four words and key of two, without a state
/// (Salmon, Moraes, Dror and Shaw 2011, 10.1145/2063384.2063405).
/// </summary>
public static class Philox
{
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

    /// <summary>The words of many counters, the same as one by one.</summary>
    /// <param name="a">The counters' first words, [counter].</param>
    /// <param name="b">Their second words, [counter].</param>
    /// <param name="c">The third word of all.</param>
    /// <param name="d">The fourth word of all.</param>
    /// <param name="key">The key.</param>
    /// <param name="to">Gets the words of all counters, a row for each of the four.</param>
    /// <param name="stride">The distance of these rows.</param>
    /// <param name="count">How many counters.</param>
    internal static unsafe void Blocks(uint* a, uint* b, uint c, uint d, (uint A, uint B) key, uint* to, nint stride, int count)
    {
        var i = 0;
        for (; Avx512F.IsSupported && i + Vector512<uint>.Count <= count; i += Vector512<uint>.Count)
        {
            Blocks512(a + i, b + i, c, d, key, to + i, stride);
        }

        for (; Avx2.IsSupported && i + Vector256<uint>.Count <= count; i += Vector256<uint>.Count)
        {
            Blocks256(a + i, b + i, c, d, key, to + i, stride);
        }

        for (; i < count; i++)
        {
            var words = Block((a[i], b[i], c, d), key);
            (to[i], to[i + stride], to[i + (2 * stride)], to[i + (3 * stride)]) = words;
        }
    }

    /// <summary>Each word has the lower half of a place of 64 bits: what a product leaves in the upper half is in no other product, and no exclusive or brings it down.</summary>
    private static unsafe void Blocks512(uint* a, uint* b, uint c, uint d, (uint A, uint B) key, uint* to, nint stride)
    {
        var half = Vector512<ulong>.Count;
        var (multiplierA, multiplierB) = (Vector512.Create(MultiplierA), Vector512.Create(MultiplierB));
        var (stepA, stepB) = (Vector512.Create((ulong)KeyStepA), Vector512.Create((ulong)KeyStepB));
        var (keyA, keyB) = (Vector512.Create((ulong)key.A), Vector512.Create((ulong)key.B));
        var (a0, a1) = (Avx512F.ConvertToVector512UInt64(Vector256.Load(a)), Avx512F.ConvertToVector512UInt64(Vector256.Load(a + half)));
        var (b0, b1) = (Avx512F.ConvertToVector512UInt64(Vector256.Load(b)), Avx512F.ConvertToVector512UInt64(Vector256.Load(b + half)));
        var c0 = Vector512.Create((ulong)c);
        var d0 = Vector512.Create((ulong)d);
        var (c1, d1) = (c0, d0);
        for (var round = 0; round < Rounds; round++)
        {
            var (first0, first1) = (Avx512F.Multiply(a0.AsUInt32(), multiplierA), Avx512F.Multiply(a1.AsUInt32(), multiplierA));
            var (second0, second1) = (Avx512F.Multiply(c0.AsUInt32(), multiplierB), Avx512F.Multiply(c1.AsUInt32(), multiplierB));
            (a0, a1) = ((second0 >>> 32) ^ b0 ^ keyA, (second1 >>> 32) ^ b1 ^ keyA);
            (c0, c1) = ((first0 >>> 32) ^ d0 ^ keyB, (first1 >>> 32) ^ d1 ^ keyB);
            (b0, b1) = (second0, second1);
            (d0, d1) = (first0, first1);
            keyA += stepA;
            keyB += stepB;
        }

        Store(a0, a1, to);
        Store(b0, b1, to + stride);
        Store(c0, c1, to + (2 * stride));
        Store(d0, d1, to + (3 * stride));
    }

    private static unsafe void Store(Vector512<ulong> first, Vector512<ulong> second, uint* to)
    {
        Avx512F.ConvertToVector256UInt32(first).Store(to);
        Avx512F.ConvertToVector256UInt32(second).Store(to + Vector512<ulong>.Count);
    }

    private static unsafe void Blocks256(uint* first, uint* second, uint third, uint fourth, (uint A, uint B) key, uint* to, nint stride)
    {
        var (a, b, c, d) = (Vector256.Load(first), Vector256.Load(second), Vector256.Create(third), Vector256.Create(fourth));
        for (var round = 0; round < Rounds; round++)
        {
            var (highA, lowA) = Product(a, MultiplierA);
            var (highB, lowB) = Product(c, MultiplierB);
            (a, b, c, d) = (highB ^ b ^ Vector256.Create(key.A), lowB, highA ^ d ^ Vector256.Create(key.B), lowA);
            key = (key.A + KeyStepA, key.B + KeyStepB);
        }

        a.Store(to);
        b.Store(to + stride);
        c.Store(to + (2 * stride));
        d.Store(to + (3 * stride));
    }

    /// <summary>Upper and lower words of products; the instruction multiplies every other word only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> High, Vector256<uint> Low) Product(Vector256<uint> x, uint multiplier)
    {
        var m = Vector256.Create(multiplier);
        var even = Avx2.Multiply(x, m);
        var odd = Avx2.Multiply((x.AsUInt64() >>> 32).AsUInt32(), m);
        return (Avx2.Blend((even >>> 32).AsUInt32(), odd.AsUInt32(), 0xAA), Avx2.Blend(even.AsUInt32(), (odd << 32).AsUInt32(), 0xAA));
    }
}
