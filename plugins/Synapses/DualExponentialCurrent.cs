using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A current that is a difference of two exponentials, with its peak at the weight (<see cref="RiseAndDecay"/>), positive inward.
/// I and weights in pA, tauRise and tauDecay in ms (Roth and van Rossum 2009, 10.7551/mitpress/9780262013277.003.0007).
/// </summary>
internal sealed class DualExponentialCurrent : ISynapseModel
{
    public void Define(ISynapseScope scope)
    {
        var times = RiseAndDecay.Times(scope.Receptor, 1 * ms, 10 * ms);
        scope.Receptor.Current(RiseAndDecay.Define(scope.Receptor, times, "I", pA, "current, inward"));
    }
}
