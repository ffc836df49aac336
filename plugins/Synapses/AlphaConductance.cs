using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A conductance that follows the alpha function w (t / tau) exp(1 - t / tau) after an event of weight w: it peaks at w after tau. Current g (E - V);
/// g and w in nS, tau in ms, E and V in mV (Rall 1967, 10.1152/jn.1967.30.5.1138).
/// </summary>
internal sealed class AlphaConductance : ISynapseModel
{
    public void Define(ISynapseScope scope)
    {
        var receptor = scope.Receptor;
        var reversal = Receptor.Reversal(receptor, 0 * mV);
        Receptor.Conduct(receptor, Kinetics(receptor, "g", nS, "conductance"), reversal);
    }

    /// <summary>Declares <c>tau</c> and the states, and gives the response.</summary>
    public static StateVariable Kinetics(IReceptorScope receptor, string state, Unit unit, string description)
    {
        var tau = receptor.Parameter("tau", 2 * ms, (0.1 * ms, 1000 * ms), "time of the peak", ParameterScale.Logarithmic);
        return RiseAndDecay.Define(receptor, (tau, tau), state, unit, description);
    }
}
