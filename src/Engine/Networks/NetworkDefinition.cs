using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;

namespace BrainModular.Engine.Networks;

/// <summary>A network: populations, the inputs from outside, and the projections between them. A passive description.</summary>
/// <param name="TimeStep">The length of a step in ms.</param>
/// <param name="Inputs">Where spikes or values come from outside.</param>
/// <param name="Populations">Units of one model each.</param>
/// <param name="Projections">What carries the output of one to an input port of another.</param>
public sealed record NetworkDefinition(
    double TimeStep,
    IReadOnlyList<InputDefinition> Inputs,
    IReadOnlyList<PopulationDefinition> Populations,
    IReadOnlyList<ProjectionDefinition> Projections)
{
    /// <summary>The population of that name.</summary>
    public PopulationDefinition Population(string name) => Populations.First(p => p.Name == name);

    /// <summary>How many units an input or a population of that name has.</summary>
    public int CountOf(string source) => Inputs.FirstOrDefault(i => i.Name == source)?.Count ?? Population(source).Count;
}

/// <summary>Channels that get spikes or values from outside in every step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many channels.</param>
/// <param name="Kind">Whether the channels carry events or values.</param>
public sealed record InputDefinition(string Name, int Count, PortKind Kind);

/// <summary>Units of one model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many units.</param>
/// <param name="Model">Their model, the parts of synapses that begin or end on it included.</param>
/// <param name="Integrator">How its equations are stepped through time.</param>
/// <param name="Values">
/// Parameters that are not at their defaults, and states that do not begin as the model says (<see cref="StepOptions.InitialOf"/>), in engine units: one number for all units, or one per unit.
/// </param>
public sealed record PopulationDefinition(
    string Name, int Count, ModelDefinition Model, Integrator Integrator, IReadOnlyDictionary<string, double[]> Values);

/// <summary>What carries the output of one population, or an input, to an input port of a population.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The input or population that it begins on.</param>
/// <param name="Output">A spike, a release, a graded output or a state of the source population; empty for an input.</param>
/// <param name="Target">The population on which it ends.</param>
/// <param name="Port">The port there.</param>
/// <param name="Connections">Who is connected to whom; null for all to all.</param>
/// <param name="Weights">
/// The initial weights, in engine units divided by <see cref="WeightUnit"/>: [connection], or [source][target] for all to all; a single one where all connections have the same
/// and none is trained, which then need no memory for it.
/// </param>
/// <param name="Delay">In steps: what is sent at the end of step t arrives in step t + delay. 0 needs an order of populations without a cycle.</param>
public sealed record ProjectionDefinition(
    string Name, string Source, string Output, string Target, string Port, Connections? Connections, float[] Weights, int Delay)
{
    /// <summary>What a weight of 1 is in engine units.</summary>
    public double WeightUnit { get; init; } = 1;

    /// <summary>Whether training changes the weights.</summary>
    public bool Trainable { get; init; }

    /// <summary>The sign that all weights keep, by Dale's law.</summary>
    public WeightSign Sign { get; init; }

    /// <summary>Connections that training leaves as they are, [weight]; null for none.</summary>
    public bool[]? Frozen { get; init; }

    /// <summary>The projection whose weights this one uses instead of its own; null for its own.</summary>
    public string? SharesWeightsOf { get; init; }
}

/// <summary>The sign of weights, kept by parametrisation: the weight is the sign times the magnitude of what is trained.</summary>
public enum WeightSign
{
    /// <summary>Either.</summary>
    Free,

    /// <summary>At least 0.</summary>
    Positive,

    /// <summary>At most 0.</summary>
    Negative,
}
