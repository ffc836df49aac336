using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>What receptors have in common: the port <c>in</c>, the reversal potential and the current that a conductance drives.</summary>
internal static class Receptor
{
    /// <summary>The weighted sum of the events that arrive in this step; a weight is given in <paramref name="weight"/>.</summary>
    public static Expr Arriving(IReceptorScope receptor, Unit weight) =>
        receptor.Port("in", PortKind.Event, Unit.One, weight, "presynaptic events").Sum;

    /// <summary>Declares the parameter <c>E</c>.</summary>
    public static Expr Reversal(IReceptorScope receptor, Quantity potential) =>
        receptor.Parameter("E", potential, (-150 * mV, 80 * mV), "reversal potential");

    /// <summary>Declares the current g (E - V).</summary>
    public static void Conduct(IReceptorScope receptor, Expr conductance, Expr reversal) =>
        receptor.Current(conductance * (reversal - receptor.PostsynapticPotential));
}
