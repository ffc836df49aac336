using BrainModular.Models;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Abstractions.Tests.Contracts;

/// <summary>Synapses of several kinds, written as an author would, to see that the contract holds them.</summary>
public sealed class SynapseContractTests
{
    /// <summary>dg/dt = -g / tau, g &lt;- g + w per event, current g (E - V).</summary>
    private sealed class Exponential : ISynapseModel
    {
        public void Define(ISynapseScope scope)
        {
            var receptor = scope.Receptor;
            var tau = receptor.Parameter("tau", 5 * ms, (0.1 * ms, 500 * ms), "decay time", ParameterScale.Logarithmic);
            var reversal = receptor.Parameter("E", 0 * mV, (-120 * mV, 60 * mV), "reversal potential");
            var arriving = receptor.Port("event", PortKind.Event, one, uS, "presynaptic spikes");
            var g = receptor.State("g", 0, uS, "conductance");
            g.Rate = -g / tau;
            g.Next = g.Stepped + arriving.Sum;
            receptor.Current(g * (reversal - receptor.PostsynapticPotential));
        }
    }

    /// <summary>Rise and decay, and the magnesium block of Jahr and Stevens (1990).</summary>
    private sealed class Nmda : ISynapseModel
    {
        public void Define(ISynapseScope scope)
        {
            var receptor = scope.Receptor;
            var v = receptor.PostsynapticPotential;
            var magnesium = receptor.Parameter("Mg", 1 * mM, (0 * mM, 10 * mM), "magnesium outside");
            var arriving = receptor.Port("event", PortKind.Event, one, uS, "presynaptic spikes");
            var rising = receptor.State("x", 0, uS, "rising phase");
            var g = receptor.State("g", 0, uS, "conductance");
            rising.Rate = -rising / (2 * ms);
            rising.Next = rising.Stepped + arriving.Sum;
            g.Rate = ((rising / (2 * ms)) - (g / (100 * ms)));
            receptor.Current(g / (1 + (magnesium / (3.57 * mM) * Exp(-v / (16.13 * mV)))) * -v);
        }
    }

    /// <summary>Ohmic coupling: the sum of w (Vpre - V) needs the sum of w Vpre and the sum of w.</summary>
    private sealed class GapJunction : ISynapseModel
    {
        public void Define(ISynapseScope scope)
        {
            var receptor = scope.Receptor;
            var coupled = receptor.Port("V", PortKind.Graded, mV, uS, "potentials of coupled neurons");
            receptor.Current(coupled.Sum - (coupled.WeightSum * receptor.PostsynapticPotential));
        }
    }

    /// <summary>Short-term plasticity of Tsodyks and Markram at the presynaptic side.</summary>
    private sealed class TsodyksMarkram : ISynapseModel
    {
        public void Define(ISynapseScope scope)
        {
            var release = scope.Release;
            var use = release.Parameter("U", 0.5, (0.01 * one, 1 * one), "release probability at rest");
            var x = release.State("x", 1, one, "resources that are left");
            x.Rate = (1 - x) / (200 * ms);
            x.Next = x.Stepped - (release.PresynapticSpike * use * x.Stepped);
            release.Send(use * x);
            new Exponential().Define(scope);
        }
    }

    /// <summary>Pair-based plasticity by spike timing, one trace on either side.</summary>
    private sealed class PairTiming : ISynapseModel
    {
        public void Define(ISynapseScope scope)
        {
            new Exponential().Define(scope);
            var rule = scope.Plasticity;
            var pre = rule.State("pre", 0, one, "presynaptic trace");
            var post = rule.State("post", 0, one, "postsynaptic trace");
            pre.Rate = -pre / (20 * ms);
            post.Rate = -post / (20 * ms);
            pre.Next = pre.Stepped + rule.PresynapticSpike;
            post.Next = post.Stepped + rule.PostsynapticSpike;
            rule.Weight.Next = Max(
                rule.Weight.Stepped + (rule.PostsynapticSpike * pre.Stepped * (0.01 * uS)) - (rule.PresynapticSpike * post.Stepped * (0.012 * uS)), 0);
        }
    }

    [Fact]
    public void Exponential_synapse_decays_from_its_weight_and_drives_towards_its_reversal()
    {
        var synapse = Define(new Exponential());
        Assert.Equal(["receptor"], synapse.Parts.Distinct());
        var receptor = new SmallSimulation(synapse.ReceptorPart, 0.1);
        receptor.Step(("event", 0.02), ("V", -65));
        for (var k = 0; k < 50; k++)
        {
            Assert.Equal(0.02 * Math.Exp(-k * 0.1 / 5), receptor["g"], 1e-12);
            receptor.Step(("event", 0), ("V", -65));
            Assert.Equal(0.02 * Math.Exp(-k * 0.1 / 5) * 65, receptor.Contribution, 1e-12);
        }
    }

    [Fact]
    public void Magnesium_blocks_the_receptor_at_rest_and_not_when_depolarised()
    {
        var receptor = new SmallSimulation(Define(new Nmda()).ReceptorPart, 0.1);
        receptor["g"] = 0.01;
        receptor.Step(("event", 0), ("V", -65));
        Assert.Equal(0.01 * 65 / (1 + (Math.Exp(65 / 16.13) / 3.57)), receptor.Contribution, 1e-12);
        receptor["g"] = 0.01;
        receptor.Step(("event", 0), ("V", 40));
        Assert.Equal(-0.01 * 40 / (1 + (Math.Exp(-40 / 16.13) / 3.57)), receptor.Contribution, 1e-12);
    }

    [Fact]
    public void Gap_junction_current_is_the_sum_over_its_partners()
    {
        // Two partners at -50 and -70 mV with 0.1 and 0.3 uS, this neuron at -60 mV.
        var synapse = Define(new GapJunction());
        var port = synapse.ReceptorPart.Ports["V"];
        var current = Evaluator.Value(synapse.Current, (port.Sum, (0.1 * -50) + (0.3 * -70)), (port.WeightSum, 0.4), (synapse.Potential, -60));
        Assert.Equal((0.1 * 10) + (0.3 * -10), current, 1e-12);
    }

    [Fact]
    public void Depressing_synapse_sends_what_is_left_of_its_resources()
    {
        var synapse = Define(new TsodyksMarkram());
        Assert.Equal(["release", "receptor"], synapse.Parts.Distinct());
        var release = new SmallSimulation(synapse.ReleasePart, 0.1);
        release.Step(("pre", 1));
        Assert.Equal(0.5, release["x"], 1e-12);
        release.Step(("pre", 1));
        Assert.Equal((1 - (0.5 * Math.Exp(-0.1 / 200))) / 2, release["x"], 1e-12);
        Assert.Equal(0.25, Evaluator.Value(synapse.Sent!, (synapse.ReleasePart.Parameters["U"], 0.5), (synapse.ReleasePart.States["x"], 0.5)));
    }

    [Fact]
    public void Order_of_two_spikes_decides_whether_a_weight_grows()
    {
        Assert.Equal(0.5 + (0.01 * Math.Exp(-5.0 / 20)), WeightAfter(preFirst: true), 1e-12);
        Assert.Equal(0.5 - (0.012 * Math.Exp(-5.0 / 20)), WeightAfter(preFirst: false), 1e-12);

        static double WeightAfter(bool preFirst)
        {
            var rule = new SmallSimulation(Define(new PairTiming()).PlasticityPart, 0.1);
            for (var k = 0; k <= 50; k++)
            {
                var (first, second) = (k == 0 ? 1 : 0, k == 50 ? 1 : 0);
                rule.Step(("pre", preFirst ? first : second), ("post", preFirst ? second : first));
            }

            return rule["weight"];
        }
    }

    private static RecordingSynapse Define(ISynapseModel model)
    {
        var synapse = new RecordingSynapse();
        model.Define(synapse);
        return synapse;
    }
}
