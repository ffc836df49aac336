using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// One exponential: tau dx/dt = -x, and an event of weight w adds w to x at the end of the step in which it arrives.
/// </summary>
internal static class ExponentialKinetics
{
    /// <summary>Declares <c>tau</c> and the state, and gives the state.</summary>
    public static StateVariable Define(IReceptorScope receptor, string state, Unit unit, string description)
    {
        var tau = receptor.Parameter("tau", 10 * ms, (0.1 * ms, 1000 * ms), "decay time", ParameterScale.Logarithmic);
        var x = receptor.State(state, 0, unit, description);
        x.Rate = -x / tau;
        x.Next = x.Stepped + Receptor.Arriving(receptor, unit);
        return x;
    }
}
