using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class SweepFeaturesTests
{
    private const double TimeStep = 0.05;

    /// <summary>A step of 0.2 nA from 20 to 80 ms: a model that is reset three times, 10 ms apart, and beside it a recording with spikes.</summary>
    [Fact]
    public void A_model_that_is_reset_has_times_of_spikes_and_no_shape()
    {
        int[] spikes = [600, 800, 1001];
        var sweep = Sweep(Spiking(spikes), spikes);
        var features = SweepFeatures.Model(sweep, Resting(), spikes);

        Assert.Equal(3, features["spike_count"]![0]);
        Assert.Equal(10, features.Mean("time_to_first_spike")!.Value, 0.11);
        Assert.Equal(10.0, features.Mean("all_ISI_values")!.Value, 0.11);
        Assert.Null(features["AP_amplitude"]);
        Assert.Null(features["spike_half_width"]);
        Assert.Null(features["AHP_depth_from_peak"]);
        Assert.Equal(0, features.Mean("AHP_depth")!.Value, 1e-9);
    }

    [Fact]
    public void Recorded_spikes_that_peak_below_the_threshold_of_features_are_counted()
    {
        int[] spikes = [600, 800, 1001];
        double[] weak = [.. Spiking(spikes).Select(static v => -70 + (0.2 * (v + 70)))];
        var sweep = Sweep(weak, spikes);

        Assert.True(weak.Max() < -20);
        var features = SweepFeatures.Recorded(sweep);
        Assert.Equal(3, features["spike_count"]![0]);
        Assert.All(features["peak_time"]!.Zip(spikes), static pair => Assert.Equal(pair.Second * TimeStep, pair.First, 0.051));
    }

    [Fact]
    public void What_was_not_told_as_a_spike_is_none_though_it_crosses_the_threshold_of_features()
    {
        int[] spikes = [600, 800, 1001];
        Assert.Equal(2, SweepFeatures.Recorded(Sweep(Spiking(spikes), [596, 997]))["spike_count"]![0]);
        Assert.Equal(0, SweepFeatures.Recorded(Sweep(Spiking(spikes), []))["spike_count"]![0]);

        // As many, of which one stays below it: it is the one told, and has no time above.
        var mixed = Spiking(spikes).Select(static (v, t) => t < 700 ? -70 + (0.2 * (v + 70)) : v).ToArray();
        var features = SweepFeatures.Recorded(Sweep(mixed, [596, 796]));
        Assert.All(features["peak_time"]!.Zip([600, 800]), static pair => Assert.Equal(pair.Second * TimeStep, pair.First, 0.051));
        Assert.Null(features["AP_width"]);
    }

    [Fact]
    public void A_model_with_peaks_of_its_own_has_their_shape()
    {
        int[] spikes = [600, 800, 1001];
        var sweep = Sweep(Spiking(spikes), spikes);
        var (model, recorded) = (SweepFeatures.Model(sweep, Spiking(spikes), spikes), SweepFeatures.Recorded(sweep));

        Assert.Equal(3, model["spike_count"]![0]);
        Assert.NotNull(model["AP_amplitude"]);
        Assert.Equal(recorded["AP_amplitude"], model["AP_amplitude"]);
        Assert.Equal(100, recorded.Mean("AP_amplitude_from_voltagebase")!.Value, 1.0);
    }

    /// <summary>Recorded spikes are told where they cross half of their height, and features take their times from peaks: a model that is reset just there has the recording's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(700)]
    public void A_reset_where_a_recorded_spike_is_told_has_that_spikes_times(int first)
    {
        var potential = Spiking([600, 800, 1001]);
        var told = PreparedSweep.Prepare(1, new double[2000], potential, TimeStep, TimeStep).Spikes;
        var sweep = Sweep(potential, told) with { First = first };
        var (model, recorded) = (SweepFeatures.Model(sweep, Resting(), told), SweepFeatures.Recorded(sweep));

        Assert.True(told[0] < 592, "half of the height is 0.4 ms before the peak");
        foreach (var name in (string[])["peak_time", "time_to_first_spike", "time_to_last_spike"])
        {
            Assert.Equal(recorded[name]!.Length, model[name]!.Length);
            Assert.All(recorded[name]!.Zip(model[name]!), static pair => Assert.Equal(pair.First, pair.Second, 0.11));
        }
    }

    /// <summary>What comes before the compared part is left out, and time begins there.</summary>
    [Fact]
    public void Only_the_compared_part_counts()
    {
        int[] spikes = [600, 800, 1001];
        var sweep = Sweep(Spiking(spikes), spikes) with { First = 700 };
        Assert.Equal(2, SweepFeatures.Recorded(sweep)["spike_count"]![0]);
        Assert.Equal(2, SweepFeatures.Model(sweep, Resting(), spikes)["spike_count"]![0]);
        Assert.Equal(5, SweepFeatures.Recorded(sweep)["peak_time"]![0], 0.11);
    }

    private static PreparedSweep Sweep(double[] potential, int[] spikes)
    {
        double[] current = [.. Enumerable.Range(0, 2000).Select(static t => t is >= 400 and < 1600 ? 0.2 : 0)];
        return new(1, TimeStep, current, potential, [.. Enumerable.Repeat(true, 2000)], spikes, -70);
    }

    private static double[] Resting() => [.. Enumerable.Repeat(-70.0, 2000)];

    private static double[] Spiking(int[] spikes) => [.. Enumerable.Range(0, 2000).Select(t => -70 + spikes.Sum(s => 100 * Math.Exp(-Math.Pow((t - s) * TimeStep / 0.5, 2))))];
}
