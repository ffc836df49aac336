using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class SpikeArtefactsTests
{
    private const double TimeStep = 0.1;
    private const int Steps = 1000;

    private static readonly SpikeWindow Window = new(1, 5);

    /// <summary>A ramp with what spikes do to a measured current, 30 ms apart and 3 ms apart: the ramp is left.</summary>
    [Fact]
    public void A_ramp_is_left_of_a_ramp_with_artefacts()
    {
        int[] spikes = [300, 600, 630];
        var removed = SpikeArtefacts.Remove(Sweep(t => Ramp(t) + spikes.Sum(s => Artefact(t - s)), spikes), Window);

        // A median beside the window is the ramp's value up to half a millisecond from its edge.
        Assert.All(Enumerable.Range(0, Steps), t => Assert.Equal(Ramp(t), removed.Current[t], 6 * 1e-4));
        Assert.Equal(spikes, removed.Spikes);
    }

    [Fact]
    public void What_is_not_near_spikes_stays_as_it_was_measured()
    {
        int[] spikes = [300];
        double Noisy(int t) => Math.Sin(t * t);
        var removed = SpikeArtefacts.Remove(Sweep(Noisy, spikes), Window);

        Assert.All(Enumerable.Range(0, Steps).Where(static t => t is < 290 or > 350), t => Assert.Equal(Noisy(t), removed.Current[t]));
        Assert.All(Enumerable.Range(291, 58), t => Assert.Equal(removed.Current[290] + ((t - 290) * (removed.Current[350] - removed.Current[290]) / 60), removed.Current[t], 1e-12));
    }

    /// <summary>At an end of the sweep there is one side alone.</summary>
    [Fact]
    public void A_spike_at_the_begin_or_the_end_takes_the_current_of_its_other_side()
    {
        int[] spikes = [2, 990];
        var removed = SpikeArtefacts.Remove(Sweep(t => 0.1 + spikes.Sum(s => Artefact(t - s)), spikes), Window);
        Assert.All(removed.Current, static i => Assert.Equal(0.1, i, 1e-12));
    }

    private static double Ramp(int t) => 0.05 + (1e-4 * t);

    /// <summary>Within 0.5 ms before and 4 ms after a spike, and of both signs, as amplifiers show it.</summary>
    private static double Artefact(int steps) => steps is < -5 or > 40 ? 0 : steps < 3 ? -0.6 : 0.5 * Math.Exp(-steps / 10.0);

    private static PreparedSweep Sweep(Func<int, double> current, int[] spikes) =>
        new(1, TimeStep, [.. Enumerable.Range(0, Steps).Select(current)], [.. Enumerable.Repeat(-70.0, Steps)], [.. Enumerable.Repeat(true, Steps)], spikes, -70);
}
