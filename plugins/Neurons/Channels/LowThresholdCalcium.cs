using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The low-threshold calcium current T that makes cells burst on rebound (Pospischil et al. 2008, 10.1007/s00422-008-0263-8), its activation always in
/// equilibrium, its inactivation at 24 degC. With W = V + Vx in mV:
/// <code>
/// J = gMax sInf^2 u (V - ECa)      sInf = 1 / (1 + exp(-(W + 57) / 6.2))      uInf = 1 / (1 + exp((W + 81) / 4))
/// tauU du/dt = uInf - u            tauU = 30.8 + (211.4 + exp((W + 113.2) / 5)) / (1 + exp((W + 84) / 3.2))      in ms
/// </code>
/// </summary>
/// <param name="scaling">Its dependence on temperature.</param>
/// <param name="gMax">Its largest conductance where none is given, in mS/cm^2.</param>
internal sealed class LowThresholdCalcium(TemperatureScaling scaling, double gMax = 0.4) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 24 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var conductance = scope.Parameter("gMax", gMax * mS_per_cm2, (1e-3 * mS_per_cm2, 20 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var vx = scope.Parameter("Vx", 2 * mV, (-20 * mV, 20 * mV), "shift along the potential, by the calcium outside");
        var u = scope.Relaxing(
            "u", "availability",
            v => Sigmoid(-(v + vx + 81 * mV) / (4 * mV)),
            v => 1 * ms * (30.8 + ((211.4 + Exp((v + vx + 113.2 * mV) / (5 * mV))) * Sigmoid(-(v + vx + 84 * mV) / (3.2 * mV)))),
            scaling.Speed(temperature));
        scope.Carry(conductance * Power(Sigmoid((v + vx + 57 * mV) / (6.2 * mV)), 2) * u * (v - ions["Ca"].Reversal), "Ca");
    }
}
