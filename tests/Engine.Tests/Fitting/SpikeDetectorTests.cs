using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class SpikeDetectorTests
{
    private const double Rest = -68;

    public static TheoryData<double, double, double> Rates()
    {
        var data = new TheoryData<double, double, double>();
        foreach (var interval in new[] { 0.02, 0.05, 0.1, 0.2, 0.25 })
        {
            data.Add(interval, 90, 0);
            data.Add(interval, 40, 0);
            data.Add(interval, 90, 35);
        }

        return data;
    }

    /// <summary>Spikes as triangles that rise in 0.5 ms and fall in 1 ms; half of their height is crossed half-way up.</summary>
    [Theory]
    [MemberData(nameof(Rates))]
    public void Each_spike_is_found_where_it_crosses_half_of_its_height(double interval, double height, double offset)
    {
        double[] times = [10, 14, 50, 53.5, 120];
        var found = SpikeDetector.Detect(Trace(200, interval, t => Rest + offset + times.Sum(s => Triangle(t - s, height))), interval);
        Assert.Equal(times.Length, found.Length);
        Assert.All(found.Zip(times), pair => Assert.InRange((pair.First * interval) - (pair.Second + 0.25), -1e-9 - interval, 2 * interval));
    }

    [Fact]
    public void Nothing_is_found_in_noise_or_in_an_empty_trace()
    {
        var random = new System.Random(3);
        Assert.Empty(SpikeDetector.Detect(Trace(500, 0.05, _ => Rest + (random.NextDouble() * 4)), 0.05));
        Assert.Empty(SpikeDetector.Detect([], 0.05));
        Assert.Empty(SpikeDetector.Detect([-70, 20], 0.05));
    }

    [Fact]
    public void A_fall_within_one_sample_is_a_reset_and_belongs_to_the_step_before_it()
    {
        double[] trace = [-70, -60, -52, -70, -69, -51, -56.1, -60, -70];
        Assert.Equal([3, 6, 8], SpikeDetector.Resets(trace, 5));
        Assert.Equal([3, 8], SpikeDetector.Resets(trace, 5.2));
        Assert.Empty(SpikeDetector.Resets([-70], 5));

        // The step that begins at sample 2 ends in the reset that sample 3 shows; on a grid twice as fine it is the first half of that.
        var current = new double[trace.Length];
        Assert.Equal([2, 5, 7], PreparedSweep.Prepare(1, current, trace, 0.1, 0.1, spikeReset: 5).Spikes);
        Assert.Equal([4, 14], PreparedSweep.Prepare(1, current, trace, 0.1, 0.05, spikeReset: 5.2).Spikes);
    }

    [Fact]
    public void Spikes_on_a_noisy_depolarised_trace_are_counted_once()
    {
        var random = new System.Random(4);
        var trace = Trace(300, 0.05, t => -45 + (random.NextDouble() * 2) + Enumerable.Range(1, 14).Sum(k => Triangle(t - (20 * k), 50)));
        Assert.Equal(14, SpikeDetector.Detect(trace, 0.05).Length);
    }

    /// <summary>The electrode's resistance shifts the potential at once for as long as the stimulus lasts; the membrane charges on top.</summary>
    [Theory]
    [InlineData(25)]
    [InlineData(60)]
    [InlineData(-40)]
    public void Stimulus_step_that_shifts_the_potential_through_the_electrode_is_no_spike(double jump)
    {
        var trace = Trace(400, 0.05, t => Rest + (t is >= 50 and < 250 ? jump + (8 * (1 - Math.Exp(-(t - 50) / 15))) : t >= 250 ? 8 * Math.Exp(-(t - 250) / 15) : 0));
        Assert.Empty(SpikeDetector.Detect(trace, 0.05));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(150)]
    [InlineData(-150)]
    public void Capacitive_artefact_of_a_tenth_of_a_millisecond_is_no_spike(double height)
    {
        foreach (var interval in new[] { 0.02, 0.05, 0.1 })
        {
            Assert.Empty(SpikeDetector.Detect(Trace(100, interval, t => Rest + (Math.Abs(t - 50) < 0.05 - 1e-9 ? height : 0)), interval));
        }
    }

    [Fact]
    public void Spike_on_a_stimulus_step_is_found_beside_the_step()
    {
        var found = SpikeDetector.Detect(Trace(300, 0.05, t => Rest + (t is >= 50 and < 250 ? 30 : 0) + Triangle(t - 70, 80) + Triangle(t - 200, 80)), 0.05);
        Assert.Equal(2, found.Length);
        Assert.Equal(70.25, found[0] * 0.05, 0.1);
    }

    /// <summary>A fast membrane charges by more than 10 mV/ms at first; its spike is the one that comes 4.6 ms later, and not the charging.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    public void A_spike_after_the_charging_of_a_membrane_lies_where_it_rises(double interval)
    {
        var found = SpikeDetector.Detect(
            Trace(200, interval, static t => Rest + (t < 50 ? 0 : 24 * (1 - Math.Exp(-(t - 50) / 1.8))) + Triangle(t - 54.6, 80)), interval);
        Assert.Equal(54.85, Assert.Single(found) * interval, 0.15);
    }

    [Fact]
    public void Spikes_are_told_by_a_potential_where_they_are_not_told_by_shape() =>
        Assert.Equal([2, 5], SpikeDetector.Crossings([-60, -1, 0, 30, -10, 5, 6, -70], 0));

    [Fact]
    public void Slow_and_small_depolarisations_are_no_spikes()
    {
        // 60 mV over 20 ms is too slow, 10 mV within 0.5 ms too small.
        Assert.Empty(SpikeDetector.Detect(Trace(200, 0.05, static t => Rest + (60 * Math.Exp(-(t - 100) * (t - 100) / 200))), 0.05));
        Assert.Empty(SpikeDetector.Detect(Trace(200, 0.05, static t => Rest + Triangle(t - 100, 10)), 0.05));
    }

    private static double[] Trace(double duration, double interval, Func<double, double> potential) =>
        [.. Enumerable.Range(0, (int)Math.Round(duration / interval)).Select(k => potential(k * interval))];

    private static double Triangle(double t, double height) => t switch
    {
        > 0 and <= 0.5 => height * t / 0.5,
        > 0.5 and < 1.5 => height * (1.5 - t),
        _ => 0,
    };
}
