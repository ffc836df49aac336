using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// What flows through a membrane at all times:
/// <code>
/// J = g (V - E)
/// </code>
/// g in mS/cm^2; V, E in mV.
/// </summary>
/// <param name="g">Its conductance where none is given, in mS/cm^2.</param>
/// <param name="e">Its reversal potential where none is given, in mV.</param>
internal sealed class Leak(double g = 0.1, double e = -70) : IIonChannel
{
    public void Define(IChannelScope scope)
    {
        var conductance = scope.Parameter("g", g * mS_per_cm2, (1e-4 * mS_per_cm2, 10 * mS_per_cm2), "leak conductance", ParameterScale.Logarithmic);
        var reversal = scope.Parameter("E", e * mV, (-100 * mV, -40 * mV), "reversal potential of the leak");
        scope.Carry(conductance * (scope.Membrane.V - reversal), null);
    }
}
