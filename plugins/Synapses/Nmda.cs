using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// NMDA receptors: rise and decay (<see cref="RiseAndDecay"/>; Hill and Tononi 2005, 10.1152/jn.00915.2004) and the block by magnesium of Jahr and Stevens
/// (1990, 10.1523/JNEUROSCI.10-09-03178.1990):
/// <code>
/// B(V) = 1 / (1 + Mg / 3.57 exp(-0.062 V)),   current g B(V) (E - V)
/// </code>
/// g and weights in nS, tauRise and tauDecay in ms, E and V in mV, Mg in mM. A weight is the peak without the block.
/// </summary>
internal sealed class Nmda : ISynapseModel
{
    public void Define(ISynapseScope scope)
    {
        var receptor = scope.Receptor;
        var magnesium = receptor.Parameter("Mg", 1 * mM, (0 * mM, 10 * mM), "magnesium outside");
        var reversal = Receptor.Reversal(receptor, 0 * mV);
        var times = RiseAndDecay.Times(receptor, 4 * ms, 40 * ms);
        var g = RiseAndDecay.Define(receptor, times, "g", nS, "conductance without the block");
        var open = 1 / (1 + (magnesium / (3.57 * mM) * Exp(-0.062 / mV * receptor.PostsynapticPotential)));
        receptor.Output("open", open, one, "the part of the channels that magnesium does not block");
        Receptor.Conduct(receptor, g * open, reversal);
    }
}
