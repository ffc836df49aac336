using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The low-threshold calcium current T of thalamic relay cells (Huguenard and McCormick 1992, 10.1152/jn.1992.68.4.1373), as a flow by Goldman, Hodgkin
/// and Katz between the concentrations inside and outside; rates at 24 degC. With V in mV:
/// <code>
/// J = PMax m^2 h GHK(Ca)          mInf = 1 / (1 + exp(-(V + 57) / 6.2))        hInf = 1 / (1 + exp((V + 81) / 4))
/// tauM = 0.612 + 1 / (exp(-(V + 132) / 16.7) + exp((V + 16.8) / 18.2))
/// tauH = exp((V + 467) / 66.6) below -80 mV, else 28 + exp(-(V + 22) / 10.5)      in ms
/// </code>
/// PMax in um/ms. Activation has a Q10 of its own, 3.6, inactivation 2.8.
/// </summary>
internal sealed class ThalamicCalcium(ISettings settings) : IIonChannel
{
    private readonly TemperatureScaling scaling = new TemperatureScaling(2.8, 24 * degC).Read(settings);

    private readonly double activationQ10 = settings.Number("q10Activation", 3.6, 0.1, 10, "the same for the activation");

    public void Define(IChannelScope scope)
    {
        var (v, temperature, _) = scope.Membrane;
        var permeability = scope.Parameter("PMax", 2e-3 * um / ms, (1e-6 * um / ms, 1 * um / ms), "largest permeability", ParameterScale.Logarithmic);
        var m = scope.Relaxing(
            "m", "activation",
            static v => Sigmoid((v + 57 * mV) / (6.2 * mV)),
            static v => 1 * ms * (0.612 + (1 / (Exp(-(v + 132 * mV) / (16.7 * mV)) + Exp((v + 16.8 * mV) / (18.2 * mV))))),
            (scaling with { Q10 = activationQ10 }).Speed(temperature));
        var h = scope.Relaxing(
            "h", "availability",
            static v => Sigmoid(-(v + 81 * mV) / (4 * mV)),
            static v => 1 * ms * Where(v < -80 * mV, Exp((v + 467 * mV) / (66.6 * mV)), 28 + Exp(-(v + 22 * mV) / (10.5 * mV))),
            scaling.Speed(temperature));
        var (inside, outside) = scope.Membrane.Concentrations("Ca");
        scope.Carry(Electrodiffusion.Goldman(permeability * Power(m, 2) * h, v, temperature, 2, inside, outside), "Ca");
    }
}
