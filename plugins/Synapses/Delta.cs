using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A current that is a delta function of time: V &lt;- V + w with each event; weights w in mV (Brunel 2000, 10.1023/A:1008925309027, where it is tau J delta(t - D)).
/// </summary>
internal sealed class Delta : ISynapseModel
{
    public void Define(ISynapseScope scope) => scope.Receptor.Displace(Receptor.Arriving(scope.Receptor, mV));
}
