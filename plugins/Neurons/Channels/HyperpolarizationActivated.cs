using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The current h that hyperpolarisation opens (Kole et al. 2006, 10.1523/JNEUROSCI.3664-05.2006), at 34 degC; no dependence on temperature unless q10 is set.
/// With L(x) = x / (1 - exp(-x)) and V in mV:
/// <code>
/// J = gMax l (V - Eh)      alphaL = 0.0765 L(-(V + 154.9) / 11.9)      betaL = 0.193 exp(V / 33.1)      in 1/ms
/// </code>
/// </summary>
internal sealed class HyperpolarizationActivated(TemperatureScaling scaling) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(1, 34 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, _) = scope.Membrane;
        var gMax = scope.Parameter("gMax", 0.1 * mS_per_cm2, (1e-4 * mS_per_cm2, 10 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var eh = scope.Parameter("Eh", -45 * mV, (-70 * mV, -10 * mV), "its reversal potential");
        var l = scope.Gate(
            "l", "activation", static v => 0.00643 * 11.9 / ms * Linoid(-(v + 154.9 * mV) / (11.9 * mV)), static v => 0.193 / ms * Exp(v / (33.1 * mV)), scaling.Speed(temperature));
        scope.Carry(gMax * l * (v - eh), null);
    }
}
