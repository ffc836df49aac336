using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// GABA-B receptors: a <see cref="DualExponentialConductance"/> with a rise of 60 ms, a decay of 200 ms and a reversal potential of -90 mV
/// (Hill and Tononi 2005, 10.1152/jn.00915.2004). Their response is linear here; that of
/// Destexhe and Sejnowski (1995, 10.1073/pnas.92.21.9515) grows faster than the number of events, through a G protein.
/// </summary>
internal sealed class GabaB : ISynapseModel
{
    public void Define(ISynapseScope scope) => DualExponentialConductance.Define(scope, 60 * ms, 200 * ms, -90 * mV);
}
