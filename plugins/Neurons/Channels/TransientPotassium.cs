using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The transient potassium current A that delays the first spike (Connor, Walter and McKown 1977, 10.1016/S0006-3495(77)85598-7), at 18 degC. With V in mV:
/// <code>
/// J = gMax a^3 b (V - EA)
/// aInf = (0.0761 exp((V + 94.22) / 31.84) / (1 + exp((V + 1.17) / 28.93)))^(1/3)      tauA = 0.3632 + 1.158 / (1 + exp((V + 55.96) / 20.12))
/// bInf = 1 / (1 + exp((V + 53.3) / 14.54))^4                                          tauB = 1.24 + 2.678 / (1 + exp((V + 50) / 16.027))      in ms
/// </code>
/// </summary>
internal sealed class TransientPotassium(TemperatureScaling scaling) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 18 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, _) = scope.Membrane;
        var gMax = scope.Parameter("gMax", 47.7 * mS_per_cm2, (0.01 * mS_per_cm2, 500 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var eA = scope.Parameter("EA", -75 * mV, (-120 * mV, -60 * mV), "its reversal potential");
        var speed = scaling.Speed(temperature);
        var a = scope.Relaxing(
            "a", "activation",
            static v => Exp((Math.Log(0.0761) + ((v + 94.22 * mV) / (31.84 * mV)) - Log(1 + Exp((v + 1.17 * mV) / (28.93 * mV)))) / 3),
            static v => 1 * ms * (0.3632 + (1.158 * Sigmoid(-(v + 55.96 * mV) / (20.12 * mV)))),
            speed);
        var b = scope.Relaxing(
            "b", "availability",
            static v => Power(Sigmoid(-(v + 53.3 * mV) / (14.54 * mV)), 4),
            static v => 1 * ms * (1.24 + (2.678 * Sigmoid(-(v + 50 * mV) / (16.027 * mV)))),
            speed);
        scope.Carry(gMax * Power(a, 3) * b * (v - eA), "K");
    }
}
