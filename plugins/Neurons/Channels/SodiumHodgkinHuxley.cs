using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The sodium current of the squid giant axon (Hodgkin and Huxley 1952, 10.1113/jphysiol.1952.sp004764), at 6.3 degC, with rest near -65 mV.
/// With L(x) = x / (1 - exp(-x)) and V in mV:
/// <code>
/// J = gMax m^3 h (V - ENa)
/// alphaM = L((V + 40) / 10)           betaM = 4 exp(-(V + 65) / 18)
/// alphaH = 0.07 exp(-(V + 65) / 20)   betaH = 1 / (1 + exp(-(V + 35) / 10))     all in 1/ms
/// </code>
/// </summary>
internal sealed class SodiumHodgkinHuxley(TemperatureScaling scaling) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 6.3 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var gMax = scope.Parameter("gMax", 120 * mS_per_cm2, (0.01 * mS_per_cm2, 1000 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var speed = scaling.Speed(temperature);
        var m = scope.Gate("m", "activation", static v => 1 / ms * Linoid((v + 40 * mV) / (10 * mV)), static v => 4 / ms * Exp(-(v + 65 * mV) / (18 * mV)), speed);
        var h = scope.Gate("h", "availability", static v => 0.07 / ms * Exp(-(v + 65 * mV) / (20 * mV)), static v => 1 / ms * Sigmoid((v + 35 * mV) / (10 * mV)), speed);
        scope.Carry(gMax * Power(m, 3) * h * (v - ions["Na"].Reversal), "Na");
    }
}
