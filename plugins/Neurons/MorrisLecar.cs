using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The Morris-Lecar model (Morris and Lecar 1981, 10.1016/S0006-3495(81)84782-0):
/// <code>
/// C dV/dt = I - gCa mInf (V - ECa) - gK w (V - EK) - gL (V - EL)
/// dw/dt   = phi cosh((V - V3) / (2 V4)) (wInf - w)
/// mInf = (1 + tanh((V - V1) / V2)) / 2      wInf = (1 + tanh((V - V3) / V4)) / 2
/// </code>
/// V, E, V1 to V4 in mV; g in uS; C in nF; I in nA; phi in 1/ms. Spike: V crosses Vspike upwards.
/// </summary>
/// <remarks>
/// The defaults are the set of Ermentrout and Terman (2010, 10.1007/978-0-387-87708-2, table 3.1) whose repetitive firing begins at a frequency above 0 (type
/// II, by a Hopf bifurcation), with nS, pF and pA where that has densities per cm^2. Of the same table, gCa 4 nS, V3 12 mV, V4 17.4 mV and phi 1/15
/// per ms begin at frequency 0 (type I, by a saddle-node on the limit cycle).
/// </remarks>
internal sealed class MorrisLecar(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 20 * pF, (1 * pF, 2000 * pF), "capacitance", ParameterScale.Logarithmic);
        var gCa = scope.Parameter("gCa", 4.4 * nS, (0.1 * nS, 1000 * nS), "largest calcium conductance", ParameterScale.Logarithmic);
        var gK = scope.Parameter("gK", 8 * nS, (0.1 * nS, 1000 * nS), "largest potassium conductance", ParameterScale.Logarithmic);
        var gL = scope.Parameter("gL", 2 * nS, (0.01 * nS, 500 * nS), "leak conductance", ParameterScale.Logarithmic);
        var eCa = scope.Parameter("ECa", 120 * mV, (50 * mV, 150 * mV), "reversal potential of calcium");
        var eK = scope.Parameter("EK", -84 * mV, (-120 * mV, -60 * mV), "reversal potential of potassium");
        var eL = scope.Parameter("EL", -60 * mV, (-100 * mV, -40 * mV), "reversal potential of the leak");
        var v1 = scope.Parameter("V1", -1.2 * mV, (-50 * mV, 30 * mV), "potential at which half of the calcium channels are open");
        var v2 = scope.Parameter("V2", 18 * mV, (1 * mV, 60 * mV), "how gradually they open", ParameterScale.Logarithmic);
        var v3 = scope.Parameter("V3", 2 * mV, (-50 * mV, 30 * mV), "potential at which half of the potassium channels are open");
        var v4 = scope.Parameter("V4", 30 * mV, (1 * mV, 60 * mV), "how gradually they open", ParameterScale.Logarithmic);
        var phi = scope.Parameter("phi", 0.04 / ms, (0.001 / ms, 2 / ms), "rate of the potassium channels", ParameterScale.Logarithmic);
        var vinit = scope.Parameter("Vinit", -60.85 * mV, (-120 * mV, -20 * mV), "potential at time 0");
        var vspike = scope.Parameter("Vspike", 0 * mV, (-40 * mV, 40 * mV), "potential whose upward crossing is a spike");
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", vinit, mV, "membrane potential");
        var w = scope.State("w", (1 + Tanh((vinit - v3) / v4)) / 2, one, "activation of potassium", (0 * one, 1 * one));

        var y = (v - v3) / (2 * v4);
        w.Rate = phi * (Exp(y) + Exp(-y)) / 2 * (((1 + Tanh((v - v3) / v4)) / 2) - w);
        v.Rate = (i - (gCa * (1 + Tanh((v - v1) / v2)) / 2 * (v - eCa)) - (gK * w * (v - eK)) - (gL * (v - eL))) / c;

        scope.Crossing("spike", (v - vspike) / (surrogateWidth * mV), (v.Stepped - vspike) / (surrogateWidth * mV));
    }
}
