using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Statistics;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Bands in which the potential of a sweep is expected, beside closed forms.</summary>
public sealed class PredictiveBandTests
{
    private const double Deviation = 0.3;
    private static readonly string[] Names = ["tauM", "R", "EL"];

    /// <summary>With noise of known size upon an otherwise known cell the band is 2 x 1.96 deviations wide, and 95 % of fresh samples lie in it.</summary>
    [Fact]
    public void A_band_of_noise_holds_as_many_samples_as_it_says()
    {
        var draws = Enumerable.Repeat<double[]>([NoisyPassiveCell.TimeConstant, NoisyPassiveCell.Resistance, NoisyPassiveCell.Rest], 200).ToList();
        var (plan, band) = Band(draws, new GaussianLikelihood(Deviation * Deviation, 1e9, 1));
        Assert.InRange(band.Inside!.Value, 0.92, 0.975);

        // The k-th of n draws stands for k / (n + 1), by which a fresh sample lies within as often as it should, and a band of few draws is a little wider.
        Assert.Equal(1, band.Upper.Zip(band.Lower, static (u, l) => u - l).Average() / (2 * LaplaceApproximation.Quantile * Deviation), 0.03);
        Assert.Equal(plan.Train[0].Steps, band.Upper.Length);
    }

    /// <summary>Draws of the resting potential alone, at the quantiles of a normal distribution: at a time t from the start they move V by 1 - exp(-t / tauM).</summary>
    [Fact]
    public void A_band_of_parameters_is_as_wide_as_the_potential_moves_with_them()
    {
        const int count = 199;
        const double spread = 0.5;
        var draws = Enumerable.Range(1, count)
            .Select(i => new[] { NoisyPassiveCell.TimeConstant, NoisyPassiveCell.Resistance, NoisyPassiveCell.Rest + (spread * NormalDistribution.Quantile(i / (count + 1.0))) }).ToList();
        var (plan, band) = Band(draws, new LossLikelihood(1, 1));
        Assert.Null(band.Inside);
        for (var t = 0; t < plan.Train[0].Steps; t += 50)
        {
            var moved = spread * (1 - Math.Exp(-t * TinyFit.TimeStep / NoisyPassiveCell.TimeConstant));
            Assert.Equal(2 * LaplaceApproximation.Quantile * moved, band.Upper[t] - band.Lower[t], 1e-9 + (1e-6 * moved));
        }
    }

    private static (FitPlan Plan, PredictiveBand Band) Band(IReadOnlyList<double[]> draws, Likelihood likelihood)
    {
        var plan = NoisyPassiveCell.Plan(seed: 8, Deviation);
        var bands = new PredictiveBands(plan, NoisyPassiveCell.Truth, Names, draws, likelihood);
        return (plan, bands.Of([plan.Train[0]], new PhiloxStream(4), CancellationToken.None)[0]);
    }
}
