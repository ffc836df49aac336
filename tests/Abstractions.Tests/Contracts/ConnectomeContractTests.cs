using BrainModular.Connectomes;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Abstractions.Tests.Contracts;

public sealed class ConnectomeContractTests
{
    /// <summary>A ring in which each node connects to its next one, with random weights, streamed in chunks.</summary>
    private sealed class Ring(int count, int chunk) : IConnectomeLoader
    {
        public IConnectome Open(ConnectomeRequest request) => new OpenRing(count, chunk, request.Random);

        private sealed class OpenRing(int count, int chunk, IRandomStream random) : IConnectome
        {
            private readonly float[] weights = [.. Enumerable.Range(0, count).Select(_ => (float)random.Split("weights").Uniform())];

            public IReadOnlyList<NodeGroup> Nodes { get; } =
                [new("cells", count, new Dictionary<string, Unit> { ["angle"] = Unit.One }, ["region"])];

            public IReadOnlyList<EdgeGroup> Edges { get; } =
                [new("ring", "cells", "cells", count, uS, ms, new Dictionary<string, Unit> { ["distance"] = um })];

            public double[] ReadNodeAttribute(NodeGroup group, string attribute) =>
                [.. Enumerable.Range(0, group.Count).Select(i => 2 * Math.PI * i / group.Count)];

            public string[] ReadNodeLabels(NodeGroup group, string attribute) =>
                [.. Enumerable.Range(0, group.Count).Select(i => i * 2 < group.Count ? "left" : "right")];

            public IEnumerable<EdgeChunk> ReadEdges(EdgeGroup group)
            {
                for (var start = 0; start < count; start += chunk)
                {
                    var length = Math.Min(chunk, count - start);
                    var sources = Enumerable.Range(start, length).ToArray();
                    yield return new(
                        sources, sources.Select(i => (i + 1) % count).ToArray(), weights.AsMemory(start, length),
                        Enumerable.Repeat(1.5f, length).ToArray(),
                        new Dictionary<string, ReadOnlyMemory<float>> { ["distance"] = Enumerable.Repeat(100f, length).ToArray() });
                }
            }

            public void Dispose()
            {
            }
        }
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(10, 10)]
    [InlineData(1, 4)]
    public void Ring_streams_every_edge_once_whatever_the_chunk(int count, int chunk)
    {
        using var connectome = new Ring(count, chunk).Open(new(new CountingStream(1), count, count, Recurrent: true));
        var group = Assert.Single(connectome.Edges);
        var edges = connectome.ReadEdges(group).SelectMany(static c =>
        {
            Assert.Equal(c.Sources.Length, c.Targets.Length);
            Assert.Equal(c.Sources.Length, c.Weights.Length);
            Assert.Equal(c.Sources.Length, c.Delays.Length);
            Assert.Equal(c.Sources.Length, c.Attributes["distance"].Length);
            return c.Sources.ToArray().Zip(c.Targets.ToArray());
        }).ToList();

        Assert.Equal(group.Count, edges.Count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (i, (i + 1) % count)), edges);
        Assert.Equal(edges, connectome.ReadEdges(group).SelectMany(static c => c.Sources.ToArray().Zip(c.Targets.ToArray())));
        var nodes = connectome.Nodes.Single(n => n.Name == group.Source);
        Assert.Equal(nodes.Count, connectome.ReadNodeAttribute(nodes, "angle").Length);
        Assert.Equal(nodes.Count, connectome.ReadNodeLabels(nodes, "region").Length);
    }

    [Fact]
    public void Same_random_stream_gives_the_same_weights()
    {
        static float[] Weights(ulong seed)
        {
            using var connectome = new Ring(20, 7).Open(new(new CountingStream(seed), 20, 20, Recurrent: true));
            return [.. connectome.ReadEdges(connectome.Edges[0]).SelectMany(static c => c.Weights.ToArray())];
        }

        Assert.Equal(Weights(3), Weights(3));
        Assert.NotEqual(Weights(3), Weights(4));
    }
}
