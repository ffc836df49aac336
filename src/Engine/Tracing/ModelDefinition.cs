using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>A spike output: 0 or 1 at each step.</summary>
public sealed record SpikeOutput(string Name, Expr Value)
{
    /// <summary>
    /// The distance above threshold at the step's end, before jumps: it spikes where that is at least 0. Null: a crossing, another product of steps, or a spike by chance, whose distance is a random number.
    /// </summary>
    public Expr? Excess => Step is { } step && !Subexpressions.Any(step, static e => e.Operation is Operation.Normal or Operation.Uniform) ? step : null;

    /// <summary>What the spike is a step of, random or not. Null: a crossing, or another product of steps.</summary>
    internal Expr? Step => Value.Operation == Operation.Heaviside ? Value.Operands[0] : null;

    /// <summary>The name by which a loss reads <see cref="Excess"/>.</summary>
    public string ExcessName => $"{Name}.excess";
}

/// <summary>A graded output.</summary>
public sealed record GradedOutput(string Name, Expr Value, Unit Unit, string Description);

/// <summary>What a model's <c>Define</c> wrote down: a passive record, from which everything else is derived.</summary>
/// <param name="Name">The model's name in the catalogue.</param>
/// <param name="Parameters">Its parameters, in the order of declaration.</param>
/// <param name="States">Its state variables, in the order of declaration.</param>
/// <param name="RateOrder">Those with a differential equation, in the order in which their rates were given.</param>
/// <param name="Ports">Its input ports.</param>
/// <param name="Spikes">Its spike outputs.</param>
/// <param name="Outputs">Its graded outputs.</param>
/// <param name="Time">The symbol of the time.</param>
/// <param name="TimeStep">The symbol of the step's length.</param>
public sealed record ModelDefinition(
    string Name,
    IReadOnlyList<Parameter> Parameters,
    IReadOnlyList<StateVariable> States,
    IReadOnlyList<StateVariable> RateOrder,
    IReadOnlyList<InputPort> Ports,
    IReadOnlyList<SpikeOutput> Spikes,
    IReadOnlyList<GradedOutput> Outputs,
    Symbol Time,
    Symbol TimeStep)
{
    /// <summary>The port into which stimuli and receptors inject current.</summary>
    public const string CurrentPort = "I";

    /// <summary>What the presynaptic parts of synapses send instead of the bare spike, as <c>SYNAPSE.release.sent</c>.</summary>
    public IReadOnlyList<SpikeOutput> Releases { get; init; } = [];

    /// <summary>Currents of the postsynaptic parts of synapses; they add to what arrives at <see cref="CurrentPort"/>.</summary>
    public IReadOnlyList<Expr> Injections { get; init; } = [];

    /// <summary>By what the postsynaptic parts of synapses displace <see cref="Potential"/> at the end of a step.</summary>
    public IReadOnlyList<Expr> Displacements { get; init; } = [];

    /// <summary>When displacements are lost; null for never.</summary>
    public Condition? Refractory { get; init; }

    /// <summary>The membrane potential that receptors read and displace; null where there is none.</summary>
    public StateVariable? Potential => States.FirstOrDefault(static s => s.Name == "V");

    /// <summary>The parameter of that name, or null.</summary>
    public Parameter? FindParameter(string name) => Parameters.FirstOrDefault(p => p.Name == name);
}
