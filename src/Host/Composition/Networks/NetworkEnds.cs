using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition.Networks;

/// <summary>Channels that come into a network from outside.</summary>
/// <param name="Name">The name under which projections find them.</param>
/// <param name="Count">How many; null where the connectomes of its projections say so.</param>
/// <param name="Kind">What they carry; null where faults keep it from being known.</param>
/// <param name="Place">Where the configuration says so.</param>
internal sealed record NetworkInput(string Name, int? Count, PortKind? Kind, Place Place = default)
{
    /// <summary>The dimension of values; null where they are plain numbers, whatever takes them.</summary>
    public Dimension? Dimension { get; init; }
}

/// <summary>What comes into a network, and what is read out.</summary>
/// <param name="Inputs">The channels that come in.</param>
/// <param name="Shape">The shape of the task whose targets the readout answers; null where there is no task, or it has faults.</param>
/// <param name="NeedsReadout">Whether there has to be a population that is read out.</param>
internal sealed record NetworkEnds(IReadOnlyList<NetworkInput> Inputs, TaskShape? Shape, bool NeedsReadout)
{
    /// <summary>Whether no fault keeps the inputs from being known.</summary>
    public bool AreKnown => Inputs.All(static i => i.Kind is not null);

    /// <summary>The channels and targets of a task; null where it has faults.</summary>
    public static NetworkEnds Of(TaskShape? shape, bool needsReadout) => new([new(NetworkSchema.Input, shape?.Inputs, shape?.InputKind)], shape, needsReadout);

    /// <summary>The input of that name, or null.</summary>
    public NetworkInput? Find(string name) => Inputs.FirstOrDefault(i => i.Name == name);

    public bool IsInput(string name) => Find(name) is not null;
}
