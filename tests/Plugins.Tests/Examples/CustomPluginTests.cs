using System.Text.RegularExpressions;
using BrainModular.Models;
using BrainModular.Testing.Fakes;
using QuadraticIntegrateAndFire;

namespace BrainModular.Plugins.Tests.Examples;

public sealed partial class CustomPluginTests
{
    [Fact]
    public void Guide_shows_the_example_as_it_is_built()
    {
        var guide = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "plugin-authors.md"));
        var shown = Shown().Matches(guide);
        Assert.Equal(3, shown.Count);
        foreach (Match block in shown)
        {
            Assert.Equal(File.ReadAllText(Path.Combine(RealData.Repository, block.Groups[1].Value)), block.Groups[2].Value);
        }
    }

    [Fact]
    public void Firing_period_is_that_of_the_closed_form()
    {
        // C dV/dt = k (V - Vm)^2 + I - Irh with Vm = -50 mV and Irh = k (10 mV)^2, solved by an inverse tangent.
        var neuron = new SmallSimulation(Define(), 0.001);
        var times = Enumerable.Range(0, 100_000).Where(_ => neuron.Step(("I", 0.2))).ToList();
        var scale = Math.Sqrt((0.2 - 0.07) / 0.0007);
        var period = 0.1 / Math.Sqrt(0.0007 * (0.2 - 0.07)) * (Math.Atan(85 / scale) - Math.Atan(0));
        Assert.True(times.Count > 3);
        Assert.Equal(period, (times[^1] - times[1]) * 0.001 / (times.Count - 2), 0.02);
    }

    [Fact]
    public void Adaptation_is_there_only_where_it_is_asked_for()
    {
        Assert.DoesNotContain("w", Define().States.Keys);
        var neuron = new SmallSimulation(Define(("adaptation", true)), 0.01);
        var times = Enumerable.Range(0, 60_000).Where(_ => neuron.Step(("I", 0.3))).ToList();
        Assert.True(times.Count > 4);
        Assert.True(times[^1] - times[^2] > 1.3 * (times[1] - times[0]), "the interval between spikes did not grow");
    }

    private static Definition Define(params (string Key, object Value)[] settings) => RecordingNeuronScope.Define(
        RecordingCatalog.Of(new QuadraticPlugin()).Create<INeuronModel>("adaptive-quadratic", settings));

    [GeneratedRegex(@"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
