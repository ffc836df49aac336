using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>What a spike does to states, in the exact and in the smooth mode.</summary>
public sealed class SpikeTests
{
    private const double TimeStep = 0.5;
    private const int Steps = 200;

    /// <summary>tau = 10 ms, threshold -50, reset -60.25, a trace that gains 1 with each spike, and a counter without a rate.</summary>
    private static readonly Action<INeuronScope> IntegrateAndFire = static scope =>
    {
        var input = scope.Input("I", mV, "drive");
        var v = scope.State("V", -65 * mV, mV, "potential");
        var trace = scope.State("trace", 0, one, "filtered spikes");
        var count = scope.State("count", 0, one, "spikes so far");
        v.Rate = (-65 * mV - v + input) / (10 * ms);
        trace.Rate = -trace / (20 * ms);
        var spike = scope.Spike("spike", (v.Stepped - -50 * mV) / (2 * mV));
        v.Next = OnSpike(spike, -60.25 * mV, v.Stepped);
        trace.Next = trace.Stepped + spike;
        count.Next = count + spike;
        scope.Output("excess", v + 50 * mV, mV, "distance from threshold before the step");
    };

    [Fact]
    public void Spikes_reset_the_potential_exactly_in_the_step_that_crosses_threshold()
    {
        var simulated = Simulate(smooth: false);
        var (v, trace, count) = (-65.0, 0.0, 0);
        for (var k = 0; k < Steps; k++)
        {
            Assert.Equal(v, simulated["V"][0][k], 1e-11);
            Assert.Equal(trace, simulated["trace"][0][k], 1e-12);
            Assert.Equal(count, simulated["count"][0][k]);
            Assert.Equal(v + 50, simulated["excess"][0][k], 1e-11);
            var target = -65 + Drive(k);
            v = target + ((v - target) * Math.Exp(-TimeStep / 10));
            trace *= Math.Exp(-TimeStep / 20);
            var spike = v >= -50;
            Assert.Equal(spike ? 1 : 0, simulated["spike"][0][k]);
            (v, trace, count) = spike ? (-60.25, trace + 1, count + 1) : (v, trace, count);
            Assert.True(!spike || k + 1 == Steps || simulated["V"][0][k + 1] == -60.25);
        }

        Assert.InRange(count, 5, 50);
    }

    [Fact]
    public void Smooth_mode_blends_by_the_surrogate()
    {
        var simulated = Simulate(smooth: true);
        for (var k = 0; k + 1 < Steps; k++)
        {
            var target = -65 + Drive(k);
            var stepped = target + ((simulated["V"][0][k] - target) * Math.Exp(-TimeStep / 10));
            var spike = 1 / (1 + Math.Exp(-(stepped + 50) / 2));
            Assert.Equal(spike, simulated["spike"][0][k], 1e-12);
            Assert.Equal((spike * -60.25) + ((1 - spike) * stepped), simulated["V"][0][k + 1], 1e-11);
            Assert.Equal((simulated["trace"][0][k] * Math.Exp(-TimeStep / 20)) + spike, simulated["trace"][0][k + 1], 1e-12);
        }

        Assert.Contains(simulated["spike"][0], static s => s is > 0.05 and < 0.95);
    }

    [Fact]
    public void Crossing_is_one_step_at_each_upward_passage()
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var input = scope.Input("I", mV, "potential to follow");
            var v = scope.State("V", 0 * mV, mV, "potential");
            v.Next = input;
            v.Rate = (input - v) / scope.TimeStep;
            scope.Crossing("spike", v / (1 * mV), v.Stepped / (1 * mV));
        });
        double[] path = [-1, -2, 3, 4, 1, -1, 0, 2, -3, -1, 5, 5];
        var spikes = WrittenModel.Simulate(model, "euler", 1, path.Length, ["spike"], new Dictionary<string, double[]> { ["I"] = path })["spike"][0];
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0], spikes);
    }

    [Fact]
    public void Time_is_that_of_the_step_s_start()
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var x = scope.State("x", 0, one, "integral of t");
            x.Rate = scope.Time / (1 * ms * ms);
            scope.Output("clock", scope.Time + scope.TimeStep, ms, "end of the step");
        });
        var simulated = WrittenModel.Simulate(model, "euler", 0.25, 50, ["x", "clock"]);
        for (var k = 0; k < 50; k++)
        {
            Assert.Equal(0.25 * (k + 1), simulated["clock"][0][k], 1e-13);
            Assert.Equal(0.25 * 0.25 * k * (k - 1) / 2, simulated["x"][0][k], 1e-12);
        }
    }

    private static IReadOnlyDictionary<string, double[][]> Simulate(bool smooth) => WrittenModel.Simulate(
        WrittenModel.Trace(IntegrateAndFire), "exponential-euler", TimeStep, Steps, ["V", "trace", "count", "spike", "excess"],
        new Dictionary<string, double[]> { ["I"] = [.. Enumerable.Range(0, Steps).Select(Drive)] }, smooth: smooth);

    private static double Drive(int step) => 22 + (4 * Math.Sin(step / 7.0));
}
