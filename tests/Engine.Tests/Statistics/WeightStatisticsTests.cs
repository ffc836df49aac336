using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Statistics;
using Xunit;

namespace BrainModular.Engine.Tests.Statistics;

/// <summary>Fits against closed forms, known samples and each other.</summary>
public sealed class WeightStatisticsTests
{
    [Fact]
    public void Three_numbers_have_the_fits_that_a_hand_calculation_gives()
    {
        double[] numbers = [1, Math.E, Math.E * Math.E];

        var log = LogNormalFit.To(numbers);
        Assert.Equal(Math.E, log.Median, 12);
        Assert.Equal(Math.Sqrt(2.0 / 3), log.Spread, 12);
        Assert.Equal(HalfNormalFit.To(numbers).Sigma, Math.Sqrt((1 + Math.Exp(2) + Math.Exp(4)) / 3), 12);
        foreach (var fit in (MagnitudeFit[])[log, HalfNormalFit.To(numbers)])
        {
            Assert.Equal(numbers.Sum(x => Math.Log(fit.Density(x))), fit.LogLikelihood, 12);
            Assert.Equal((2 * fit.Parameters) - (2 * fit.LogLikelihood), fit.Akaike, 12);
        }

        // The median lies at 1/2; the steps there are at 1/3 and 2/3, those before it at 0 and 1/3.
        var first = log.Cumulative(1);
        Assert.Equal(Math.Max(1.0 / 6, Math.Max(first, (1.0 / 3) - first)), log.Measured(numbers).Distance, 12);
    }

    [Fact]
    public void No_other_parameters_are_more_likely()
    {
        var numbers = LogNormal(500, 0.3, 0.7);
        var (half, log) = (HalfNormalFit.To(numbers), LogNormalFit.To(numbers));
        foreach (var factor in (double[])[0.98, 1.02])
        {
            Assert.True(Likelihood(half with { Sigma = half.Sigma * factor }) < half.LogLikelihood);
            Assert.True(Likelihood(log with { Median = log.Median * factor }) < log.LogLikelihood);
            Assert.True(Likelihood(log with { Spread = log.Spread * factor }) < log.LogLikelihood);
        }

        double Likelihood(MagnitudeFit fit) => numbers.Sum(x => Math.Log(fit.Density(x)));
    }

    [Fact]
    public void Densities_integrate_to_their_cumulative_distribution()
    {
        foreach (var fit in (MagnitudeFit[])[new HalfNormalFit(1, 0, 0.8), new LogNormalFit(1, 0, 0.6, 0.9)])
        {
            const int Steps = 20_000;
            var integral = Enumerable.Range(0, Steps).Sum(i => fit.Density((i + 0.5) * 2 / Steps) * 2 / Steps);
            Assert.Equal(fit.Cumulative(2), integral, 6);
        }
    }

    [Fact]
    public void Samples_of_either_distribution_are_told_apart_and_give_their_parameters_back()
    {
        var random = new PhiloxStream(5);
        double[] normal = [.. Enumerable.Range(0, 4000).Select(_ => 0.4 * random.Normal())];
        var half = WeightStatistics.Of(normal);
        Assert.Same(half.HalfNormal, half.Better);
        Assert.Equal(0.4, half.HalfNormal!.Sigma, 0.4 * 4 / Math.Sqrt(2 * 4000));
        Assert.False(half.HalfNormal.IsRejected);
        Assert.True(half.LogNormal!.IsRejected);
        Assert.InRange(half.Negative, 1800, 2200);

        var log = WeightStatistics.Of([.. LogNormal(4000, 0.3, 0.7).Select(static w => -w)]);
        Assert.Same(log.LogNormal, log.Better);
        Assert.Equal(0.3, log.LogNormal!.Median, 0.3 * 4 * 0.7 / Math.Sqrt(4000));
        Assert.Equal(0.7, log.LogNormal.Spread, 4 * 0.7 / Math.Sqrt(2 * 4000));
        Assert.False(log.LogNormal.IsRejected);
        Assert.True(log.HalfNormal!.IsRejected);
        Assert.Equal(4000, log.Negative);
        Assert.Equal(log.Mean, 0.3 * Math.Exp(0.7 * 0.7 / 2), 0.02);
    }

    [Fact]
    public void Zeros_are_counted_and_not_fitted_and_weights_of_one_size_have_no_fit()
    {
        var statistics = WeightStatistics.Of([0, 0, .. Enumerable.Range(1, 10).Select(static i => (double)i)]);
        Assert.Equal((12, 2, 0), (statistics.Count, statistics.Zeros, statistics.Negative));
        Assert.Equal(55.0 / 12, statistics.Mean, 12);
        Assert.Equal(Math.Sqrt((385.0 / 12) - (55.0 / 12 * 55 / 12)), statistics.Deviation, 12);
        Assert.Equal(10, statistics.HalfNormal!.Count);

        Assert.Null(WeightStatistics.Of([.. Enumerable.Repeat(0.5, 50)]).LogNormal);
        Assert.Null(WeightStatistics.Of([1, 2, 3]).Better);
        Assert.Equal(0, WeightStatistics.Of(new double[20]).Largest);
    }

    [Fact]
    public void A_histogram_is_a_density()
    {
        var statistics = WeightStatistics.Of([0.5, -0.5, 1.5, 2, 9]);
        Assert.Equal([0.4, 0.2, 0.2, 0], statistics.Histogram(4, 1));
        Assert.Equal(1, statistics.Histogram(10, 1).Sum(), 12);
    }

    private static double[] LogNormal(int count, double median, double spread)
    {
        var random = new PhiloxStream(7);
        return [.. Enumerable.Range(0, count).Select(_ => median * Math.Exp(spread * random.Normal()))];
    }
}
