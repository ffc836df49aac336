using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Absolute refractoriness: after a spike the potential is held for tref, and what would displace it is lost. A countdown starts at tref with the spike and loses one time
/// step per step; the membrane is held while more than half a step is left, which is exactly round(tref / dt) steps, whatever the rounding.
/// </summary>
internal sealed class RefractoryPeriod
{
    private readonly Expr timeStep;
    private readonly StateVariable countdown;
    private readonly Condition isHeld;

    public RefractoryPeriod(INeuronScope scope, Quantity defaultValue)
    {
        Duration = scope.Parameter("tref", defaultValue, (0 * ms, 100 * ms), "absolute refractory period");
        countdown = scope.State("refractory", 0, ms, "time that is left of the refractory period");
        isHeld = countdown > scope.TimeStep / 2;
        timeStep = scope.TimeStep;
        scope.Refractory(isHeld);
    }

    /// <summary>How long it lasts.</summary>
    public Expr Duration { get; }

    /// <summary>What is given, and 0 while the membrane is held: a rate, or what arrives.</summary>
    public Expr Hold(Expr value) => Choose(0, value);

    /// <summary>One of two values: while the membrane is held, and at other times.</summary>
    public Expr Choose(Expr held, Expr otherwise) => Where(isHeld, held, otherwise);

    /// <summary>Says what a spike does to the countdown.</summary>
    public void Follow(Expr spike) => countdown.Next = OnSpike(spike, Duration, Max(countdown - timeStep, 0));
}
