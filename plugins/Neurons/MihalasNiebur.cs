using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The generalised integrate-and-fire neuron of Mihalas and Niebur (2009, 10.1162/neco.2008.12-07-680), with the threshold as a variable:
/// <code>
/// dIj/dt = -kj Ij                                                  j = 1, 2
/// tauM dV/dt = -(V - Vrest) + R (I + I1 + I2)
/// dTheta/dt = a (V - Vrest) - b (Theta - Vth)
/// V >= Theta:  a spike, Ij &lt;- Rj Ij + Aj, V &lt;- Vreset, Theta &lt;- max(ThetaReset, Theta)
/// </code>
/// V, Theta, Vrest, Vreset, Vth, ThetaReset in mV; tauM in ms; R in MOhm; I, Ij, Aj in nA; kj, a, b in 1/ms; Rj pure numbers.
/// </summary>
/// <remarks>
/// Defaults are those with which Wang et al. (2024, 10.48550/arXiv.2406.19708, table S2) made the traces that they fit: Aj = 0, so I1 and I2 stay 0. There
/// Theta is never below ThetaReset, which the setting <c>thresholdFloor</c> = <c>always</c> gives; a cell does not fire on rebound then.
/// </remarks>
internal sealed class MihalasNiebur(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    private readonly bool floorAlways =
        settings.Choice("thresholdFloor", "spikes", ["spikes", "always"], "whether the threshold is at least ThetaReset after spikes, or always") == "always";

    public void Define(INeuronScope scope)
    {
        var tauM = scope.Parameter("tauM", 20 * ms, (1 * ms, 500 * ms), "membrane time constant", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 20 * MOhm, (1 * MOhm, 2000 * MOhm), "membrane resistance", ParameterScale.Logarithmic);
        var vrest = scope.Parameter("Vrest", -70 * mV, (-100 * mV, -40 * mV), "resting potential");
        var vreset = scope.Parameter("Vreset", -70 * mV, (-120 * mV, -30 * mV), "potential after a spike");
        var vth = scope.Parameter("Vth", -50 * mV, (-80 * mV, 0 * mV), "threshold at rest");
        var thetaReset = scope.Parameter("ThetaReset", -60 * mV, (-100 * mV, 0 * mV), "the threshold is at least this");
        var a = scope.Parameter("a", 0.005 / ms, (0 / ms, 0.1 / ms), "how the threshold follows the potential");
        var b = scope.Parameter("b", 0.01 / ms, (0 / ms, 0.1 / ms), "how it returns");
        var k1 = scope.Parameter("k1", 0.2 / ms, (0.1 / ms, 1 / ms), "decay rate of the fast current", ParameterScale.Logarithmic);
        var k2 = scope.Parameter("k2", 0.02 / ms, (0.01 / ms, 0.1 / ms), "decay rate of the slow current", ParameterScale.Logarithmic);
        var r1 = scope.Parameter("R1", 0, (0 * one, 2 * one), "what a spike leaves of the fast current");
        var r2 = scope.Parameter("R2", 1, (0 * one, 2 * one), "what a spike leaves of the slow current");
        var a1 = scope.Parameter("A1", 0 * nA, (-20 * nA, 20 * nA), "what a spike adds to the fast current");
        var a2 = scope.Parameter("A2", 0 * nA, (-20 * nA, 20 * nA), "what a spike adds to the slow current");
        var i = scope.Input("I", nA, "injected and synaptic current");
        var i1 = scope.State("I1", 0, nA, "fast spike-triggered current");
        var i2 = scope.State("I2", 0, nA, "slow spike-triggered current");
        var theta = scope.State("Theta", vth, mV, "threshold");
        var v = scope.State("V", vrest, mV, "membrane potential");

        i1.Rate = -k1 * i1;
        i2.Rate = -k2 * i2;
        theta.Rate = (a * (v - vrest)) - (b * (theta - vth));
        v.Rate = (-(v - vrest) + (r * (i + i1 + i2))) / tauM;

        var threshold = floorAlways ? Max(thetaReset, theta.Stepped) : theta.Stepped;
        var spike = scope.Spike("spike", (v.Stepped - threshold) / (surrogateWidth * mV));
        i1.Next = OnSpike(spike, (r1 * i1.Stepped) + a1, i1.Stepped);
        i2.Next = OnSpike(spike, (r2 * i2.Stepped) + a2, i2.Stepped);
        theta.Next = floorAlways ? threshold : OnSpike(spike, Max(thetaReset, threshold), threshold);
        v.Next = OnSpike(spike, vreset, v.Stepped);
    }
}
