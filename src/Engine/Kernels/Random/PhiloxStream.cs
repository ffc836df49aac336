using BrainModular.Engine.Ir;
using BrainModular.Random;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>A plugin's stream of random numbers: the number at a position depends on the key and the position alone.</summary>
/// <param name="key">The stream's key.</param>
public sealed class PhiloxStream(StreamKey key) : IRandomStream
{
    private const int BatchLength = 64;

    private readonly double[] normals = new double[BatchLength];
    private ulong? batch;

    /// <summary>The stream that all of a run's streams are split from.</summary>
    /// <param name="seed">The run's seed.</param>
    public PhiloxStream(ulong seed)
        : this(new StreamKey(seed))
    {
    }

    /// <summary>The stream's key, from which rows of noise can be made apart from all its draws.</summary>
    public StreamKey Key => key;

    /// <inheritdoc/>
    public ulong Position { get; set; }

    /// <inheritdoc/>
    public double Uniform()
    {
        var (a, b, _, _) = Block(Position++);
        return ((Word(a, b) >> 12) + 0.5) * Math.ScaleB(1, -52);
    }

    /// <inheritdoc/>
    public double Normal()
    {
        var (number, index) = Math.DivRem(Position++, BatchLength);
        if (batch != number)
        {
            FillBatch(number * BatchLength);
            batch = number;
        }

        return normals[index];
    }

    /// <inheritdoc/>
    public int Integer(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var (a, b, _, _) = Block(Position++);
        return (int)Math.BigMul(Word(a, b), (ulong)bound, out _);
    }

    /// <inheritdoc cref="IRandomStream.Split"/>
    public PhiloxStream Split(string name) => new(key.Split(name));

    IRandomStream IRandomStream.Split(string name) => Split(name);

    private static ulong Word(uint low, uint high) => ((ulong)high << 32) | low;

    /// <summary>The last counter word keeps these draws apart from splits and from rows of noise.</summary>
    private (uint A, uint B, uint C, uint D) Block(ulong position) => Philox.Block(((uint)position, (uint)(position >> 32), 0, 0x8000_0000), key.Words);

    private unsafe void FillBatch(ulong first)
    {
        using var rows = new Memory.RowBuffer(3, BatchLength, Precision.Double);
        var words = (ulong*)rows.Row(0);
        var angles = (ulong*)rows.Row(1);
        for (var i = 0; i < BatchLength; i++)
        {
            var (a, b, c, d) = Block(first + (ulong)i);
            (words[i], angles[i]) = (Word(a, b), Word(c, d));
        }

        var table = stackalloc void*[] { words, angles, rows.Row(2) };
        RandomTransform.Of(RandomDistribution.Normal, Precision.Double).Run(table, BatchLength);
        new ReadOnlySpan<double>(rows.Row(2), BatchLength).CopyTo(normals);
    }
}
