using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// A gap junction: a current sum of w (Vpre - V) over the connections, from the potentials of the other side; weights w in nS, potentials in mV
/// (Bennett and Zukin 2004, 10.1016/S0896-6273(04)00043-1). A junction that conducts both ways is two connections.
/// </summary>
internal sealed class GapJunction : ISynapseModel
{
    public void Define(ISynapseScope scope)
    {
        var receptor = scope.Receptor;
        var coupled = receptor.Port("in", PortKind.Graded, mV, nS, "potentials of coupled neurons");
        receptor.Current(coupled.Sum - (coupled.WeightSum * receptor.PostsynapticPotential));
    }
}
