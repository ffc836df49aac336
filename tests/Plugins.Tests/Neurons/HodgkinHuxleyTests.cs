using System.Globalization;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

public sealed class HodgkinHuxleyTests
{
    [Fact]
    public void Squid_axon_follows_its_equations_written_out_by_hand()
    {
        var neuron = Models.Simulate("hodgkin-huxley-1952", 0.025);
        var (v, m, h, n) = (-65.0, 0.0529, 0.5961, 0.3177);
        var highest = v;
        for (var k = 0; k < 4000; k++)
        {
            neuron.Step(("I", 10));
            m = Relaxed(m, Ratio((v + 40) / 10), 4 * Math.Exp(-(v + 65) / 18));
            h = Relaxed(h, 0.07 * Math.Exp(-(v + 65) / 20), 1 / (1 + Math.Exp(-(v + 35) / 10)));
            n = Relaxed(n, 0.1 * Ratio((v + 55) / 10), 0.125 * Math.Exp(-(v + 65) / 80));
            var (na, k4) = (120 * m * m * m * h, 36 * n * n * n * n);
            var g = na + k4 + 0.3;
            var e = ((na * 50) + (k4 * -77) + (0.3 * -54.387) + 10) / g;
            v = e + ((v - e) * Math.Exp(-0.025 * g));
            highest = Math.Max(highest, v);
            Assert.Equal(v, neuron["V"], 1e-6);
            Assert.Equal(m, neuron["m"], 1e-8);
        }

        Assert.InRange(highest, 30, 50);

        static double Relaxed(double x, double alpha, double beta) =>
            (alpha / (alpha + beta)) + ((x - (alpha / (alpha + beta))) * Math.Exp(-0.025 * (alpha + beta)));

        static double Ratio(double x) => x / (1 - Math.Exp(-x));
    }

    [Fact]
    public void Squid_axon_is_at_rest_without_current()
    {
        var neuron = Models.Simulate("hodgkin-huxley-1952", 0.025);
        for (var k = 0; k < 4000; k++)
        {
            Assert.False(neuron.Step(("I", 0)));
            Assert.InRange(neuron["V"], -65.2, -64.8);
        }
    }

    /// <summary>The repetitive discharge at 10 uA/cm^2 and 6.3 degC has a period of 14.6 ms, the textbook value of this model.</summary>
    [Fact]
    public void Squid_axon_fires_with_its_known_period()
    {
        var neuron = Models.Simulate("hodgkin-huxley-1952", 0.01);
        var spikes = Enumerable.Range(0, 20000).Where(_ => neuron.Step(("I", 10))).ToList();
        Assert.InRange(spikes.Count, 12, 16);
        Assert.Equal(14.6, (spikes[^1] - spikes[4]) * 0.01 / (spikes.Count - 5), 0.15);
    }

    /// <summary>
    /// Five noisy traces made with gL 0.01, gNa 20, gK 6 uS, Vth -63 mV; their noise is 0.995 mV^2. Sample k is the state before step k,
    /// all variables are stepped from the old values, and only the textbook's alphaH explains them.
    /// </summary>
    [SkippableTheory]
    [InlineData("textbook", 0.99, 1.0)]
    [InlineData("released", 30, 40)]
    public void Traces_of_the_published_model_are_explained_to_their_noise(string alphaH, double least, double most)
    {
        var currents = Rows(RealData.Require("icephys-brian2mf-hh-traces", "neuron_traces", "input_traces_hh.csv"));
        var potentials = Rows(RealData.Require("icephys-brian2mf-hh-traces", "neuron_traces", "output_traces_hh.csv"));
        var (sum, count, spikes) = (0.0, 0, 0);
        foreach (var (current, potential) in currents.Zip(potentials))
        {
            var neuron = new SmallSimulation(Models.Define("hodgkin-huxley", ("alphaH", alphaH)), 0.01) { Staggered = false };
            for (var k = 0; k < potential.Length; k++)
            {
                var error = neuron["V"] - potential[k];
                (sum, count) = (sum + (error * error), count + 1);
                spikes += neuron.Step(("I", current[k] * 1e9)) ? 1 : 0;
            }
        }

        Assert.Equal(5 * 1497, count);
        Assert.True(spikes > 0);
        Assert.InRange(sum / count, least, most);
    }

    [Fact]
    public void Spike_is_one_step_at_each_upward_crossing()
    {
        var neuron = Models.Simulate("hodgkin-huxley", 0.025);
        var (spikes, crossings) = (0, 0);
        for (var k = 0; k < 8000; k++)
        {
            var before = neuron["V"];
            spikes += neuron.Step(("I", 0.5)) ? 1 : 0;
            crossings += before < 0 && neuron["V"] >= 0 ? 1 : 0;
        }

        Assert.True(spikes > 3, "the neuron did not fire");
        Assert.Equal(crossings, spikes);
    }

    [Fact]
    public void Gates_start_closed_or_in_equilibrium()
    {
        var closed = new SmallSimulation(Models.Define("hodgkin-huxley"), 0.01);
        Assert.Equal([0, 0, 0], new[] { closed["m"], closed["h"], closed["n"] });

        var steady = new SmallSimulation(Models.Define("hodgkin-huxley", ("initialGates", "steady-state")), 0.01);
        var gates = new[] { steady["m"], steady["h"], steady["n"] };
        Assert.All(gates, static g => Assert.InRange(g, 1e-4, 1 - 1e-4));
        Assert.InRange(gates[1], 0.9, 1);
        var v = steady["V"];
        for (var k = 0; k < 50; k++)
        {
            steady["V"] = v;
            steady.Step(("I", 0));
        }

        Assert.Equal(gates[1], steady["h"], 2e-3);
    }

    [Fact]
    public void Slow_potassium_is_absent_by_default_and_hyperpolarises_for_long_after_spikes()
    {
        // 300 ms after a strong current the fast gates are at rest again, and only the slow current is left.
        static double After(double gM, params (string, object)[] settings)
        {
            var definition = Models.Define("hodgkin-huxley", settings);
            (string, double)[] values = settings.Length == 0 ? [("gM", gM)] : [];
            var neuron = new SmallSimulation(definition, 0.02, values);
            for (var k = 0; k < 40000; k++)
            {
                neuron.Step(("I", k < 25000 ? 0.5 : 0));
            }

            return neuron["V"];
        }

        Assert.Equal(After(0, ("slowPotassium", "none")), After(0), 1e-9);
        Assert.InRange(After(0.02), -89, After(0) - 1);
    }

    [Theory]
    [InlineData("hodgkin-huxley")]
    [InlineData("hodgkin-huxley-1952")]
    public void Gates_are_stepped_before_the_potential_and_currents_are_outputs(string name)
    {
        var definition = Models.Define(name);
        IEnumerable<string> gates = name == "hodgkin-huxley" ? ["m", "h", "n", "p"] : ["m", "h", "n"];
        Assert.Equal([.. gates, "V"], definition.RateOrder.Select(static s => s.Name));
        Assert.Equal(["INa", "IK", "IL"], definition.Outputs.Keys);
        Assert.All(definition.States.Values.Where(static s => s.Name != "V"), static s => Assert.Equal(1, s.Range!.Value.Upper.Value));

        var neuron = new SmallSimulation(definition, 0.01);
        neuron["m"] = 0.5;
        neuron["V"] = -20;
        Assert.True(neuron.Output("INa") <= 0, "sodium flows inward");
    }

    private static double[][] Rows(string path) =>
        [.. File.ReadLines(path).Skip(1).Select(static line => line.Split(',').Skip(1).Select(static v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
}
