using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// Rise and decay, with the peak of one event's response at its weight (Roth and van Rossum 2009, 10.7551/mitpress/9780262013277.003.0007):
/// <code>
/// tauRise dr/dt = -r,   dx/dt = c r - x / tauDecay,   an event of weight w adds w to r
/// x(t) = w c t exp(-t / tauDecay) E(t (1 / tauDecay - 1 / tauRise)),   E(z) = (exp(z) - 1) / z
/// </code>
/// It peaks at tPeak = tauDecay / E(log(tauDecay / tauRise)); c makes the peak 1. These forms hold for equal time constants too, where the response is
/// the alpha function (t / tau) exp(1 - t / tau), and for a rise that is slower than the decay.
/// </summary>
/// <remarks>Over a step of length h, x is taken on exactly, by exp(-h / tauDecay) x + c h exp(-h / tauDecay) E(h (1 / tauDecay - 1 / tauRise)) r.</remarks>
internal static class RiseAndDecay
{
    /// <summary>Declares <c>tauRise</c> and <c>tauDecay</c>.</summary>
    public static (Expr Rise, Expr Decay) Times(IReceptorScope receptor, Quantity rise, Quantity decay) => (
        receptor.Parameter("tauRise", rise, (0.01 * ms, 1000 * ms), "rise time", ParameterScale.Logarithmic),
        receptor.Parameter("tauDecay", decay, (0.1 * ms, 5000 * ms), "decay time", ParameterScale.Logarithmic));

    /// <summary>Declares the two states and gives the response, x.</summary>
    /// <param name="receptor">Where.</param>
    /// <param name="times">The time constants.</param>
    /// <param name="state">The name of the response.</param>
    /// <param name="unit">Its unit, and that of the weights.</param>
    /// <param name="description">What it is.</param>
    public static StateVariable Define(IReceptorScope receptor, (Expr Rise, Expr Decay) times, string state, Unit unit, string description)
    {
        var (tauRise, tauDecay) = times;
        var rising = receptor.State("rise", 0, unit, "what is still to rise");
        var x = receptor.State(state, 0, unit, description);
        rising.Rate = -rising / tauRise;
        rising.Next = rising.Stepped + Receptor.Arriving(receptor, unit);

        var peak = tauDecay / Exprel(Log(tauDecay / tauRise));
        var h = receptor.TimeStep;
        x.Next = (Exp(-h / tauDecay) * x) + (Response(h, tauRise, tauDecay) / Response(peak, tauRise, tauDecay) * rising);
        return x;
    }

    /// <summary>What is at time t of a unit event, without c.</summary>
    private static Expr Response(Expr t, Expr tauRise, Expr tauDecay) =>
        t * Exp(-t / tauDecay) * Exprel((t / tauDecay) - (t / tauRise));
}
