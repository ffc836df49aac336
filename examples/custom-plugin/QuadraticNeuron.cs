using BrainModular.Models;
using BrainModular.Plugins;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace QuadraticIntegrateAndFire;

/// <summary>
/// Quadratic integrate-and-fire neuron (Ermentrout and Kopell 1986, 10.1137/0146017), on request with an adaptation current:
/// <code>
/// C dV/dt = k (V - Vrest) (V - Vcrit) + I - w
/// tauW dw/dt = -w
/// V >= Vpeak:  a spike, V &lt;- Vreset, w &lt;- w + b
/// </code>
/// V and its constants in mV; C in nF; k in uS/mV; I, w, b in nA; tauW in ms.
/// </summary>
internal sealed class QuadraticNeuron(ISettings settings) : INeuronModel
{
    private readonly bool adapts = settings.Flag("adaptation", false, "whether each spike strengthens an adaptation current w");

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 0.1 * nF, (0.01 * nF, 1 * nF), "capacitance", ParameterScale.Logarithmic);
        var k = scope.Parameter("k", 0.0007 * uS / mV, (1e-5 * uS / mV, 0.1 * uS / mV), "curvature", ParameterScale.Logarithmic);
        var vrest = scope.Parameter("Vrest", -60 * mV, (-90 * mV, -50 * mV), "resting potential");
        var vcrit = scope.Parameter("Vcrit", -40 * mV, (-50 * mV, -20 * mV), "potential from which a spike starts by itself");
        var vpeak = scope.Parameter("Vpeak", 35 * mV, (0 * mV, 60 * mV), "peak of a spike");
        var vreset = scope.Parameter("Vreset", -50 * mV, (-90 * mV, -40 * mV), "potential after a spike");
        var i = scope.Input("I", nA, "injected current");
        var v = scope.State("V", vrest, mV, "membrane potential");

        var spike = scope.Spike("spike", (v.Stepped - vpeak) / (10 * mV));
        v.Rate = ((k * (v - vrest) * (v - vcrit)) + i - Adaptation(scope, spike)) / c;
        v.Next = OnSpike(spike, vreset, v.Stepped);
    }

    private Expr Adaptation(INeuronScope scope, Expr spike)
    {
        if (!adapts)
        {
            return 0;
        }

        var tauW = scope.Parameter("tauW", 100 * ms, (1 * ms, 5000 * ms), "decay time of adaptation", ParameterScale.Logarithmic);
        var b = scope.Parameter("b", 0.02 * nA, (0 * nA, 1 * nA), "what a spike adds to the adaptation current");
        var w = scope.State("w", 0, nA, "adaptation current");
        w.Rate = -w / tauW;
        w.Next = w.Stepped + (spike * b);
        return w;
    }
}
