using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The high-threshold calcium current L that makes cells burst (Reuveni et al. 1993, 10.1523/JNEUROSCI.13-11-04609.1993; Pospischil et al. 2008,
/// 10.1007/s00422-008-0263-8), at 36 degC. With L(x) = x / (1 - exp(-x)) and V in mV:
/// <code>
/// J = gMax q^2 r (V - ECa)
/// alphaQ = 0.209 L((V + 27) / 3.8)           betaQ = 0.94 exp(-(V + 75) / 17)
/// alphaR = 0.000457 exp(-(V + 13) / 50)      betaR = 0.0065 / (1 + exp(-(V + 15) / 28))      all in 1/ms
/// </code>
/// </summary>
/// <param name="scaling">Its dependence on temperature.</param>
/// <param name="gMax">Its largest conductance where none is given, in mS/cm^2.</param>
internal sealed class HighThresholdCalcium(TemperatureScaling scaling, double gMax = 0.1) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 36 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var conductance = scope.Parameter("gMax", gMax * mS_per_cm2, (1e-4 * mS_per_cm2, 20 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var speed = scaling.Speed(temperature);
        var q = scope.Gate("q", "activation", static v => 0.055 * 3.8 / ms * Linoid((v + 27 * mV) / (3.8 * mV)), static v => 0.94 / ms * Exp(-(v + 75 * mV) / (17 * mV)), speed);
        var r = scope.Gate("r", "availability", static v => 0.000457 / ms * Exp(-(v + 13 * mV) / (50 * mV)), static v => 0.0065 / ms * Sigmoid((v + 15 * mV) / (28 * mV)), speed);
        scope.Carry(conductance * Power(q, 2) * r * (v - ions["Ca"].Reversal), "Ca");
    }
}
