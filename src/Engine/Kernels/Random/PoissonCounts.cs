using System.Runtime.Intrinsics;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>
/// Rows of Poisson-distributed counts: a uniform number u of <see cref="NoiseSource"/> becomes the number of counts n with P(N &lt;= n) &lt; u. Like those numbers, a count depends
/// on the stream, the step, the unit and the lane alone. Counts that are rarer than 2^-24, the finest of single precision, do not occur.
/// </summary>
public sealed unsafe class PoissonCounts
{
    private const double Finest = 1.0 / (1 << 24);

    private readonly NoiseSource source;
    private readonly float* uniform;
    private readonly float[] memory;
    private readonly float[] cumulative;

    /// <param name="stream">The stream.</param>
    /// <param name="mean">The mean of a count, at least 0 and at most <see cref="LargestMean"/>.</param>
    /// <param name="elements">Units times lanes of a row.</param>
    public PoissonCounts(StreamKey stream, double mean, int elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mean);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mean, LargestMean);
        source = new(stream, RandomDistribution.Uniform, Precision.Single);
        memory = GC.AllocateArray<float>(elements + (2 * Vector512<float>.Count), pinned: true);
        uniform = (float*)(((nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref memory[0]) + 63) & ~(nint)63);
        cumulative = [.. Cumulative(mean)];
    }

    /// <summary>The largest mean: exp(-mean) has to be far from the smallest number.</summary>
    public static double LargestMean => 100;

    /// <summary>Fills a row, [unit][lane].</summary>
    /// <param name="row">Gets the counts.</param>
    /// <param name="step">The step.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="firstLane">The first lane's number.</param>
    public void Fill(Span<float> row, int step, int lanes, int firstLane)
    {
        source.Fill(uniform, (ulong)step, row.Length / lanes, lanes, 0, firstLane);
        var drawn = new ReadOnlySpan<float>(uniform, row.Length);
        var at = 0;
        for (; at + Vector512<float>.Count <= row.Length; at += Vector512<float>.Count)
        {
            var (u, count) = (Vector512.Create(drawn[at..]), Vector512<int>.Zero);
            foreach (var bound in cumulative)
            {
                count -= Vector512.GreaterThan(u, Vector512.Create(bound)).AsInt32();
            }

            Vector512.ConvertToSingle(count).CopyTo(row[at..]);
        }

        for (; at < row.Length; at++)
        {
            row[at] = 0;
            foreach (var bound in cumulative)
            {
                row[at] += drawn[at] > bound ? 1 : 0;
            }
        }
    }

    /// <summary>P(N &lt;= 0), P(N &lt;= 1) and so on.</summary>
    private static IEnumerable<float> Cumulative(double mean)
    {
        var (probability, sum) = (Math.Exp(-mean), 0.0);
        for (var count = 0; sum < 1 - Finest; count++, probability *= mean / count)
        {
            sum += probability;
            yield return (float)sum;
        }
    }
}
