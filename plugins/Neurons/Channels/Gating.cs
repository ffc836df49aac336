using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>Gates of ion channels, each a number between 0 and 1 that begins in equilibrium at the cell's potential of time 0.</summary>
internal static class Gating
{
    private static readonly Interval Range = (0 * one, 1 * one);

    /// <summary>dx/dt = speed (alpha (1 - x) - beta x).</summary>
    public static StateVariable Gate(this IChannelScope scope, string name, string description, Func<Expr, Expr> alpha, Func<Expr, Expr> beta, Expr speed)
    {
        var v = scope.Membrane.V;
        var gate = scope.State(name, alpha(v) / (alpha(v) + beta(v)), one, description, Range);
        gate.Rate = ((alpha(v) * (1 - gate)) - (beta(v) * gate)) * speed;
        return gate;
    }

    /// <summary>tau dx/dt = speed (steady - x).</summary>
    public static StateVariable Relaxing(this IChannelScope scope, string name, string description, Func<Expr, Expr> steady, Func<Expr, Expr> tau, Expr speed)
    {
        var gate = scope.State(name, steady(scope.Membrane.V), one, description, Range);
        gate.Rate = (steady(scope.Membrane.V) - gate) / tau(scope.Membrane.V) * speed;
        return gate;
    }

    /// <summary>Declares the channel's current, and lets it be recorded as <c>I</c>.</summary>
    public static void Carry(this IChannelScope scope, Expr current, string? ion)
    {
        scope.Current(current, ion);
        scope.Output("I", current, uA_per_cm2, "current per area, outward");
    }
}
