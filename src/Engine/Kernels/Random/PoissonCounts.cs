using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>
/// Rows of Poisson-distributed counts: a random word w becomes the number of counts n with P(N &lt;= n) &lt;= w / 2^32. A count depends on the stream, the step, the unit and the
/// lane alone; a block of <see cref="Philox"/> has the words of four steps. Counts that are rarer than 2^-32 do not occur.
/// </summary>
public sealed class PoissonCounts
{
    private const int StepsPerBlock = 4;
    private const double Words = 1L << 32;

    private readonly (uint A, uint B) key;
    private readonly uint[] thresholds;
    private readonly int stride;
    private readonly uint[] words;
    private readonly uint[] unit;
    private readonly uint[] lane;
    private (int Block, int Lanes, int FirstLane) drawn = (-1, 0, 0);

    /// <param name="stream">The stream.</param>
    /// <param name="mean">The mean of a count, at least 0 and at most <see cref="LargestMean"/>.</param>
    /// <param name="elements">Units times lanes of a row.</param>
    public PoissonCounts(StreamKey stream, double mean, int elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mean);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mean, LargestMean);
        (key, thresholds) = (stream.Words, [.. Thresholds(mean)]);
        stride = (elements + Vector512<uint>.Count - 1) / Vector512<uint>.Count * Vector512<uint>.Count;
        (words, unit, lane) = (new uint[StepsPerBlock * stride], new uint[stride], new uint[stride]);
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
        Draw(step / StepsPerBlock, lanes, firstLane);
        var own = words.AsSpan(step % StepsPerBlock * stride, stride);
        var at = 0;
        for (; at + Vector512<uint>.Count <= row.Length; at += Vector512<uint>.Count)
        {
            var (word, count) = (Vector512.Create<uint>(own[at..]), Vector512<int>.Zero);
            foreach (var threshold in thresholds)
            {
                count -= Vector512.GreaterThanOrEqual(word, Vector512.Create(threshold)).AsInt32();
            }

            Vector512.ConvertToSingle(count).CopyTo(row[at..]);
        }

        for (; at < row.Length; at++)
        {
            row[at] = 0;
            foreach (var threshold in thresholds)
            {
                row[at] += own[at] >= threshold ? 1 : 0;
            }
        }
    }

    /// <summary>P(N &lt;= 0), P(N &lt;= 1) and so on, as words.</summary>
    private static IEnumerable<uint> Thresholds(double mean)
    {
        var (probability, sum) = (Math.Exp(-mean), 0.0);
        for (var count = 0; ; count++, probability *= mean / count)
        {
            sum += probability;
            var threshold = Math.Round(sum * Words);
            if (threshold >= Words)
            {
                yield break;
            }

            yield return (uint)threshold;
        }
    }

    private unsafe void Draw(int block, int lanes, int firstLane)
    {
        if (drawn == (block, lanes, firstLane))
        {
            return;
        }

        if ((lanes, firstLane) != (drawn.Lanes, drawn.FirstLane))
        {
            for (var i = 0; i < stride; i++)
            {
                (unit[i], lane[i]) = ((uint)(i / lanes), (uint)(firstLane + (i % lanes)));
            }
        }

        drawn = (block, lanes, firstLane);
        fixed (uint* to = words, units = unit, laneNumbers = lane)
        {
            Philox.Blocks(laneNumbers, units, (uint)block, 0, key, to, stride, stride);
        }
    }
}
