using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

/// <summary>A recorded sweep on grids that are the recording's own, finer, coarser, and of no common measure with it.</summary>
public sealed class PreparedSweepTests
{
    private const double Interval = 0.05;
    private static readonly double[] Current = [.. Enumerable.Range(0, 401).Select(static k => Math.Sin(k / 30.0))];
    private static readonly double[] Potential = [.. Enumerable.Range(0, 401).Select(static k => -70 + (0.02 * k))];

    [Fact]
    public void On_its_own_grid_a_sweep_is_as_it_was_recorded()
    {
        var sweep = Prepare(Interval);
        Assert.Equal(Current, sweep.Current);
        Assert.Equal(Potential, sweep.Potential);
        Assert.All(sweep.IsSample, Assert.True);
        Assert.Equal(7, sweep.Number);
        Assert.Empty(sweep.Spikes);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void On_a_finer_grid_current_is_held_and_only_recorded_samples_have_weight(int substeps)
    {
        var sweep = Prepare(Interval / substeps);
        Assert.Equal((400 * substeps) + 1, sweep.Steps);
        for (var i = 0; i < sweep.Steps; i++)
        {
            Assert.Equal(Current[i / substeps], sweep.Current[i]);
            Assert.Equal(-70 + (0.02 * i / substeps), sweep.Potential[i], 1e-9);
            Assert.Equal(i % substeps == 0, sweep.IsSample[i]);
        }

        Assert.Equal(401, sweep.IsSample.Count(static s => s));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void On_a_coarser_grid_current_is_the_mean_over_the_step(int samples)
    {
        var sweep = Prepare(Interval * samples);
        Assert.Equal((400 / samples) + 1, sweep.Steps);
        for (var i = 0; i < sweep.Steps; i++)
        {
            Assert.Equal(Current.Skip(i * samples).Take(samples).Average(), sweep.Current[i], 1e-12);
            Assert.Equal(Potential[i * samples], sweep.Potential[i], 1e-12);
            Assert.True(sweep.IsSample[i]);
        }
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.07)]
    [InlineData(0.11)]
    public void On_a_grid_without_common_measure_the_potential_is_interpolated_and_every_step_has_weight(double timeStep)
    {
        var sweep = Prepare(timeStep);
        Assert.Equal((int)Math.Floor(20 / timeStep) + 1, sweep.Steps);
        for (var i = 0; i < sweep.Steps; i++)
        {
            Assert.Equal(-70 + (0.02 * i * timeStep / Interval), sweep.Potential[i], 1e-9);
            Assert.Equal(Math.Sin(i * timeStep / Interval / 30), sweep.Current[i], 0.1);
        }

        Assert.All(sweep.IsSample, Assert.True);
    }

    [Theory]
    [InlineData(0.005, 0.025)]
    [InlineData(0.004, 0.024)]
    [InlineData(0.01, 0.01)]
    [InlineData(0.0125, 0.0125)]
    [InlineData(0.02, 0.02)]
    [InlineData(0.05, 0.05)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.2, 0.1)]
    [InlineData(0.25, 0.25 / 3)]
    [InlineData(1, 0.1)]
    public void Default_time_step_is_a_sample_or_the_largest_fraction_up_to_0_1_ms_or_of_very_short_ones_multiple_up_to_0_025_ms(double interval, double expected) =>
        Assert.Equal(expected, PreparedSweep.DefaultTimeStep(interval), 1e-15);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.025)]
    [InlineData(0.1)]
    public void Spike_lies_in_the_step_that_crosses_half_of_its_height_and_is_masked(double timeStep)
    {
        double[] potential = [.. Enumerable.Range(0, 4001).Select(static k => -70 + Peak((k * Interval) - 100))];
        var sweep = PreparedSweep.Prepare(1, new double[4001], potential, Interval, timeStep);
        var spike = Assert.Single(sweep.Spikes);
        Assert.InRange(spike * timeStep, 100.5 - Interval - timeStep - 1e-9, 100.5);
        var mask = sweep.SubthresholdMask();
        for (var i = 0; i < mask.Length; i++)
        {
            var near = (i - spike) * timeStep is > -5.0001 and < 30.0001;
            Assert.Equal(!near && sweep.IsSample[i], mask[i]);
        }

        static double Peak(double t) => t is > 0 and <= 1 ? 100 * t : t is > 1 and < 3 ? 50 * (3 - t) : 0;
    }

    [Fact]
    public void Initial_potential_is_the_median_of_the_first_millisecond()
    {
        double[] potential = [.. Enumerable.Range(0, 401).Select(static k => k == 3 ? 500.0 : k < 20 ? -70 + (k * 0.1) : -20)];
        Assert.InRange(PreparedSweep.Prepare(1, new double[401], potential, Interval, Interval).InitialPotential, -69.3, -68.8);
    }

    private static PreparedSweep Prepare(double timeStep) => PreparedSweep.Prepare(7, Current, Potential, Interval, timeStep);
}
