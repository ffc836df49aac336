using System.Numerics;
using System.Runtime.Intrinsics;
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

    /// <summary>Whether all connections have one weight, which is kept once.</summary>
    public bool IsShared => Definition is { Weights.Length: 1, Connections.Count: not 1 };

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
    public long StoredAt<T>(long weight)
        where T : unmanaged, INumberBase<T> => Definition.Connections is null
            ? (weight / Targets * Transmission<T>.StrideOf(Targets)) + (weight % Targets)
            : IsShared ? 0 : weight;

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
    public unsafe void Write<T>(ReadOnlySpan<double> coordinates, T* weights)
        where T : unmanaged, INumberBase<T>
    {
        var (i, half) = (0, Vector512<double>.Count);
        for (; typeof(T) == typeof(float) && i + (2 * half) <= coordinates.Length; i += 2 * half)
        {
            Vector512.Narrow(Weights(coordinates[i..]), Weights(coordinates[(i + half)..])).Store((float*)weights + i);
        }

        for (; i < coordinates.Length; i++)
        {
            weights[i] = T.CreateTruncating(Weight(coordinates[i]));
        }
    }

    /// <summary>Adds the gradient by coordinates side by side, from the one by their weights.</summary>
    /// <param name="coordinates">The coordinates.</param>
    /// <param name="byWeight">The gradient by weights.</param>
    /// <param name="gradient">Gets it added.</param>
    /// <param name="isFirst">Whether there is nothing yet to add it to: what the gradient holds is overwritten.</param>
    public unsafe void AddGradient<T>(ReadOnlySpan<double> coordinates, T* byWeight, Span<double> gradient, bool isFirst)
        where T : unmanaged, INumberBase<T>
    {
        var (i, half) = (0, Vector512<double>.Count);
        for (; isFirst && typeof(T) == typeof(float) && i + (2 * half) <= gradient.Length; i += 2 * half)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load((float*)byWeight + i));
            (Slopes(coordinates[i..]) * lower).CopyTo(gradient[i..]);
            (Slopes(coordinates[(i + half)..]) * upper).CopyTo(gradient[(i + half)..]);
        }

        for (; typeof(T) == typeof(float) && i + (2 * half) <= gradient.Length; i += 2 * half)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load((float*)byWeight + i));
            (Vector512.Create<double>(gradient[i..]) + (Slopes(coordinates[i..]) * lower)).CopyTo(gradient[i..]);
            (Vector512.Create<double>(gradient[(i + half)..]) + (Slopes(coordinates[(i + half)..]) * upper)).CopyTo(gradient[(i + half)..]);
        }

        for (; i < gradient.Length; i++)
        {
            gradient[i] = (isFirst ? 0 : gradient[i]) + (Slope(coordinates[i]) * double.CreateTruncating(byWeight[i]));
        }
    }

    /// <summary>The weight in engine units at a coordinate.</summary>
    public double Weight(double coordinate) => scale * (hasSign ? Math.Abs(coordinate) : coordinate);

    /// <summary>The derivative of the weight by its coordinate.</summary>
    public double Slope(double coordinate) => scale * (hasSign ? Math.Sign(coordinate) : 1);

    private Vector512<double> Weights(ReadOnlySpan<double> coordinates)
    {
        var c = Vector512.Create(coordinates);
        return scale * (hasSign ? Vector512.Abs(c) : c);
    }

    private Vector512<double> Slopes(ReadOnlySpan<double> coordinates)
    {
        if (!hasSign)
        {
            return Vector512.Create(scale);
        }

        var c = Vector512.Create(coordinates);
        return scale * Vector512.ConditionalSelect(Vector512.Equals(c, Vector512<double>.Zero), Vector512<double>.Zero, Vector512.CopySign(Vector512<double>.One, c));
    }
}
