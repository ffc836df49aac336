using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A conductance that is a difference of two exponentials, with its peak at the weight (<see cref="RiseAndDecay"/>), and the current g (E - V).
/// g and weights in nS, tauRise and tauDecay in ms, E and V in mV (Roth and van Rossum 2009, 10.7551/mitpress/9780262013277.003.0007).
/// </summary>
internal sealed class DualExponentialConductance : ISynapseModel
{
    public void Define(ISynapseScope scope) => Define(scope, 1 * ms, 10 * ms, 0 * mV);

    /// <summary>The same with the defaults of a kind of receptor.</summary>
    public static void Define(ISynapseScope scope, Quantity tauRise, Quantity tauDecay, Quantity reversal)
    {
        var receptor = scope.Receptor;
        var e = Receptor.Reversal(receptor, reversal);
        var times = RiseAndDecay.Times(receptor, tauRise, tauDecay);
        Receptor.Conduct(receptor, RiseAndDecay.Define(receptor, times, "g", nS, "conductance"), e);
    }
}
