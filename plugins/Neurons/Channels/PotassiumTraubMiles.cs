using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The delayed-rectifier potassium current of cortical cells (Pospischil et al. 2008, 10.1007/s00422-008-0263-8, after Traub and Miles 1991,
/// 10.1017/CBO9780511895401), at 36 degC. With U = V - Vth in mV and L(x) = x / (1 - exp(-x)):
/// <code>
/// J = gMax n^4 (V - EK)      alphaN = 0.16 L((U - 15) / 5)      betaN = 0.5 exp((10 - U) / 40)      in 1/ms
/// </code>
/// </summary>
/// <param name="scaling">Its dependence on temperature.</param>
/// <param name="gMax">Its largest conductance where none is given, in mS/cm^2.</param>
internal sealed class PotassiumTraubMiles(TemperatureScaling scaling, double gMax = 5) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 36 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var conductance = scope.Parameter("gMax", gMax * mS_per_cm2, (0.01 * mS_per_cm2, 500 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var vth = scope.Parameter("Vth", -55 * mV, (-75 * mV, -40 * mV), "shift of the rates along the potential");
        var n = scope.Gate(
            "n", "activation", v => 0.16 / ms * Linoid((v - vth - 15 * mV) / (5 * mV)), v => 0.5 / ms * Exp((10 * mV - (v - vth)) / (40 * mV)), scaling.Speed(temperature));
        scope.Carry(conductance * Power(n, 4) * (v - ions["K"].Reversal), "K");
    }
}
