using BrainModular.Connectomes;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>A connectome whose edges are drawn as they are read, all with the same weight and delay.</summary>
internal sealed class GeneratedConnectome(
    Populations populations, long? count, float weight, float delay, IReadOnlyDictionary<string, Func<int, double[]>> positions, Func<IEnumerable<Edge>> draw)
    : IConnectome
{
    public static readonly IReadOnlyDictionary<string, Func<int, double[]>> NoPositions = new Dictionary<string, Func<int, double[]>>();

    private const int ChunkLength = 8192;

    private static readonly Dictionary<string, ReadOnlyMemory<float>> NoAttributes = [];

    public IReadOnlyList<NodeGroup> Nodes { get; } = populations.Recurrent
        ? [Describe("nodes", populations.Sources, positions)]
        : [Describe("sources", populations.Sources, positions), Describe("targets", populations.Targets, positions)];

    public IReadOnlyList<EdgeGroup> Edges { get; } =
    [
        new(
            "edges", populations.Recurrent ? "nodes" : "sources", populations.Recurrent ? "nodes" : "targets", count, Unit.One, delay > 0 ? ms : null,
            new Dictionary<string, Unit>()),
    ];

    public double[] ReadNodeAttribute(NodeGroup group, string attribute)
    {
        ArgumentNullException.ThrowIfNull(group);
        return positions[attribute](group.Count);
    }

    public string[] ReadNodeLabels(NodeGroup group, string attribute) => throw new KeyNotFoundException($"generated nodes have no labels, and so no '{attribute}'");

    public IEnumerable<EdgeChunk> ReadEdges(EdgeGroup group)
    {
        var sources = new int[ChunkLength];
        var targets = new int[ChunkLength];
        var weights = new float[ChunkLength];
        var delays = delay > 0 ? new float[ChunkLength] : [];
        Array.Fill(weights, weight);
        Array.Fill(delays, delay);
        var length = 0;
        foreach (var (source, target) in draw())
        {
            (sources[length], targets[length]) = (source, target);
            if (++length == ChunkLength)
            {
                yield return new EdgeChunk(sources, targets, weights, delays, NoAttributes);
                length = 0;
            }
        }

        if (length > 0)
        {
            yield return new EdgeChunk(
                sources.AsMemory(0, length), targets.AsMemory(0, length), weights.AsMemory(0, length), delays.AsMemory(0, Math.Min(length, delays.Length)), NoAttributes);
        }
    }

    public void Dispose()
    {
    }

    private static NodeGroup Describe(string name, int size, IReadOnlyDictionary<string, Func<int, double[]>> positions) =>
        new(name, size, positions.Keys.ToDictionary(coordinate => coordinate, _ => um), []);
}
