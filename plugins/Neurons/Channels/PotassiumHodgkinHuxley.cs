using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The potassium current of the squid giant axon (Hodgkin and Huxley 1952, 10.1113/jphysiol.1952.sp004764), at 6.3 degC, with rest near -65 mV.
/// With L(x) = x / (1 - exp(-x)) and V in mV:
/// <code>
/// J = gMax n^4 (V - EK)      alphaN = 0.1 L((V + 55) / 10)      betaN = 0.125 exp(-(V + 65) / 80)      in 1/ms
/// </code>
/// </summary>
internal sealed class PotassiumHodgkinHuxley(TemperatureScaling scaling) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 6.3 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var gMax = scope.Parameter("gMax", 36 * mS_per_cm2, (0.01 * mS_per_cm2, 500 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var n = scope.Gate(
            "n", "activation", static v => 0.1 / ms * Linoid((v + 55 * mV) / (10 * mV)), static v => 0.125 / ms * Exp(-(v + 65 * mV) / (80 * mV)), scaling.Speed(temperature));
        scope.Carry(gMax * Power(n, 4) * (v - ions["K"].Reversal), "K");
    }
}
