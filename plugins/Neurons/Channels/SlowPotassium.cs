using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The slow potassium current M that makes firing adapt (Pospischil et al. 2008, 10.1007/s00422-008-0263-8, after Yamada et al. 1989), at 36 degC. With
/// W = V + 35 in mV:
/// <code>
/// J = gMax p (V - EK)      tauP dp/dt = 1 / (1 + exp(-W / 10)) - p      tauP = tauMax / (3.3 exp(W / 20) + exp(-W / 20))
/// </code>
/// </summary>
/// <param name="scaling">Its dependence on temperature.</param>
/// <param name="gMax">Its largest conductance where none is given, in mS/cm^2.</param>
internal sealed class SlowPotassium(TemperatureScaling scaling, double gMax = 0.07) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(2.3, 36 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var conductance = scope.Parameter("gMax", gMax * mS_per_cm2, (1e-4 * mS_per_cm2, 10 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var tauMax = scope.Parameter("tauMax", 1000 * ms, (20 * ms, 10_000 * ms), "scale of the gate's time constant", ParameterScale.Logarithmic);
        var p = scope.Relaxing(
            "p", "activation",
            static v => Sigmoid((v + 35 * mV) / (10 * mV)),
            v => tauMax / (3.3 * Exp((v + 35 * mV) / (20 * mV)) + Exp(-(v + 35 * mV) / (20 * mV))),
            scaling.Speed(temperature));
        scope.Carry(conductance * p * (v - ions["K"].Reversal), "K");
    }
}
