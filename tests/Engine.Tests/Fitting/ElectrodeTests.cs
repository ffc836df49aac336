using BrainModular.Engine.Fitting;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class ElectrodeTests
{
    private const double TimeStep = 0.1;

    [Fact]
    public void Electrode_in_series_with_a_passive_membrane_is_found_and_subtracted()
    {
        var sweep = Recorded(new(12, 0.8));
        var found = Estimate([sweep.AsPassiveTrace()]);
        Assert.Equal(12, found.Resistance, 0.3);
        Assert.Equal(0.8, found.TimeConstant, 0.06);
        var left = found.Compensate(sweep);
        var membrane = Recorded(new(0, 0)).Potential;
        Assert.InRange(left.Potential.Zip(membrane, static (a, b) => Math.Abs(a - b)).Max(), 0, 0.3);
    }

    /// <summary>Samples 0.2 ms apart on a grid of 0.1 ms, which has a step without a sample after each.</summary>
    [Fact]
    public void An_electrode_is_found_where_the_grid_is_finer_than_the_samples()
    {
        var fine = Recorded(new(12, 0.8));
        var coarse = PreparedSweep.Prepare(
            1, [.. fine.Current.Where(static (_, t) => t % 2 == 0)], [.. fine.Potential.Where(static (_, t) => t % 2 == 0)], 2 * TimeStep, TimeStep, spikeThreshold: 0);
        Assert.Equal(2, coarse.IsSample.Take(4).Count(static s => s));
        var found = Estimate([coarse.AsPassiveTrace()]);
        Assert.Equal(12, found.Resistance, 0.3);
        Assert.Equal(0.8, found.TimeConstant, 0.06);
    }

    [Fact]
    public void Without_an_electrode_none_is_found()
    {
        var found = Estimate([Recorded(new(0, 0)).AsPassiveTrace()]);
        Assert.InRange(found.Resistance, 0, 0.3);
    }

    [Fact]
    public void What_a_spike_resets_does_not_matter()
    {
        var sweep = Recorded(new(12, 0.8));
        for (var t = 10_000; t < 50_000; t++)
        {
            sweep.Potential[t] += t < 10_050 ? 80 : -15 * Math.Exp(-(t - 10_050) * TimeStep / 20);
        }

        Assert.Equal(12, Estimate([(sweep with { Spikes = [10_000] }).AsPassiveTrace()]).Resistance, 0.3);
    }

    /// <summary>Finer grids stay within the time constants that an electrode can have: what is slower is a membrane's own, and what is faster no samples tell.</summary>
    [Theory]
    [InlineData(4.5, 3)]
    [InlineData(0.02, 0.05)]
    public void A_time_constant_that_no_electrode_has_is_not_found(double timeConstant, double limit)
    {
        var found = Estimate([Recorded(new(12, timeConstant)).AsPassiveTrace()]);
        Assert.Equal(limit, found.TimeConstant, 1e-9);
        Assert.Equal(limit > 1, found.IsAtSlowestLimit);
    }

    /// <summary>Spikes every 12 ms leave no sample that comes 30 ms after one.</summary>
    [Fact]
    public void An_electrode_is_found_in_a_cell_that_fires_often()
    {
        var recorded = Recorded(new(12, 0.06));
        var often = recorded with { Spikes = [.. Enumerable.Range(1, (recorded.Steps / 120) - 1).Select(static k => 120 * k)] };
        Assert.DoesNotContain(true, often.SubthresholdMask().Skip(120).SkipLast(400));
        Assert.Equal(12, Assert.IsType<Electrode>(Electrode.Estimate([often])).Resistance, 0.3);
    }

    [Theory]
    [InlineData(12, 0.06, true)]
    [InlineData(12, 0.25, false)]
    [InlineData(11_038, 0.05, false)]
    [InlineData(0, 0, false)]
    public void An_electrode_is_beyond_doubt_where_no_cell_is_so_fast_and_no_pipette_so_narrow(double resistance, double timeConstant, bool expected)
    {
        Assert.Equal(expected, new Electrode(resistance, timeConstant).IsNoPartOfCell);
    }

    [Fact]
    public void An_electrode_without_a_time_constant_follows_the_current_at_once()
    {
        Assert.Equal([2, -4, 0], new Electrode(10, 0).Drop([0.2, -0.4, 0], TimeStep).Select(static v => Math.Round(v, 12)));
    }

    /// <summary>
    /// As cells are recorded: steps from a holding current, which is measured with noise that the membrane does not see, into a membrane of 0.15 nF that conducts ever more the more it is depolarised, whose rest differs
    /// from sweep to sweep.
    /// </summary>
    [Fact]
    public void An_electrode_is_found_in_steps_of_a_measured_current_into_a_membrane_that_rectifies()
    {
        var random = new PhiloxStream(3);
        PassiveTrace Step(int number)
        {
            const int steps = 10_000;
            var (current, potential, v, passing, rest) = (new double[steps], new double[steps], -58.0, -0.07, -56 + (0.5 * random.Normal()));
            for (var t = 0; t < steps; t++)
            {
                var injected = t is >= 1000 and < 6000 ? -0.07 + (0.05 * number) : -0.07;
                passing = injected + ((passing - injected) * Math.Exp(-TimeStep / 0.6));
                (current[t], potential[t]) = (injected + (0.007 * random.Normal()), v + (50 * passing) + (0.1 * random.Normal()));
                v += TimeStep / 0.15 * (injected - (0.008 * (v - rest)) - (0.01 / (1 + Math.Exp(-(v + 35) / 6)) * (v + 90)));
            }

            return new(current, potential, [.. potential.Select(static _ => true)], TimeStep, potential[0]);
        }

        var found = Estimate([.. Enumerable.Range(1, 7).Select(Step)]);
        Assert.Equal(50, found.Resistance, 2.5);
        Assert.Equal(0.6, found.TimeConstant, 0.1);
    }

    [Theory]
    [InlineData(0.0959, int.MaxValue)]
    [InlineData(0.0959, 37)]
    [InlineData(0.0959, 5)]
    [InlineData(0, int.MaxValue)]
    public void A_current_that_does_not_change_tells_no_electrode_however_windows_lie(double level, int gap)
    {
        Assert.Null(Electrode.Estimate([Constant(level, gap)]));

        // Beside a current that does change it does no harm.
        Assert.Equal(12, Estimate([Recorded(new(12, 0.8)).AsPassiveTrace(), Constant(level, gap)]).Resistance, 0.3);
    }

    /// <summary>A step of which only what comes long after is looked at.</summary>
    [Fact]
    public void A_current_that_changes_where_nothing_is_compared_tells_no_electrode()
    {
        var trace = Constant(0.0959, int.MaxValue);
        for (var t = 0; t < 5000; t++)
        {
            (trace.Current[t], trace.Mask[t + 2500]) = (-0.2, false);
        }

        Assert.Null(Electrode.Estimate([trace]));
    }

    [Fact]
    public void A_current_that_flows_from_the_beginning_on_has_charged_the_electrode_before()
    {
        var holding = Enumerable.Repeat(-0.1, 30).ToArray();
        Assert.All(new Electrode(50, 0.8).Drop(holding, TimeStep), static v => Assert.Equal(-5, v, 1e-12));
        var sweep = new PreparedSweep(1, TimeStep, holding, [.. holding.Select(static _ => -65.0)], [.. holding.Select(static _ => true)], [], -65);
        Assert.Equal(-60, new Electrode(50, 0.8).Compensate(sweep).InitialPotential, 1e-12);
    }

    private static Electrode Estimate(IReadOnlyList<PassiveTrace> traces) => Assert.IsType<Electrode>(Electrode.Estimate(traces));

    /// <summary>A second at -60 mV with noise, and of each so many samples one that does not count.</summary>
    private static PassiveTrace Constant(double level, int gap)
    {
        var random = new PhiloxStream(4);
        double[] potential = [.. Enumerable.Range(0, 10_000).Select(_ => -60 + (0.3 * random.Normal()))];
        return new([.. potential.Select(_ => level)], potential, [.. potential.Select((_, t) => t % gap != gap - 1)], TimeStep, -60);
    }

    /// <summary>A membrane of 100 MOhm and 20 ms at -60 mV, for 5 s, with a current that changes every 5 ms.</summary>
    private static PreparedSweep Recorded(Electrode electrode)
    {
        const int steps = 50_000;
        var (random, v, current, potential) = (new PhiloxStream(2), -60.0, new double[steps], new double[steps]);
        for (var t = 0; t < steps; t++)
        {
            current[t] = t % 50 == 0 ? 0.1 * random.Normal() : current[t - 1];
            potential[t] = v;
            var target = -60 + (100 * current[t]);
            v = target + ((v - target) * Math.Exp(-TimeStep / 20));
        }

        return new(1, TimeStep, current, [.. potential.Zip(electrode.Drop(current, TimeStep), static (a, b) => a + b)], [.. current.Select(static _ => true)], [], -60);
    }
}
