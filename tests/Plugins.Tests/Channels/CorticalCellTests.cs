using BrainModular.Engine.Tracing;
using BrainModular.Plugins.Tests.Neurons;

namespace BrainModular.Plugins.Tests.Channels;

/// <summary>The minimal cells of Pospischil et al. (2008): the spikes that NEURON computes of the authors' code, and how each cell behaves.</summary>
public sealed class CorticalCellTests
{
    private const double Density = 1e-5;

    /// <summary>
    /// Spike times in ms that NEURON 7 gives at a step of 0.001 ms for the four cells of ModelDB 123623 with gates in equilibrium at the start, as recorded by the Open Source
    /// Brain project (github.com/OpenSourceBrain/PospischilEtAl2008, NEURON_MODIFIED, tests of the cells RS, FS, LTS and IB).
    /// </summary>
    [Theory]
    [InlineData("regular-spiking", 0.75, 300, 700, -70, 800, 320.554, 348.522, 387.944, 456.69, 592.105)]
    [InlineData("fast-spiking", 0.5, 300, 700, -70, 450, 317.023, 337.195, 357.367, 377.539, 397.711, 417.882, 438.054)]
    [InlineData("low-threshold-spiking", 0.15, 400, 800, -84, 900, 431.422, 445.188, 517.236, 720.421)]
    [InlineData("intrinsically-bursting", 0.15, 500, 2500, -84, 1300, 617.724, 624.631, 631.1, 637.785, 644.908, 652.67, 661.419, 672.084, 1157.215)]
    public void Spikes_are_those_that_another_program_computes(string cell, double current, double from, double until, double start, double duration, params double[] expected)
    {
        // NEURON's sections are cylinders, and its calcium reverses by Nernst: from a pool in the cell with the T current, from 0.24 uM in that with the L current.
        var lowThreshold = cell == "low-threshold-spiking";
        var model = EngineRun.Model("minimal-cortical", ("cell", cell), ("calcium", lowThreshold ? "pool" : "constant"));
        (string, double)[] values = cell switch
        {
            "low-threshold-spiking" => [("leak.E", -85)],
            "intrinsically-bursting" => [("ECa", 8.314462618 * 309.15 / (2 * 96.48533212) * Math.Log(2 / 2.4e-4))],
            _ => [],
        };
        var radius = cell == "fast-spiking" ? 67 : 96;
        var spikes = EngineRun.Of(
            model, "exponential-euler-staggered", 0.01, duration, t => t >= from && t < until ? current : 0, [("Vinit", start), ("area", Math.PI * radius * radius), .. values]).Spikes;
        Assert.Equal(expected.Length, spikes.Length);
        Assert.All(expected.Zip(spikes), p => Assert.Equal(p.First, p.Second, 0.1 + (2e-3 * (p.First - from))));
    }

    [Fact]
    public void Regular_spiking_cell_adapts_and_fast_spiking_cell_does_not()
    {
        static double[] Intervals(string cell, double current)
        {
            var s = EngineRun.Of(EngineRun.Model("minimal-cortical", ("cell", cell)), "exponential-euler", 0.02, 800, t => t > 50 ? current : 0).Spikes;
            return [.. s.Zip(s.Skip(1), static (a, b) => b - a)];
        }

        var regular = Intervals("regular-spiking", 1.2);
        Assert.True(regular.Length > 5 && regular[^1] > 1.8 * regular[0], "the regular-spiking cell does not adapt");
        var fast = Intervals("fast-spiking", 1);
        Assert.True(fast.Length > 2 * regular.Length, $"{fast.Length} and {regular.Length} intervals");
        Assert.All(fast, i => Assert.Equal(fast[0], i, 0.05));
    }

    [Fact]
    public void Bursting_cell_begins_with_a_burst_that_the_calcium_current_makes()
    {
        double[] Spikes(double density) => EngineRun.Of(
            EngineRun.Model("minimal-cortical", ("cell", "intrinsically-bursting")), "exponential-euler", 0.02, 1600, static t => t > 300 ? 0.15 : 0, ("Vinit", -84), ("cal.gMax", density * Density)).Spikes;

        static int First(double[] spikes) => 1 + spikes.Zip(spikes.Skip(1)).TakeWhile(static p => p.Second - p.First < 15).Count();
        Assert.InRange(First(Spikes(0.17)), 4, 15);
        Assert.Equal(1, First(Spikes(0.01)));
    }

    [Fact]
    public void Low_threshold_cell_fires_on_release_from_hyperpolarisation_only_with_its_calcium_current()
    {
        EngineRun Run(double density) => EngineRun.Of(
            EngineRun.Model("minimal-cortical", ("cell", "low-threshold-spiking")), "exponential-euler", 0.02, 1000,
            static t => t is > 300 and < 600 ? -0.075 : 0, ("Vinit", -60), ("cat.gMax", density * Density));

        var with = Run(0.4);
        Assert.NotEmpty(with.Spikes);
        Assert.All(with.Spikes, static t => Assert.InRange(t, 600, 750));
        Assert.Empty(Run(0.001).Spikes);
    }

    [Fact]
    public void Cells_take_further_channels()
    {
        var model = EngineRun.Cell("minimal-cortical", [], "h-kole");
        Assert.NotNull(model.FindParameter("h.gMax"));
        Assert.NotNull(model.FindParameter("na.gMax"));
        Assert.Null(model.FindParameter("ECa"));
    }
}
