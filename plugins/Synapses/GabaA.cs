using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// GABA-A receptors: a <see cref="DualExponentialConductance"/> with a rise of 1 ms, a decay of 7 ms and a reversal potential of -70 mV
/// (Hill and Tononi 2005, 10.1152/jn.00915.2004).
/// </summary>
internal sealed class GabaA : ISynapseModel
{
    public void Define(ISynapseScope scope) => DualExponentialConductance.Define(scope, 1 * ms, 7 * ms, -70 * mV);
}
