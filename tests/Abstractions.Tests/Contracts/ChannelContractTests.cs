using BrainModular.Models;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Abstractions.Tests.Contracts;

public sealed class ChannelContractTests
{
    /// <summary>A slow potassium current with one gate and a temperature coefficient: gmax p (V - EK).</summary>
    private sealed class SlowPotassium : IIonChannel
    {
        public void Define(IChannelScope scope)
        {
            var (v, temperature, ions) = scope.Membrane;
            var gmax = scope.Parameter("gmax", 0.005 * uS, (0 * uS, 1 * uS), "largest conductance");
            var tau = scope.Parameter("tauMax", 100 * ms, (1 * ms, 4000 * ms), "largest time constant");
            var q10 = Exp((temperature - (36 * degC).In(K) * K) / (10 * K) * Math.Log(2.3));
            var p = scope.State("p", 0, one, "activation", (0 * one, 1 * one));
            p.Rate = (Sigmoid((v + 35 * mV) / (10 * mV)) - p) / tau * q10;
            scope.Current(gmax * p * (v - ions["K"].Reversal), "K");
        }
    }

    private sealed class Passive : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var v = scope.State("V", -65 * mV, mV, "membrane potential");
            var membrane = new Membrane(v, 36 * degC, new Dictionary<string, Ion> { ["K"] = new(-90 * mV) });
            v.Rate = ((0.01 * uS * (-65 * mV - v)) - scope.Channels(membrane) + scope.Input("I", nA, "injected current")) / (0.2 * nF);
        }
    }

    [Fact]
    public void Inserted_channel_declares_under_its_own_name_and_pulls_to_its_reversal()
    {
        var definition = RecordingNeuronScope.Define(new Passive(), ("KM", new SlowPotassium()));
        Assert.Equal(["KM.gmax", "KM.tauMax"], definition.Parameters.Keys);
        Assert.Equal(["KM.p", "V"], definition.RateOrder.Select(static s => s.Name));

        var with = new SmallSimulation(definition, 0.1);
        var without = new SmallSimulation(RecordingNeuronScope.Define(new Passive()), 0.1);
        for (var k = 0; k < 20000; k++)
        {
            with.Step(("I", 0.2));
            without.Step(("I", 0.2));
        }

        // In equilibrium 0.01 (-65 - V) + 0.2 = 0.005 p(V) (V + 90).
        Assert.Equal(-45, without["V"], 1e-6);
        var v = with["V"];
        Assert.InRange(v, -80, -46);
        Assert.Equal(0.005 / (1 + Math.Exp(-(v + 35) / 10)) * (v + 90), (0.01 * (-65 - v)) + 0.2, 1e-6);
    }

    [Fact]
    public void Two_copies_of_a_channel_have_names_of_their_own()
    {
        var definition = RecordingNeuronScope.Define(new Passive(), ("a", new SlowPotassium()), ("b", new SlowPotassium()));
        Assert.Equal(definition.Names.Count, definition.Names.Distinct().Count());
        Assert.Contains("b.p", definition.States.Keys);
    }

    [Fact]
    public void Rates_keep_the_order_in_which_they_were_first_given()
    {
        var scope = new RecordingScope(new Definition());
        var (a, b) = (scope.State("a", 0, one, "first"), scope.State("b", 0, one, "second"));
        b.Rate = -b / (1 * ms);
        a.Rate = -a / (1 * ms);
        b.Rate = (1 - b) / (1 * ms);
        Assert.Equal([b, a], scope.Definition.RateOrder);
    }
}
