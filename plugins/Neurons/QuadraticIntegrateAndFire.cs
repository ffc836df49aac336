using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Quadratic integrate-and-fire neuron (Ermentrout and Kopell 1986, 10.1137/0146017; in the form of Latham et al. 2000, 10.1152/jn.2000.83.2.808):
/// <code>
/// tauM dV/dt = (V - Vrest) (V - Vcrit) / (Vcrit - Vrest) + R I
/// V >= Vpeak:  a spike, V &lt;- Vreset, and V is held for tref (by default 0)
/// </code>
/// V, Vrest, Vcrit, Vpeak, Vreset in mV; tauM, tref in ms; R in MOhm; I in nA. It fires for R I above (Vcrit - Vrest) / 4; tauM and R are those at rest.
/// </summary>
internal sealed class QuadraticIntegrateAndFire(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var tauM = scope.Parameter("tauM", 10 * ms, (1 * ms, 500 * ms), "membrane time constant at rest", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 2000 * MOhm), "membrane resistance at rest", ParameterScale.Logarithmic);
        var vrest = scope.Parameter("Vrest", -65 * mV, (-100 * mV, -56 * mV), "resting potential");
        var vcrit = scope.Parameter("Vcrit", -50 * mV, (-55 * mV, -20 * mV), "potential from which a spike starts by itself");
        var vpeak = scope.Parameter("Vpeak", 20 * mV, (-15 * mV, 60 * mV), "peak of a spike");
        var vreset = scope.Parameter("Vreset", -70 * mV, (-120 * mV, -40 * mV), "potential after a spike");
        var refractory = new RefractoryPeriod(scope, 0 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", vrest, mV, "membrane potential");

        v.Rate = refractory.Hold((((v - vrest) * (v - vcrit) / (vcrit - vrest)) + (r * i)) / tauM);

        var spike = scope.Spike("spike", (v.Stepped - vpeak) / (surrogateWidth * mV));
        v.Next = OnSpike(spike, vreset, v.Stepped);
        refractory.Follow(spike);
    }
}
