using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The sodium current of cortical cells (Pospischil et al. 2008, 10.1007/s00422-008-0263-8, after Traub and Miles 1991, 10.1017/CBO9780511895401), at
/// 36 degC. With U = V - Vth in mV and L(x) = x / (1 - exp(-x)):
/// <code>
/// J = gMax m^3 h (V - ENa)
/// alphaM = 1.28 L((U - 13) / 4)       betaM = 1.4 L((40 - U) / 5)
/// alphaH = 0.128 exp((17 - U) / 18)   betaH = 4 / (1 + exp((40 - U) / 5))       all in 1/ms
/// </code>
/// Where its availability falls slowly, too, the current is s times that, with the gate s of <see cref="SlowInactivation"/>.
/// </summary>
/// <param name="scaling">Its dependence on temperature, which <c>s</c> has no part in.</param>
/// <param name="gMax">Its largest conductance where none is given, in mS/cm^2.</param>
/// <param name="slow">Whether it inactivates slowly, too.</param>
internal sealed class SodiumTraubMiles(TemperatureScaling scaling, double gMax = 50, bool slow = false) : IIonChannel
{
    public static readonly TemperatureScaling Measured = new(3, 36 * degC);

    public void Define(IChannelScope scope)
    {
        var (v, temperature, ions) = scope.Membrane;
        var conductance = scope.Parameter("gMax", gMax * mS_per_cm2, (0.01 * mS_per_cm2, 1000 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var vth = scope.Parameter("Vth", -55 * mV, (-75 * mV, -40 * mV), "shift of the rates along the potential");
        var speed = scaling.Speed(temperature);
        var m = scope.Gate("m", "activation", v => 1.28 / ms * Linoid((v - vth - 13 * mV) / (4 * mV)), v => 1.4 / ms * Linoid((40 * mV - (v - vth)) / (5 * mV)), speed);
        var h = scope.Gate("h", "availability", v => 0.128 / ms * Exp((17 * mV - (v - vth)) / (18 * mV)), v => 4 / ms * Sigmoid((v - vth - 40 * mV) / (5 * mV)), speed);
        var open = Power(m, 3) * h;
        scope.Carry(conductance * (slow ? open * SlowInactivation.Of(scope) : open) * (v - ions["Na"].Reversal), "Na");
    }
}
