using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The squid giant axon of Hodgkin and Huxley (1952, 10.1113/jphysiol.1952.sp004764) at 6.3 degC, per area of membrane, in the modern sign
/// convention with rest near -65 mV. With V in mV and L(x) = x / (1 - exp(-x)):
/// <code>
/// alphaM = L((V + 40) / 10)           betaM = 4 exp(-(V + 65) / 18)
/// alphaH = 0.07 exp(-(V + 65) / 20)   betaH = 1 / (1 + exp(-(V + 35) / 10))
/// alphaN = 0.1 L((V + 55) / 10)       betaN = 0.125 exp(-(V + 65) / 80)     all in 1/ms
/// dx/dt  = alphaX (1 - x) - betaX x                                         x = m, h, n
/// C dV/dt = I - gNa m^3 h (V - ENa) - gK n^4 (V - EK) - gL (V - EL)
/// </code>
/// V, E in mV; g in mS/cm^2; C in uF/cm^2; I in uA/cm^2; t in ms. Spike: V crosses Vspike upwards. At time 0 the axon is at rest.
/// </summary>
internal sealed class HodgkinHuxley1952(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 1 * uF_per_cm2, (0.1 * uF_per_cm2, 10 * uF_per_cm2), "capacitance", ParameterScale.Logarithmic);
        var gNa = scope.Parameter("gNa", 120 * mS_per_cm2, (1 * mS_per_cm2, 1000 * mS_per_cm2), "largest sodium conductance", ParameterScale.Logarithmic);
        var gK = scope.Parameter("gK", 36 * mS_per_cm2, (0.5 * mS_per_cm2, 500 * mS_per_cm2), "largest potassium conductance", ParameterScale.Logarithmic);
        var gL = scope.Parameter("gL", 0.3 * mS_per_cm2, (0.001 * mS_per_cm2, 10 * mS_per_cm2), "leak conductance", ParameterScale.Logarithmic);
        var eNa = scope.Parameter("ENa", 50 * mV, (20 * mV, 120 * mV), "reversal potential of sodium");
        var eK = scope.Parameter("EK", -77 * mV, (-120 * mV, -60 * mV), "reversal potential of potassium");
        var eL = scope.Parameter("EL", -54.387 * mV, (-100 * mV, -40 * mV), "reversal potential of the leak");
        var vspike = scope.Parameter("Vspike", 0 * mV, (-40 * mV, 40 * mV), "potential whose upward crossing is a spike");
        var i = scope.Input("I", uA_per_cm2, "injected current per area");
        var v = scope.State("V", -65 * mV, mV, "membrane potential");
        var m = scope.State("m", 0.0529, one, "activation of sodium", (0 * one, 1 * one));
        var h = scope.State("h", 0.5961, one, "availability of sodium", (0 * one, 1 * one));
        var n = scope.State("n", 0.3177, one, "activation of potassium", (0 * one, 1 * one));

        m.Rate = (1 / ms * Linoid((v + 40 * mV) / (10 * mV)) * (1 - m)) - (4 / ms * Exp(-(v + 65 * mV) / (18 * mV)) * m);
        h.Rate = (0.07 / ms * Exp(-(v + 65 * mV) / (20 * mV)) * (1 - h)) - (1 / ms * Sigmoid((v + 35 * mV) / (10 * mV)) * h);
        n.Rate = (0.1 / ms * Linoid((v + 55 * mV) / (10 * mV)) * (1 - n)) - (0.125 / ms * Exp(-(v + 65 * mV) / (80 * mV)) * n);

        var iNa = gNa * Power(m, 3) * h * (v - eNa);
        var iK = gK * Power(n, 4) * (v - eK);
        var iL = gL * (v - eL);
        var ions = new Dictionary<string, Ion> { ["Na"] = new(eNa), ["K"] = new(eK) };
        var inserted = scope.Channels(new Membrane(v, 6.3 * degC, ions));
        v.Rate = (i - iNa - iK - iL - inserted) / c;

        scope.Crossing("spike", (v - vspike) / (surrogateWidth * mV), (v.Stepped - vspike) / (surrogateWidth * mV));
        scope.Output("INa", iNa, uA_per_cm2, "sodium current, outward");
        scope.Output("IK", iK, uA_per_cm2, "potassium current, outward");
        scope.Output("IL", iL, uA_per_cm2, "leak current, outward");
    }
}
