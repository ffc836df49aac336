using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// AMPA receptors: a <see cref="DualExponentialConductance"/> with a rise of 0.5 ms, a decay of 2.4 ms and a reversal potential of 0 mV
/// (Hill and Tononi 2005, 10.1152/jn.00915.2004).
/// </summary>
internal sealed class Ampa : ISynapseModel
{
    public void Define(ISynapseScope scope) => DualExponentialConductance.Define(scope, 0.5 * ms, 2.4 * ms, 0 * mV);
}
