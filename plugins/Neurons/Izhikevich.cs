using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The simple model of Izhikevich (2003, 10.1109/TNN.2003.820440), with all that the firing patterns of Izhikevich (2004, 10.1109/TNN.2004.832719) vary:
/// <code>
/// dV/dt = k V^2 + l V + m - u + I / C
/// du/dt = a (b (V - Vu) - leak u)
/// V >= Vpeak:  a spike, V &lt;- c, u &lt;- u + d
/// </code>
/// V, Vu, Vpeak, c in mV; u, d in mV/ms; k in 1/(mV ms); l, a, b in 1/ms; m in mV/ms; leak a pure number; I in nA; C in nF. The papers' I is I / C: with
/// the default C their 10 is 1 nA. Their k, l, m are 0.04, 5, 140, but 0.04, 4.1, 108 for class 1 excitability and the integrator; Vu is 0 and leak 1,
/// but -65 and 0 for accommodation.
/// </summary>
/// <remarks>
/// The figures of 2004 were made by steps of 0.1 to 0.5 ms in which u follows the potential that this step has reached, and some patterns (bistability,
/// depolarising after-potential, inhibition-induced bursting) are there in such steps only. The setting <c>scheme</c> = <c>published</c>, with the integrator
/// <c>euler</c>, takes these steps.
/// </remarks>
internal sealed class Izhikevich(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    private readonly bool published =
        settings.Choice("scheme", "equations", ["equations", "published"], "whether u is integrated beside V, or stepped after it as for the published figures") == "published";

    public void Define(INeuronScope scope)
    {
        var capacitance = scope.Parameter("C", 0.1 * nF, (0.001 * nF, 10 * nF), "capacitance", ParameterScale.Logarithmic);
        var k = scope.Parameter("k", 0.04 / (mV * ms), (0.001 / (mV * ms), 0.5 / (mV * ms)), "curvature", ParameterScale.Logarithmic);
        var l = scope.Parameter("l", 5 / ms, (0 / ms, 20 / ms), "slope at 0 mV");
        var m = scope.Parameter("m", 140 * mV / ms, (0 * mV / ms, 500 * mV / ms), "rate at 0 mV");
        var a = scope.Parameter("a", 0.02 / ms, (-0.1 / ms, 2 / ms), "rate of recovery");
        var b = scope.Parameter("b", 0.2 / ms, (-2 / ms, 2 / ms), "how far recovery follows the potential");
        var c = scope.Parameter("c", -65 * mV, (-90 * mV, -30 * mV), "potential after a spike");
        var d = scope.Parameter("d", 8 * mV / ms, (-30 * mV / ms, 100 * mV / ms), "what a spike adds to recovery");
        var vu = scope.Parameter("Vu", 0 * mV, (-100 * mV, 50 * mV), "potential that recovery is measured from");
        var leak = scope.Parameter("leak", 1, (0 * one, 1 * one), "whether recovery decays by itself");
        var vpeak = scope.Parameter("Vpeak", 30 * mV, (0 * mV, 60 * mV), "peak of a spike");
        var vinit = scope.Parameter("Vinit", -70 * mV, (-120 * mV, -30 * mV), "potential at time 0");
        var uinit = scope.Parameter("uinit", -14 * mV / ms, (-100 * mV / ms, 200 * mV / ms), "recovery at time 0");
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", vinit, mV, "membrane potential");
        var u = scope.State("u", uinit, mV / ms, "recovery");

        v.Rate = (k * v * v) + (l * v) + m - u + (i / capacitance);
        if (!published)
        {
            u.Rate = a * ((b * (v - vu)) - (leak * u));
        }

        var spike = scope.Spike("spike", (v.Stepped - vpeak) / (surrogateWidth * mV));
        var after = published ? u + (scope.TimeStep * a * ((b * (v.Stepped - vu)) - (leak * u))) : u.Stepped;
        u.Next = after + (spike * d);
        v.Next = OnSpike(spike, c, v.Stepped);
    }
}
