using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Synapses.DefinedSynapse;

namespace BrainModular.Plugins.Tests.Synapses;

public sealed class ReceptorTests
{
    private const double Dt = 0.1;

    [Theory]
    [InlineData("exponential-conductance", "g", 0.065)]
    [InlineData("exponential-current", "I", 0.001)]
    public void Exponential_decays_from_the_weight_by_the_closed_form(string name, string state, double driven)
    {
        // A conductance of 1 nS at 65 mV from its reversal drives 0.065 nA; a current of 1 pA is 0.001 nA.
        var receptor = Receptor(name, Dt, ("tau", 7));
        receptor.Step(("in", 2.5), ("V", -65));
        Assert.Equal(0, receptor.Contribution);
        for (var k = 0; k < 300; k++)
        {
            var expected = 2.5 * Math.Exp(-k * Dt / 7);
            Assert.Equal(expected, receptor[state], 1e-12);
            receptor.Step(("in", 0), ("V", -65));
            Assert.Equal(expected * driven, receptor.Contribution, 1e-13);
        }
    }

    [Theory]
    [InlineData("alpha-conductance", "g")]
    [InlineData("alpha-current", "I")]
    public void Alpha_function_peaks_at_the_weight_after_its_time_constant(string name, string state)
    {
        var receptor = Receptor(name, Dt, ("tau", 3));
        receptor.Step(("in", 1.5), ("V", -65));
        for (var k = 0; k < 300; k++)
        {
            var t = k * Dt;
            Assert.Equal(1.5 * t / 3 * Math.Exp(1 - (t / 3)), receptor[state], 1e-12);
            Assert.True(k != 30 || Math.Abs(receptor[state] - 1.5) < 1e-12);
            receptor.Step(("in", 0), ("V", -65));
        }
    }

    [Theory]
    [InlineData("dual-exponential-conductance", "g", 0.5, 4)]
    [InlineData("dual-exponential-conductance", "g", 6, 2)]
    [InlineData("dual-exponential-current", "I", 0.02, 9)]
    [InlineData("dual-exponential-current", "I", 3, 100)]
    public void Difference_of_exponentials_peaks_at_the_weight(string name, string state, double rise, double decay)
    {
        var receptor = Receptor(name, 0.01, ("tauRise", rise), ("tauDecay", decay));
        receptor.Step(("in", 2), ("V", -65));
        var peakTime = rise * decay / (decay - rise) * Math.Log(decay / rise);
        var peak = Math.Exp(-peakTime / decay) - Math.Exp(-peakTime / rise);
        var largest = 0.0;
        for (var k = 0; k < 3000; k++)
        {
            var t = k * 0.01;
            Assert.Equal(2 * (Math.Exp(-t / decay) - Math.Exp(-t / rise)) / peak, receptor[state], 1e-10);
            largest = Math.Max(largest, receptor[state]);
            receptor.Step(("in", 0), ("V", -65));
        }

        Assert.InRange(largest, 2 * (1 - (rise < 0.1 ? 2e-2 : 2e-4)), 2 + 1e-10);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(5, 5.0000001)]
    [InlineData(5.00001, 5)]
    public void Equal_time_constants_give_the_alpha_function(double rise, double decay)
    {
        var (dual, alpha) = (Receptor("dual-exponential-conductance", Dt, ("tauRise", rise), ("tauDecay", decay)), Receptor("alpha-conductance", Dt, ("tau", 5)));
        foreach (var receptor in new[] { dual, alpha })
        {
            receptor.Step(("in", 1), ("V", -65));
            receptor.Step(("in", 0), ("V", -65));
        }

        for (var k = 0; k < 300; k++)
        {
            Assert.Equal(alpha["g"], dual["g"], 3e-6);
            dual.Step(("in", 0), ("V", -65));
            alpha.Step(("in", 0), ("V", -65));
        }
    }

    [Theory]
    [InlineData("ampa", 0.5, 2.4, 0)]
    [InlineData("nmda", 4, 40, 0)]
    [InlineData("gaba-a", 1, 7, -70)]
    [InlineData("gaba-b", 60, 200, -90)]
    public void Named_receptor_has_its_published_time_course_and_reversal(string name, double rise, double decay, double reversal)
    {
        var receptor = Receptor(name, Dt);
        receptor.Step(("in", 1), ("V", reversal));
        var peakTime = rise * decay / (decay - rise) * Math.Log(decay / rise);
        var peak = Math.Exp(-peakTime / decay) - Math.Exp(-peakTime / rise);
        for (var k = 1; k < 500; k++)
        {
            receptor.Step(("in", 0), ("V", reversal));
            Assert.Equal(0, receptor.Contribution);
            Assert.Equal((Math.Exp(-k * Dt / decay) - Math.Exp(-k * Dt / rise)) / peak, receptor["g"], 1e-10);
        }
    }

    [Theory]
    [InlineData(1, -65, 0.0597)]
    [InlineData(1, -20, 0.508)]
    [InlineData(1, 40, 0.977)]
    [InlineData(2, -65, 0.0308)]
    [InlineData(0, -80, 1)]
    public void Magnesium_blocks_by_the_published_formula(double magnesium, double potential, double rounded)
    {
        var open = 1 / (1 + (magnesium / 3.57 * Math.Exp(-0.062 * potential)));
        Assert.Equal(rounded, open, 5e-4);

        var receptor = Receptor("nmda", Dt, ("Mg", magnesium), ("E", 10));
        receptor.Step(("in", 3), ("V", potential));
        for (var k = 0; k < 20; k++)
        {
            receptor.Step(("in", 0), ("V", potential));
        }

        var g = receptor["g"];
        Assert.InRange(g, 0.5, 3);
        receptor.Step(("in", 0), ("V", potential));
        Assert.Equal(open, receptor.Output("open"), 1e-14);
        Assert.Equal(g * 1e-3 * open * (10 - potential), receptor.Contribution, 1e-14);
    }

    [Theory]
    [InlineData("exponential-conductance", "g")]
    [InlineData("alpha-current", "I")]
    [InlineData("gaba-a", "g")]
    public void Responses_to_several_events_add_up(string name, string state)
    {
        double[] Run(params (int Step, double Weight)[] events)
        {
            var receptor = Receptor(name, Dt);
            return [.. Enumerable.Range(0, 400).Select(k =>
            {
                receptor.Step(("in", events.Where(e => e.Step == k).Sum(static e => e.Weight)), ("V", -65));
                return receptor[state];
            })];
        }

        var (first, second, both) = (Run((3, 1)), Run((57, -0.4)), Run((3, 1), (57, -0.4)));
        Assert.All(both.Select((x, k) => x - first[k] - second[k]), static d => Assert.Equal(0, d, 1e-12));
        Assert.Contains(second, static x => x < -0.3);
    }

    [Fact]
    public void Gap_junction_drives_towards_its_partners()
    {
        // Two partners at -50 and -70 mV with 0.1 and 0.3 nS, this neuron at -60 mV; a conductance of 1 nS is 0.001 engine units.
        var synapse = Define("gap-junction");
        var port = synapse.ReceptorPart.Ports["in"];
        var current = Evaluator.Value(synapse.Current, (port.Sum, 1e-3 * ((0.1 * -50) + (0.3 * -70))), (port.WeightSum, 0.4e-3), (synapse.Potential, -60));
        Assert.Equal(1e-3 * ((0.1 * 10) + (0.3 * -10)), current, 1e-15);
    }

    [Fact]
    public void Every_receptor_declares_one_port_and_units_of_cells()
    {
        Assert.Equal(13, Names.Count);
        foreach (var name in Names)
        {
            var port = Assert.Single(Define(name).ReceptorPart.Ports).Value;
            Assert.Equal("in", port.Name);
            Assert.Equal(name == "delta" ? Units.mV : name.EndsWith("-current", StringComparison.Ordinal) ? Units.pA : Units.nS, port.Weight);
        }
    }
}
