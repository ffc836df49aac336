using BrainModular.Diagnostics;
using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Features;

namespace BrainModular.Engine.Tests.Fitting.Features;

public sealed class FeatureCostsTests
{
    private const double TimeStep = 0.1;
    private const int Steps = 2000;

    [Fact]
    public void A_feature_costs_its_squared_deviation_and_never_more_than_a_missing_one()
    {
        var sweep = Sweep(1, 0.2, [500, 900, 1300]);
        var costs = new FeatureCosts([new("spike_count", Mean: 3, Deviation: 2, Weight: 1)], [sweep]);
        double Cost(params int[] spikes) => costs.Of(0, SweepFeatures.Model(sweep, Resting(), spikes));

        Assert.Equal(0, Cost(500, 900, 1300), 1e-12);
        Assert.Equal(0.25 / (1 + (0.25 / 400)), Cost(500, 900), 1e-12);
        Assert.Equal(2.25 / (1 + (2.25 / 400)), Cost(), 1e-12);

        var latency = new FeatureCosts([new("time_to_first_spike", Mean: null, Deviation: 1e-6, Weight: 1)], [sweep]);
        var (late, silent) = (latency.Of(0, SweepFeatures.Model(sweep, Resting(), [1500])), latency.Of(0, SweepFeatures.Model(sweep, Resting(), [])));
        Assert.Equal(FeatureCosts.Missing, silent);
        Assert.InRange(late, 399, 400);
    }

    [Fact]
    public void Features_and_sweeps_are_weighted_and_averaged()
    {
        PreparedSweep[] sweeps = [Sweep(1, 0.2, [500, 900]), Sweep(2, 0.3, [500, 700, 900, 1100])];
        var costs = new FeatureCosts([new("spike_count", null, 1, Weight: 3), new("time_to_first_spike", null, 1, Weight: 1)], sweeps);

        // One spike too many in the first sweep, 2 ms late in the second.
        var first = costs.Of(0, SweepFeatures.Model(sweeps[0], Resting(), [500, 900, 1300]));
        var second = costs.Of(1, SweepFeatures.Model(sweeps[1], Resting(), [520, 720, 920, 1120]));
        Assert.Equal(3 / (1 + (1 / 400.0)) / 8, first, 1e-9);
        Assert.Equal(4 / (1 + (4 / 400.0)) / 8, second, 1e-9);
    }

    /// <summary>Two repeats of one current with 2 and 4 spikes, and sweeps of others with 10, 5 and none.</summary>
    [Fact]
    public void Targets_are_mean_and_deviation_over_the_sweeps_of_one_stimulus()
    {
        PreparedSweep[] sweeps = [Sweep(1, 0.2, [500, 900]), Sweep(2, 0.2, [500, 700, 900, 1100]), Sweep(3, 0.4, [.. Enumerable.Range(5, 10).Select(static k => 100 * k)]), Sweep(4, 0.3, [500, 600, 700, 800, 900]), Sweep(5, 0.1, [])];
        var costs = new FeatureCosts([new("spike_count", null, null, 1)], sweeps);
        double Squared(int sweep, int spikes)
        {
            var cost = sweeps.Length * costs.Of(sweep, SweepFeatures.Model(sweeps[sweep], Resting(), [.. Enumerable.Range(0, spikes).Select(static k => 500 + (80 * k))]));
            return cost / (1 - (cost / FeatureCosts.Missing));
        }

        Assert.Equal(0, Squared(0, 3), 1e-12);
        Assert.Equal(4 / 2.0, Squared(1, 5), 1e-9);

        // A single sweep: a tenth of its 10 spikes, and never less than one.
        Assert.Equal(4, Squared(2, 12), 1e-9);
        Assert.Equal(4, Squared(3, 7), 1e-9);
        Assert.Equal(4, Squared(4, 2), 1e-9);
    }

    [Fact]
    public void What_only_some_sweeps_have_counts_in_those_and_what_none_has_is_refused()
    {
        PreparedSweep[] sweeps = [Sweep(1, 0.1, []), Sweep(2, 0.3, [500, 700, 900, 1100])];
        var costs = new FeatureCosts([new("ISI_CV", null, null, 1)], sweeps);
        Assert.Equal(0, costs.Of(0, SweepFeatures.Model(sweeps[0], Resting(), [])));
        Assert.Equal(FeatureCosts.Missing, costs.Of(1, SweepFeatures.Model(sweeps[1], Resting(), [])));

        var fault = Assert.Throws<DiagnosticException>(() => new FeatureCosts([new("sag_ratio1", null, null, 1), new("AP_amplitude", null, null, 1), new("burst_mean_freq", null, null, 1)], sweeps));
        Assert.Equal("BM2713", fault.Diagnostics[0].Id);
        _ = new FeatureCosts([new("burst_mean_freq", 30, 5, 1)], sweeps);
    }

    private static double[] Resting() => [.. Enumerable.Repeat(-70.0, Steps)];

    private static PreparedSweep Sweep(int number, double amplitude, int[] spikes)
    {
        var trace = new FeatureSet(FeatureTrace.Of(Resting(), null, TimeStep, 40, 160));
        Assert.Null(trace["peak_indices"]);
        double[] potential = [.. Enumerable.Range(0, Steps).Select(t => -70 + spikes.Sum(s => 100 * Math.Exp(-Math.Pow((t - s) * TimeStep / 0.5, 2))))];
        return new(number, TimeStep, [.. Enumerable.Range(0, Steps).Select(t => t is >= 400 and < 1600 ? amplitude : 0)], potential, [.. Enumerable.Repeat(true, Steps)], spikes, -70);
    }
}
