using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Generalised integrate-and-fire neuron with a fast and a slow spike-triggered current (Mihalas and Niebur 2009, 10.1162/neco.2008.12-07-680,
/// in the form of Wang et al. 2024, 10.48550/arXiv.2406.19708, equations 4 to 9):
/// <code>
/// tauI1 dI1/dt = -I1
/// tauI2 dI2/dt = -I2
/// tauV  dV/dt  = -V + Vrest + R (I1 + I2 + I)
/// tauTheta dTheta/dt = -(Theta - Vth) + gain (V - Vrest)
/// V >= Theta:  a spike, I1 &lt;- A1, I2 &lt;- I2 + A2, V &lt;- Vreset, and V is held for tref (by default 0)
/// </code>
/// V, Theta, Vrest, Vth, Vreset in mV; tauV, tauI1, tauI2, tauTheta, tref in ms; R in MOhm; I, I1, I2, A1, A2 in nA, negative ones hyperpolarising.
/// </summary>
/// <remarks>
/// With the default gain of 0 the threshold is Vth for ever, as in the paper. With a larger one it follows the potential, so that a cell
/// can fire at the onset of a strong current and fall silent while it lasts. The setting <c>threshold</c> = <c>fixed</c> leaves Theta and its parameters out.
/// </remarks>
internal sealed class GeneralizedIntegrateAndFire(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    private readonly bool adaptiveThreshold =
        settings.Choice("threshold", "adaptive", ["adaptive", "fixed"], "whether the threshold can follow the potential") == "adaptive";

    public void Define(INeuronScope scope)
    {
        var tauV = scope.Parameter("tauV", 20 * ms, (1 * ms, 500 * ms), "membrane time constant", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 2000 * MOhm), "membrane resistance", ParameterScale.Logarithmic);
        var vrest = scope.Parameter("Vrest", -65 * mV, (-100 * mV, -40 * mV), "resting potential");
        var vth = scope.Parameter("Vth", -50 * mV, (-80 * mV, 0 * mV), "threshold");
        var vreset = scope.Parameter("Vreset", -60 * mV, (-120 * mV, -30 * mV), "potential after a spike");
        var tauI1 = scope.Parameter("tauI1", 10 * ms, (0.5 * ms, 200 * ms), "decay time of the fast current", ParameterScale.Logarithmic);
        var tauI2 = scope.Parameter("tauI2", 200 * ms, (10 * ms, 5000 * ms), "decay time of the slow current", ParameterScale.Logarithmic);
        var a1 = scope.Parameter("A1", -0.05 * nA, (-1 * nA, 1 * nA), "fast current after a spike");
        var a2 = scope.Parameter("A2", -0.02 * nA, (-0.5 * nA, 0.5 * nA), "what a spike adds to the slow current");
        var refractory = new RefractoryPeriod(scope, 0 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var i1 = scope.State("I1", 0, nA, "fast spike-triggered current");
        var i2 = scope.State("I2", 0, nA, "slow spike-triggered current");
        var v = scope.State("V", vrest, mV, "membrane potential");

        i1.Rate = -i1 / tauI1;
        i2.Rate = -i2 / tauI2;
        v.Rate = refractory.Hold((-v + vrest + (r * (i1 + i2 + i))) / tauV);

        var threshold = adaptiveThreshold ? Following(scope, v, vrest, vth) : vth;
        var spike = scope.Spike("spike", (v.Stepped - threshold) / (surrogateWidth * mV));
        i1.Next = OnSpike(spike, a1, i1.Stepped);
        i2.Next = i2.Stepped + (spike * a2);
        v.Next = OnSpike(spike, vreset, v.Stepped);
        refractory.Follow(spike);
    }

    private static Expr Following(INeuronScope scope, StateVariable v, Expr vrest, Expr vth)
    {
        var gain = scope.Parameter("thetaGain", 0, (0 * one, 3 * one), "how far the threshold follows the potential");
        var tau = scope.Parameter("tauTheta", 100 * ms, (1 * ms, 2000 * ms), "how slowly it follows", ParameterScale.Logarithmic);
        var theta = scope.State("Theta", vth, mV, "threshold");
        theta.Rate = (vth - theta + (gain * (v - vrest))) / tau;
        return theta.Stepped;
    }
}
