using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A conductance that decays exponentially: tau dg/dt = -g, g &lt;- g + w with each event, current g (E - V). g and weights w in nS, tau in ms,
/// E and V in mV (Roth and van Rossum 2009, 10.7551/mitpress/9780262013277.003.0007).
/// </summary>
internal sealed class ExponentialConductance : ISynapseModel
{
    public void Define(ISynapseScope scope)
    {
        var receptor = scope.Receptor;
        var reversal = Receptor.Reversal(receptor, 0 * mV);
        Receptor.Conduct(receptor, ExponentialKinetics.Define(receptor, "g", nS, "conductance"), reversal);
    }
}
