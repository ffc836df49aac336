using BrainModular.Random;

namespace BrainModular.Engine.Random;

/// <summary>
/// A named stream of random numbers. The n-th number is a function of the stream's key and n, by <see cref="Philox"/>, and of nothing else:
/// arithmetic that is the same on every machine makes uniform and normal numbers of its words.
/// </summary>
public sealed class RandomStream : IRandomStream
{
    private readonly ulong key;

    private RandomStream(ulong key) => this.key = key;

    /// <summary>The root stream of a seed.</summary>
    public static RandomStream FromSeed(ulong seed) => new(seed);

    /// <inheritdoc/>
    public ulong Position { get; set; }

    /// <inheritdoc/>
    public double Uniform() => Unit(Next().First);

    /// <inheritdoc/>
    public double Normal()
    {
        // Box and Muller; one number of the pair, so that each position gives one number.
        var (first, second) = Next();
        return Math.Sqrt(-2 * PortableMath.Log(Unit(first))) * PortableMath.CosineOfTurns(Unit(second));
    }

    /// <inheritdoc/>
    public int Integer(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Next().First, (ulong)bound, out _);
    }

    /// <inheritdoc/>
    public IRandomStream Split(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (a, b) = (0x6272_6169u, 0x6E00_0000u);
        foreach (var letter in name)
        {
            (a, b, _, _) = Philox.Block((a, b, letter, 1), Halves(key));
        }

        var (c, d, _, _) = Philox.Block((a, b, (uint)name.Length, 2), Halves(key));
        return new RandomStream(((ulong)c << 32) | d);
    }

    // The middle of one of 2^52 equal parts of (0, 1): neither 0 nor 1.
    private static double Unit(ulong word) => ((word >> 12) + 0.5) * (1.0 / (1ul << 52));

    private static (uint Low, uint High) Halves(ulong word) => ((uint)word, (uint)(word >> 32));

    private (ulong First, ulong Second) Next()
    {
        var (low, high) = Halves(Position++);
        var (a, b, c, d) = Philox.Block((low, high, 0, 0), Halves(key));
        return (((ulong)a << 32) | b, ((ulong)c << 32) | d);
    }
}
