using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Networks;

namespace BrainModular.Engine.Tests.Networks;

public sealed class ConnectionsBuilderTests
{
    private static readonly Dictionary<string, ReadOnlyMemory<float>> NoAttributes = [];

    private readonly record struct Edge(int Source, int Target, float Weight, float Delay);

    [Theory]
    [InlineData(1, 1, 5, 1)]
    [InlineData(40, 30, 2000, 7)]
    [InlineData(3, 1000, 5000, 4096)]
    [InlineData(500, 500, 300, 64)]
    [InlineData(10, 10, 0, 1)]
    public void Rows_hold_each_source_s_connections_in_order_of_delay_and_target(int sources, int targets, int count, int chunk)
    {
        var edges = Draw(sources, targets, count);
        var built = new ConnectionsBuilder(sources, targets, new EdgeFactors(0.5, 10)).Build(() => Chunks(edges, chunk));
        var expected = edges.Select(e => (e.Source, Steps: (ushort)Math.Round(e.Delay * 10.0), e.Target, Weight: (float)(e.Weight * 0.5))).Order().ToList();
        Assert.Equal(expected, Flat(built));
        Assert.Equal((sources, targets, count), (built.Sources, built.Targets, built.Count));
    }

    [Fact]
    public void More_connections_than_can_be_held_are_refused_before_they_are_read()
    {
        var fault = Assert.Throws<DiagnosticException>(() => new ConnectionsBuilder(2, 2, new(1, null)).Build(static () => throw new InvalidOperationException("read"), 4_000_000_000_000)).Diagnostics[0];
        Assert.Equal("BM3218", fault.Id);
        Assert.Contains("4000000000000", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_edges_does_not_matter()
    {
        var edges = Draw(20, 20, 3000);
        var built = new ConnectionsBuilder(20, 20, new EdgeFactors(1, 10)).Build(() => Chunks(edges, 100));
        edges.Reverse();
        Assert.Equal(Flat(built), Flat(new ConnectionsBuilder(20, 20, new EdgeFactors(1, 10)).Build(() => Chunks(edges, 77))));
    }

    [Fact]
    public void Delays_are_rounded_to_the_nearest_step_and_left_out_where_there_are_none()
    {
        List<Edge> edges = [new(0, 0, 1, 0), new(0, 1, 1, 0.14f), new(0, 2, 1, 0.16f), new(0, 3, 1, 6553.5f)];
        Assert.Equal([(ushort)0, 1, 2, 65535], new ConnectionsBuilder(1, 4, new EdgeFactors(1, 10)).Build(() => Chunks(edges, 4)).Delay!);
        Assert.Null(new ConnectionsBuilder(1, 4, new EdgeFactors(1)).Build(() => Chunks(edges, 4)).Delay);
    }

    [Fact]
    public void At_most_12_bytes_are_allocated_for_a_connection()
    {
        // Rows of descending targets, so that each is sorted; chunks are made beforehand, so that only the builder allocates.
        const int sources = 2000;
        const int perSource = 500;
        var chunks = Enumerable.Range(0, sources).Select(s => new EdgeChunk(
            Enumerable.Repeat(s, perSource).ToArray(), Enumerable.Range(0, perSource).Select(i => perSource - 1 - i).ToArray(),
            new float[perSource], new float[perSource], NoAttributes)).ToArray();
        var builder = new ConnectionsBuilder(sources, perSource, new EdgeFactors(1, 10));
        builder.Build(() => chunks);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var built = builder.Build(() => chunks);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(sources * perSource, built.Count);
        Assert.Equal(Enumerable.Range(0, perSource), built.Target.Take(perSource));
        Assert.InRange(bytes / (double)built.Count, 10, 12);
    }

    [Theory]
    [InlineData("BM3215", 4, 0, 1f, 1f, "the source of edge 1 is node 4")]
    [InlineData("BM3215", -1, 0, 1f, 1f, "the source of edge 1 is node -1")]
    [InlineData("BM3215", 0, 5, 1f, 1f, "the target of edge 1 is node 5")]
    [InlineData("BM3215", 0, -7, 1f, 1f, "the target of edge 1 is node -7")]
    [InlineData("BM3216", 0, 0, float.NaN, 1f, "the weight of edge 1 is NaN")]
    [InlineData("BM3216", 0, 0, float.PositiveInfinity, 1f, "the weight of edge 1 is Infinity")]
    [InlineData("BM3217", 0, 0, 1f, -0.1f, "which is -1 steps")]
    [InlineData("BM3217", 0, 0, 1f, float.NaN, "the delay of edge 1 is NaN")]
    [InlineData("BM3217", 0, 0, 1f, 6553.6f, "which is 65536 steps")]
    public void An_edge_that_is_none_is_refused(string id, int source, int target, float weight, float delay, string problem)
    {
        List<Edge> edges = [new(0, 0, 1, 1), new(source, target, weight, delay)];
        var fault = Fault(id, 4, 5, () => Chunks(edges, 1));
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Equal("net.csv", fault.Place.File);
    }

    [Fact]
    public void A_loader_that_gives_other_edges_the_second_time_is_found()
    {
        List<Edge> edges = [new(0, 0, 1, 1), new(1, 1, 1, 1)];
        foreach (List<Edge> other in new List<Edge>[] { [edges[0]], [edges[0], edges[0]], [.. edges, edges[0]], [edges[0], edges[1] with { Source = 9 }] })
        {
            var readings = 0;
            Fault("BM4320", 2, 2, () => Chunks(readings++ == 0 ? edges : other, 1));
        }
    }

    [Fact]
    public void Arrays_of_different_length_are_refused()
    {
        Fault("BM4320", 2, 2, () => [new EdgeChunk(new int[2], new int[1], new float[2], new float[2], NoAttributes)]);
        Fault("BM4320", 2, 2, () => [new EdgeChunk(new int[2], new int[2], new float[1], new float[2], NoAttributes)]);
        Fault("BM4320", 2, 2, () => [new EdgeChunk(new int[2], new int[2], new float[2], default, NoAttributes)]);
    }

    private static Diagnostic Fault(string id, int sources, int targets, Func<IEnumerable<EdgeChunk>> read)
    {
        var builder = new ConnectionsBuilder(sources, targets, new EdgeFactors(1, 10), new Place("net.csv"));
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => builder.Build(read)).Diagnostics);
        Assert.Equal(id, fault.Id);
        return fault;
    }

    private static IEnumerable<(int Source, ushort Steps, int Target, float Weight)> Flat(Connections connections) =>
        from source in Enumerable.Range(0, connections.Sources)
        from at in Enumerable.Range((int)connections.RowStart[source], (int)(connections.RowStart[source + 1] - connections.RowStart[source]))
        select (source, connections.Delay![at], connections.Target[at], connections.Weight[at]);

    // A fixed pseudo-random sequence with many repeated pairs.
    private static List<Edge> Draw(int sources, int targets, int count)
    {
        var state = 12345u;
        uint Next() => state = (state * 1664525) + 1013904223;
        return [.. Enumerable.Range(0, count).Select(_ => new Edge((int)((Next() >> 8) % sources), (int)((Next() >> 8) % targets), (Next() >> 8) % 5, (Next() >> 8) % 64 / 8f))];
    }

    private static IEnumerable<EdgeChunk> Chunks(List<Edge> edges, int length)
    {
        foreach (var part in edges.Chunk(length))
        {
            yield return new EdgeChunk(
                part.Select(e => e.Source).ToArray(), part.Select(e => e.Target).ToArray(), part.Select(e => e.Weight).ToArray(),
                part.Select(e => e.Delay).ToArray(), NoAttributes);
        }
    }
}
