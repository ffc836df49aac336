using BrainModular.Engine.Features;

namespace BrainModular.Engine.Tests.Features;

/// <summary>Features of traces that formulas make, where they are known exactly.</summary>
public sealed class FeatureSetTests
{
    private const double Step = 0.1;

    [Theory]
    [InlineData(0.8)]
    [InlineData(7)]
    [InlineData(35)]
    public void Time_constants_of_exponentials_are_found(double tau)
    {
        var falling = new FeatureSet(Made(t => t < 100 ? -70 : -80 + (10 * Math.Exp(-(t - 100) / tau))));
        Assert.Equal(tau, falling["deactivation_time_constant"]![0], 1e-4 * tau);

        var rising = new FeatureSet(Made(t => t < 100 ? -70 : -60 - (10 * Math.Exp(-(t - 100) / tau))));
        Assert.Equal(tau, rising["activation_time_constant"]![0], 1e-4 * tau);
        Assert.Null(rising["deactivation_time_constant"]);

        var inactivating = new FeatureSet(Made(t => t < 120 ? -70 : -65 + (25 * Math.Exp(-(t - 120) / tau))));
        Assert.Equal(tau, inactivating["inactivation_time_constant"]![0], 1e-4 * tau);
    }

    [Fact]
    public void The_passive_membrane_has_its_time_constant_resistance_and_rest()
    {
        // 20 ms and 100 MOhm, -0.1 nA.
        var features = new FeatureSet(Made(t => t < 100 ? -70 : t < 400 ? -80 + (10 * Math.Exp(-(t - 100) / 20)) : -70 - (10 * Math.Exp(-(t - 400) / 20))) with { Amplitude = -0.1 });
        Assert.Equal(20, features["time_constant"]![0], 0.05);

        // Less the potential one sample after the stimulus's start, as times are sums of 0.1 ms: 0.05 mV of 10.
        Assert.Equal(20, features["decay_time_constant_after_stim"]![0], 0.2);
        Assert.Equal(100, features["ohmic_input_resistance_vb_ssse"]![0], 0.01);
        Assert.Equal(-70, features["voltage_base"]![0], 1e-9);
        Assert.Equal(1, features["sag_ratio2"]![0], 1e-4);
    }

    [Fact]
    public void A_silent_trace_has_no_feature_of_spikes_and_no_value_that_is_not_finite()
    {
        var features = new FeatureSet(Made(static _ => -70));
        foreach (var feature in FeatureCatalog.All)
        {
            Assert.All(features[feature.Name] ?? [], static v => Assert.True(double.IsFinite(v)));
        }

        Assert.Equal(0, features["spike_count"]![0]);
        Assert.Null(features["AP_amplitude"]);
        Assert.Null(features.Mean("ISI_CV"));
        Assert.Null(features.Deviation("AP_amplitude"));
    }

    [Fact]
    public void The_deviation_of_a_feature_is_that_of_its_values()
    {
        var features = new FeatureSet(MadeTraces.Bursts());
        var intervals = features["ISI_values"]!;
        // Mean square less square of the mean, times n / (n - 1).
        var variance = (intervals.Average(static i => i * i) - Math.Pow(intervals.Average(), 2)) * intervals.Length / (intervals.Length - 1);
        Assert.True(variance > 1);
        Assert.Equal(Math.Sqrt(variance), features.Deviation("ISI_values")!.Value, 1e-6);
        Assert.Null(features.Deviation("spike_count"));
    }

    /// <summary>The made trace has 29 spikes of about 30 mV, the first at 600, 640 and 680 ms.</summary>
    [Fact]
    public void Spikes_are_those_that_cross_the_threshold_that_is_set()
    {
        Assert.Equal(29, new FeatureSet(MadeTraces.Bursts())["spike_count"]![0]);
        Assert.Equal([600, 640, 680], new FeatureSet(MadeTraces.Bursts(), threshold: 0)["peak_time"]![..3].Select(static t => Math.Round(t, 1)));
        Assert.Equal(0, new FeatureSet(MadeTraces.Bursts(), threshold: 31)["spike_count"]![0]);
    }

    private static FeatureTrace Made(Func<double, double> potential) =>
        FeatureTrace.Of([.. Enumerable.Range(0, 5001).Select(i => potential(Math.Round(i * Step, 6)))], null, Step, 100, 400);
}
