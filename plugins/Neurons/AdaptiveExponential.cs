using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Adaptive exponential integrate-and-fire neuron (Brette and Gerstner 2005, 10.1152/jn.00686.2005), whose defaults these are:
/// <code>
/// C dV/dt    = -gL (V - EL) + gL DeltaT exp((V - VT) / DeltaT) - w + I
/// tauW dw/dt = a (V - EL) - w
/// V >= Vpeak:  a spike, V &lt;- Vreset, w &lt;- w + b, and V is held for tref (by default 0)
/// </code>
/// V, EL, VT, DeltaT, Vpeak, Vreset in mV; C in nF; gL, a in uS; w, b, I in nA; tauW, tref in ms.
/// </summary>
internal sealed class AdaptiveExponential(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 281 * pF, (10 * pF, 2000 * pF), "capacitance", ParameterScale.Logarithmic);
        var gL = scope.Parameter("gL", 30 * nS, (0.5 * nS, 500 * nS), "leak conductance", ParameterScale.Logarithmic);
        var eL = scope.Parameter("EL", -70.6 * mV, (-100 * mV, -40 * mV), "resting potential");
        var vt = scope.Parameter("VT", -50.4 * mV, (-80 * mV, -20 * mV), "potential at which the slope conductance without w is 0");
        var deltaT = scope.Parameter("DeltaT", 2 * mV, (0.2 * mV, 10 * mV), "how sharply a spike begins", ParameterScale.Logarithmic);
        var vpeak = scope.Parameter("Vpeak", 20 * mV, (-40 * mV, 60 * mV), "peak of a spike");
        var vreset = scope.Parameter("Vreset", -70.6 * mV, (-120 * mV, -30 * mV), "potential after a spike");
        var tauW = scope.Parameter("tauW", 144 * ms, (1 * ms, 5000 * ms), "time constant of adaptation", ParameterScale.Logarithmic);
        var a = scope.Parameter("a", 4 * nS, (-100 * nS, 500 * nS), "how far adaptation follows the potential");
        var b = scope.Parameter("b", 80.5 * pA, (0 * pA, 1000 * pA), "what a spike adds to adaptation");
        var refractory = new RefractoryPeriod(scope, 0 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", eL, mV, "membrane potential");
        var w = scope.State("w", 0, nA, "adaptation current");

        w.Rate = ((a * (v - eL)) - w) / tauW;
        v.Rate = refractory.Hold(((gL * (eL - v + ExponentialUpstroke.Of(scope, v, vt, deltaT, c / gL))) - w + i) / c);

        var spike = scope.Spike("spike", (v.Stepped - vpeak) / (surrogateWidth * mV));
        w.Next = w.Stepped + (spike * b);
        v.Next = OnSpike(spike, vreset, v.Stepped);
        refractory.Follow(spike);
    }
}
