using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A current that follows the alpha function w (t / tau) exp(1 - t / tau) after an event of weight w: it peaks at w after tau. Positive inward;
/// I and w in pA, tau in ms (Rall 1967, 10.1152/jn.1967.30.5.1138).
/// </summary>
internal sealed class AlphaCurrent : ISynapseModel
{
    public void Define(ISynapseScope scope) =>
        scope.Receptor.Current(AlphaConductance.Kinetics(scope.Receptor, "I", pA, "current, inward"));
}
