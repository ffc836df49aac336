using BrainModular.Engine.Kernels.Random;
using Xunit;

namespace BrainModular.Engine.Tests.Kernels;

public sealed class PoissonCountsTests
{
    /// <summary>P(N = n) = exp(-m) m^n / n!: of as many counts, a number that is binomial.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(1.7)]
    [InlineData(30)]
    public void Counts_have_the_probabilities_of_poisson(double mean)
    {
        const int elements = 1000;
        const int steps = 400;
        var counts = new PoissonCounts(new PhiloxStream(3).Split("counts").Key, mean, elements);
        var (row, seen) = (new float[elements], new Dictionary<float, int>());
        for (var step = 0; step < steps; step++)
        {
            counts.Fill(row, step, 1, 0);
            foreach (var count in row)
            {
                seen[count] = seen.GetValueOrDefault(count) + 1;
            }
        }

        var probability = Math.Exp(-mean);
        var compared = 0;
        for (var n = 0; n < 80; n++, probability *= mean / n)
        {
            var expected = probability * elements * steps;
            if (expected > 20)
            {
                Assert.InRange(seen.GetValueOrDefault(n), expected - (4.5 * Math.Sqrt(expected)), expected + (4.5 * Math.Sqrt(expected)));
                compared++;
            }
        }

        Assert.True(compared > 3);
    }

    [Fact]
    public void A_count_depends_on_its_unit_lane_and_step_alone()
    {
        var key = new PhiloxStream(1).Key;
        var (together, single, later) = (new float[7 * 3], new float[7], new float[7 * 3]);
        new PoissonCounts(key, 5, 21).Fill(together, 9, 3, 10);
        new PoissonCounts(key, 5, 7).Fill(single, 9, 1, 12);
        Assert.Equal(single, Enumerable.Range(0, 7).Select(unit => together[(unit * 3) + 2]));
        new PoissonCounts(key, 5, 21).Fill(later, 10, 3, 10);
        Assert.NotEqual(together, later);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonCounts(key, 1.01 * PoissonCounts.LargestMean, 1));
    }
}
