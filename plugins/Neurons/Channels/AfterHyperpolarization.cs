using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The potassium current AHP that calcium opens slowly (Destexhe et al. 1994, 10.1152/jn.1994.72.2.803):
/// <code>
/// J = gMax m^2 (V - EK)      dm/dt = beta ((Ca / Khalf)^2 (1 - m) - m)
/// </code>
/// Ca, Khalf in mM; beta in 1/ms. The publication's alpha is beta / Khalf^2 = 48 / (ms mM^2).
/// </summary>
internal sealed class AfterHyperpolarization : IIonChannel
{
    public void Define(IChannelScope scope)
    {
        var gMax = scope.Parameter("gMax", 1 * mS_per_cm2, (1e-3 * mS_per_cm2, 200 * mS_per_cm2), "largest conductance", ParameterScale.Logarithmic);
        var half = scope.Parameter("Khalf", 0.025 * mM, (1e-4 * mM, 1 * mM), "calcium at which half of the gates are open", ParameterScale.Logarithmic);
        var beta = scope.Parameter("beta", 0.03 / ms, (1e-4 / ms, 1 / ms), "rate of closing", ParameterScale.Logarithmic);
        var (calcium, _) = scope.Membrane.Concentrations("Ca");
        var start = Power((calcium is StateVariable state ? state.Initial : calcium) / half, 2);
        var m = scope.State("m", start / (1 + start), one, "activation", (0 * one, 1 * one));
        m.Rate = beta * ((Power(calcium / half, 2) * (1 - m)) - m);
        scope.Carry(gMax * Power(m, 2) * (scope.Membrane.V - scope.Membrane.Ions["K"].Reversal), "K");
    }
}
