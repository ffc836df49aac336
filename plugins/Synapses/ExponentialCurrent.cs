using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A current that decays exponentially: tau dI/dt = -I, I &lt;- I + w with each event, positive inward. I and weights w in pA, tau in ms
/// (Roth and van Rossum 2009, 10.7551/mitpress/9780262013277.003.0007).
/// </summary>
internal sealed class ExponentialCurrent : ISynapseModel
{
    public void Define(ISynapseScope scope) =>
        scope.Receptor.Current(ExponentialKinetics.Define(scope.Receptor, "I", pA, "current, inward"));
}
