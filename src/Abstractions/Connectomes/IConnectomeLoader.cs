using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Connectomes;

/// <summary>Reads, or generates, who is connected to whom.</summary>
public interface IConnectomeLoader
{
    /// <summary>Opens the source and describes it.</summary>
    /// <param name="request">What the connections are for.</param>
    /// <exception cref="Diagnostics.DiagnosticException">
    /// BM30xx: a file is missing or not of the format; BM32xx: its content, or the settings of a generator, make no connectome.
    /// </exception>
    IConnectome Open(ConnectomeRequest request);
}

/// <summary>What a connectome is opened for: the projection that it is to make.</summary>
/// <param name="Random">The random stream of a generator; the same stream gives the same connections.</param>
/// <param name="Sources">How many units the source population has; null where the connectome is to say so.</param>
/// <param name="Targets">How many units the target population has; null where the connectome is to say so.</param>
/// <param name="Recurrent">Whether source and target are the same population, so that a unit could connect to itself.</param>
public sealed record ConnectomeRequest(IRandomStream Random, int? Sources, int? Targets, bool Recurrent);

/// <summary>An open connectome: node groups, attributes and types first, edges as a stream.</summary>
public interface IConnectome : IDisposable
{
    /// <summary>The groups of nodes.</summary>
    IReadOnlyList<NodeGroup> Nodes { get; }

    /// <summary>The groups of edges.</summary>
    IReadOnlyList<EdgeGroup> Edges { get; }

    /// <summary>The values of a numeric node attribute, one per node of the group.</summary>
    double[] ReadNodeAttribute(NodeGroup group, string attribute);

    /// <summary>The values of a text attribute, one per node of the group.</summary>
    string[] ReadNodeLabels(NodeGroup group, string attribute);

    /// <summary>
    /// Streams the edges of a group in chunks; a chunk's arrays are valid until the next one. It can be called again and gives the same
    /// edges in the same order: connections are counted first and kept in a second pass.
    /// </summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM32xx: the file's content makes no edge.</exception>
    IEnumerable<EdgeChunk> ReadEdges(EdgeGroup group);
}

/// <summary>A group of nodes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many nodes; they are numbered from 0.</param>
/// <param name="NumericAttributes">Attributes with one number per node, and their units.</param>
/// <param name="LabelAttributes">Attributes with one text per node.</param>
public sealed record NodeGroup(string Name, int Count, IReadOnlyDictionary<string, Unit> NumericAttributes, IReadOnlyList<string> LabelAttributes);

/// <summary>A group of edges.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The name of the source node group.</param>
/// <param name="Target">The name of the target node group.</param>
/// <param name="Count">How many edges, where it is known before they are read.</param>
/// <param name="Weight">The unit of the weights.</param>
/// <param name="Delay">The unit of the delays; null where edges have none.</param>
/// <param name="Attributes">Further numbers per edge, and their units.</param>
public sealed record EdgeGroup(
    string Name, string Source, string Target, long? Count, Unit Weight, Unit? Delay, IReadOnlyDictionary<string, Unit> Attributes);

/// <summary>A chunk of edges; all arrays have the same length.</summary>
/// <param name="Sources">Source nodes.</param>
/// <param name="Targets">Target nodes.</param>
/// <param name="Weights">Weights in the group's unit.</param>
/// <param name="Delays">Delays in the group's unit; empty where the group has none.</param>
/// <param name="Attributes">The further attributes, by name.</param>
public sealed record EdgeChunk(
    ReadOnlyMemory<int> Sources, ReadOnlyMemory<int> Targets, ReadOnlyMemory<float> Weights, ReadOnlyMemory<float> Delays,
    IReadOnlyDictionary<string, ReadOnlyMemory<float>> Attributes);
