using System.Numerics;
using System.Runtime.CompilerServices;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>
/// The weights of a projection, and their coordinates: what an optimiser sees, one number per weight that is trained. A weight is its unit
/// times the coordinate; where it has a sign, the sign times the magnitude of that, so that Dale's law holds whatever the coordinate.
/// </summary>
/// <param name="Definition">The projection that owns the weights.</param>
/// <param name="Sources">Its sources.</param>
/// <param name="Targets">Its targets.</param>
/// <param name="Place">Its place among the blocks.</param>
internal sealed record WeightBlock(ProjectionDefinition Definition, int Sources, int Targets, int Place)
{
    private readonly bool hasSign = Definition.Sign != WeightSign.Free;
    private readonly double scale = Definition.Sign == WeightSign.Negative ? -Definition.WeightUnit : Definition.WeightUnit;

    /// <summary>The number of weights.</summary>
    public int Count => Definition.Weights.Length;

    /// <summary>The trained weights, or null for all.</summary>
    public int[]? Free { get; } = Definition.Frozen is null ? null : [.. Enumerable.Range(0, Definition.Frozen.Length).Where(i => !Definition.Frozen[i])];

    /// <summary>How many coordinates.</summary>
    public int Coordinates => Definition.Trainable ? Free?.Length ?? Count : 0;

    /// <summary>How many numbers hold the weights in memory: rows of dense ones are padded to whole vectors.</summary>
    public long StoredLength<T>()
        where T : unmanaged, INumberBase<T> => Definition.Connections is null ? (long)Sources * Transmission<T>.StrideOf(Targets) : Count;

    /// <summary>Where a weight lies in memory.</summary>
    public long StoredAt<T>(int weight)
        where T : unmanaged, INumberBase<T> => Definition.Connections is null
            ? ((long)(weight / Targets) * Transmission<T>.StrideOf(Targets)) + (weight % Targets)
            : weight;

    /// <summary>Runs of coordinates whose weights lie side by side in memory: their first number, that of their first weight's place, and how many.</summary>
    public IEnumerable<(int Coordinate, long Stored, int Length)> Runs<T>()
        where T : unmanaged, INumberBase<T>
    {
        if (Free is not null)
        {
            return Enumerable.Range(0, Coordinates).Select(i => (i, StoredAt<T>(Free[i]), 1));
        }

        return Definition.Connections is null && Coordinates > 0
            ? Enumerable.Range(0, Sources).Select(s => (s * Targets, (long)s * Transmission<T>.StrideOf(Targets), Targets))
            : [(0, 0L, Coordinates)];
    }

    /// <summary>Writes the weights at coordinates side by side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // among much else its loop would lack registers
    public unsafe void Write<T>(ReadOnlySpan<double> coordinates, T* weights)
        where T : unmanaged, INumberBase<T>
    {
        var (factor, isSigned) = (scale, hasSign);
        for (var i = 0; i < coordinates.Length; i++)
        {
            weights[i] = T.CreateTruncating(factor * (isSigned ? Math.Abs(coordinates[i]) : coordinates[i]));
        }
    }

    /// <summary>Adds the gradient by coordinates side by side, from the one by their weights.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void AddGradient<T>(ReadOnlySpan<double> coordinates, T* byWeight, Span<double> gradient)
        where T : unmanaged, INumberBase<T>
    {
        var (factor, isSigned) = (scale, hasSign);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += (isSigned ? factor * Math.Sign(coordinates[i]) : factor) * double.CreateTruncating(byWeight[i]);
        }
    }

    /// <summary>The weight in engine units at a coordinate.</summary>
    public double Weight(double coordinate) => scale * (hasSign ? Math.Abs(coordinate) : coordinate);
}
