using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Nir;

/// <summary>
/// A graph of the Neuromorphic Intermediate Representation (Pedersen et al. 2024, 10.1038/s41467-024-52259-9): what nodes compute in continuous time,
/// and whose output goes into whose input, where it adds to what else arrives.
/// </summary>
/// <param name="Nodes">The nodes, each with a name of its own.</param>
/// <param name="Edges">From one node to another, by name.</param>
public sealed record NirGraph(IReadOnlyList<NirNode> Nodes, IReadOnlyList<NirEdge> Edges)
{
    /// <summary>What the author of the file has to say; no reader may depend on it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The node of that name.</summary>
    public NirNode Node(string name) => Nodes.First(n => n.Name == name);
}

/// <summary>A node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its primitive, such as <c>LIF</c> or <c>Linear</c>.</param>
/// <param name="Values">The primitive's parameters.</param>
public sealed record NirNode(string Name, string Type, IReadOnlyDictionary<string, NumberArray> Values)
{
    /// <summary>Further numbers; no reader may depend on them.</summary>
    public IReadOnlyDictionary<string, NumberArray> Metadata { get; init; } = new Dictionary<string, NumberArray>();
}

/// <summary>A connection between two nodes.</summary>
/// <param name="From">Whose output.</param>
/// <param name="To">Whose input.</param>
public readonly record struct NirEdge(string From, string To);
