using System.Numerics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Arrays;

/// <summary>Numbers as a file stores them, which come in pieces, so that they are never whole in memory.</summary>
/// <param name="count">How many.</param>
public abstract class NumberStream(long count)
{
    /// <summary>How many.</summary>
    public long Count => count;

    /// <summary>All of them.</summary>
    public abstract double[] ToArray();

    /// <summary>Writes them as a dataset of their own type.</summary>
    internal abstract void Write(Hdf5Writer writer, string path, Hdf5Storage storage);
}

/// <summary>Numbers of a type.</summary>
/// <param name="count">How many.</param>
/// <param name="pieces">The numbers in order; walked again by each reading.</param>
public sealed class NumberStream<T>(long count, IEnumerable<T[]> pieces) : NumberStream(count)
    where T : unmanaged, INumber<T>
{
    /// <summary>The numbers of an array.</summary>
    public NumberStream(T[] numbers)
        : this((numbers ?? throw new ArgumentNullException(nameof(numbers))).Length, [numbers])
    {
    }

    /// <inheritdoc/>
    public override double[] ToArray() => [.. pieces.SelectMany(static piece => piece).Select(double.CreateChecked)];

    internal override void Write(Hdf5Writer writer, string path, Hdf5Storage storage) => writer.Dataset(path, Count, pieces, storage);
}
