using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Exponential integrate-and-fire neuron (Fourcaud-Trocme et al. 2003, 10.1523/JNEUROSCI.23-37-11628.2003), whose defaults these are:
/// <code>
/// tauM dV/dt = EL - V + DeltaT exp((V - VT) / DeltaT) + R I
/// V >= Vpeak:  a spike, V &lt;- Vreset, and V is held for tref
/// </code>
/// V, EL, VT, DeltaT, Vpeak, Vreset in mV; tauM, tref in ms; R in MOhm; I in nA. It fires for R I above VT - EL - DeltaT.
/// </summary>
internal sealed class ExponentialIntegrateAndFire(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var tauM = scope.Parameter("tauM", 10 * ms, (1 * ms, 500 * ms), "membrane time constant", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 2000 * MOhm), "membrane resistance", ParameterScale.Logarithmic);
        var eL = scope.Parameter("EL", -65 * mV, (-100 * mV, -40 * mV), "resting potential without the upstroke");
        var vt = scope.Parameter("VT", -59.9 * mV, (-80 * mV, -20 * mV), "potential at which the membrane's slope conductance is 0");
        var deltaT = scope.Parameter("DeltaT", 3.48 * mV, (0.2 * mV, 10 * mV), "how sharply a spike begins", ParameterScale.Logarithmic);
        var vpeak = scope.Parameter("Vpeak", -30 * mV, (-40 * mV, 60 * mV), "peak of a spike");
        var vreset = scope.Parameter("Vreset", -68 * mV, (-120 * mV, -40 * mV), "potential after a spike");
        var refractory = new RefractoryPeriod(scope, 1.7 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", eL, mV, "membrane potential");

        v.Rate = refractory.Hold((eL - v + ExponentialUpstroke.Of(scope, v, vt, deltaT, tauM) + (r * i)) / tauM);

        var spike = scope.Spike("spike", (v.Stepped - vpeak) / (surrogateWidth * mV));
        v.Next = OnSpike(spike, vreset, v.Stepped);
        refractory.Follow(spike);
    }
}
