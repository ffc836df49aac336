using BrainModular.Engine.Statistics;
using Xunit;

namespace BrainModular.Engine.Tests.Statistics;

public sealed class NormalDistributionTests
{
    /// <summary>Abramowitz and Stegun 1964, tables 7.1 and 7.3, and the limits' asymptotic values.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0.1124629160)]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(1, 0.8427007929)]
    [InlineData(-1, -0.8427007929)]
    [InlineData(2, 0.9953222650)]
    [InlineData(4, 0.9999999845827421)]
    public void The_error_function_is_that_of_the_tables(double x, double expected) => Assert.Equal(expected, NormalDistribution.Error(x), 10);

    [Fact]
    public void Its_derivative_is_the_density_and_series_and_fraction_meet()
    {
        for (var x = -7.0; x < 7; x += 0.37)
        {
            const double H = 1e-4;
            var slope = (NormalDistribution.Cumulative(x + H) - NormalDistribution.Cumulative(x - H)) / (2 * H);
            Assert.Equal(Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), slope, 8);
        }

        var border = 3 * Math.Sqrt(2);
        Assert.Equal(NormalDistribution.Cumulative(-border - 1e-13), NormalDistribution.Cumulative(-border + 1e-13), 15);
    }

    [Fact]
    public void Far_tails_do_not_vanish()
    {
        // The tail of 10 standard deviations, 7.6198530241605e-24.
        Assert.Equal(1, NormalDistribution.Cumulative(-10) / 7.6198530241605e-24, 9);
        Assert.Equal(1, NormalDistribution.Cumulative(10));
    }
}
