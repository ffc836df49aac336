using BrainModular.Connectomes;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>An edge of a file, between places in its node tables.</summary>
internal readonly record struct FileEdge(int Source, int Target, float Weight, float Delay);

/// <summary>The nodes at one end of the edges.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Nodes">The nodes that are taken.</param>
/// <param name="Places">By place in the file, the place in the group; -1 where the node is not taken.</param>
internal sealed record EdgeEnd(string Group, NodeTable Nodes, int[] Places);

/// <summary>One group of edges that a file holds, read anew each time it is asked for.</summary>
/// <param name="name">The group's name.</param>
/// <param name="sources">The nodes that edges come from.</param>
/// <param name="targets">The nodes that edges go to; with the same table where both are one group.</param>
/// <param name="weight">The unit of weights.</param>
/// <param name="delay">The unit of delays; null where edges have none.</param>
/// <param name="read">Reads the edges between all nodes of the file; those between nodes that are not taken are passed over.</param>
/// <param name="close">What is to be closed at the end.</param>
internal sealed class FileConnectome(
    string name, EdgeEnd sources, EdgeEnd targets, Unit weight, Unit? delay, Func<IEnumerable<FileEdge>> read, IDisposable? close = null) : IConnectome
{
    private const int ChunkLength = 8192;

    private static readonly Dictionary<string, ReadOnlyMemory<float>> NoAttributes = [];

    public IReadOnlyList<NodeGroup> Nodes { get; } = ReferenceEquals(sources.Nodes, targets.Nodes)
        ? [sources.Nodes.Describe(sources.Group)]
        : [sources.Nodes.Describe(sources.Group), targets.Nodes.Describe(targets.Group)];

    public IReadOnlyList<EdgeGroup> Edges { get; } = [new(name, sources.Group, targets.Group, null, weight, delay, new Dictionary<string, Unit>())];

    public double[] ReadNodeAttribute(NodeGroup group, string attribute) => [.. TableOf(group).Numbers[attribute]];

    public string[] ReadNodeLabels(NodeGroup group, string attribute) => [.. TableOf(group).Texts[attribute]];

    public IEnumerable<EdgeChunk> ReadEdges(EdgeGroup group)
    {
        var from = new int[ChunkLength];
        var to = new int[ChunkLength];
        var weights = new float[ChunkLength];
        var delays = delay is null ? [] : new float[ChunkLength];
        var length = 0;
        foreach (var edge in read())
        {
            (from[length], to[length], weights[length]) = (sources.Places[edge.Source], targets.Places[edge.Target], edge.Weight);
            if (from[length] < 0 || to[length] < 0)
            {
                continue;
            }

            if (delay is not null)
            {
                delays[length] = edge.Delay;
            }

            if (++length == ChunkLength)
            {
                yield return new EdgeChunk(from, to, weights, delays, NoAttributes);
                length = 0;
            }
        }

        if (length > 0)
        {
            yield return new EdgeChunk(
                from.AsMemory(0, length), to.AsMemory(0, length), weights.AsMemory(0, length), delays.AsMemory(0, Math.Min(length, delays.Length)), NoAttributes);
        }
    }

    public void Dispose() => close?.Dispose();

    private NodeTable TableOf(NodeGroup group) => group.Name == sources.Group ? sources.Nodes
        : group.Name == targets.Group ? targets.Nodes
        : throw new ArgumentException($"'{group.Name}' is no group of this connectome", nameof(group));
}
