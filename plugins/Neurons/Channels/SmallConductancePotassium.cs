using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The potassium current SK that calcium opens, whatever the potential (Koehler et al. 1996, 10.1126/science.273.5282.1709, fitted as in Hay et al.
/// 2011, 10.1371/journal.pcbi.1002107):
/// <code>
/// J = gMax z (V - EK)      tau dz/dt = 1 / (1 + (Khalf / Ca)^4.8) - z
/// </code>
/// Ca, Khalf in mM; tau in ms.
/// </summary>
internal sealed class SmallConductancePotassium : IIonChannel
{
    public void Define(IChannelScope scope)
    {
        var gMax = scope.Parameter("gMax", 0.5 * mS_per_cm2, (1e-4 * mS_per_cm2, 100 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var half = scope.Parameter("Khalf", 4.3e-4 * mM, (1e-5 * mM, 0.1 * mM), "calcium at which half of the channels are open", ParameterScale.Logarithmic);
        var tau = scope.Parameter("tau", 1 * ms, (0.1 * ms, 1000 * ms), "how slowly they follow it", ParameterScale.Logarithmic);
        var (calcium, _) = scope.Membrane.Concentrations("Ca");
        var z = scope.State("z", Open(calcium is StateVariable state ? state.Initial : calcium), one, "activation", (0 * one, 1 * one));
        z.Rate = (Open(calcium) - z) / tau;
        scope.Carry(gMax * z * (scope.Membrane.V - scope.Membrane.Ions["K"].Reversal), "K");

        // 1 / (1 + (Khalf / Ca)^4.8), by way of the logarithm.
        Expr Open(Expr calcium) => Sigmoid(4.8 * Log(calcium / half));
    }
}
