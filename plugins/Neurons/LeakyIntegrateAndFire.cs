using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Leaky integrate-and-fire neuron (Gerstner et al. 2014, Neuronal Dynamics, 10.1017/CBO9781107447615, section 1.3):
/// <code>
/// tauM dV/dt = EL - V + R I
/// V >= Vth:  a spike, V &lt;- Vreset, and V is held for tref
/// </code>
/// V, EL, Vth, Vreset in mV; tauM, tref in ms; R in MOhm; I in nA.
/// </summary>
internal sealed class LeakyIntegrateAndFire(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var tauM = scope.Parameter("tauM", 20 * ms, (1 * ms, 500 * ms), "membrane time constant", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 2000 * MOhm), "membrane resistance", ParameterScale.Logarithmic);
        var eL = scope.Parameter("EL", -65 * mV, (-100 * mV, -40 * mV), "resting potential");
        var vth = scope.Parameter("Vth", -50 * mV, (-80 * mV, 0 * mV), "threshold");
        var vreset = scope.Parameter("Vreset", -65 * mV, (-120 * mV, -30 * mV), "potential after a spike");
        var refractory = new RefractoryPeriod(scope, 2 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", eL, mV, "membrane potential");

        v.Rate = refractory.Hold((eL - v + (r * i)) / tauM);

        var spike = scope.Spike("spike", (v.Stepped - vth) / (surrogateWidth * mV));
        v.Next = OnSpike(spike, vreset, v.Stepped);
        refractory.Follow(spike);
    }
}
