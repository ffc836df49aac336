using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Connectomes;

public sealed class GeneratorTests
{
    public static TheoryData<string> Random => ["fixed-probability", "fixed-in-degree", "distance-dependent", "small-world"];

    public static TheoryData<string> All => [.. Random, "all-to-all", "one-to-one"];

    [Theory]
    [MemberData(nameof(All))]
    public void A_second_reading_and_the_same_seed_give_the_same_edges(string name)
    {
        using var connectome = Open(name, new ConnectomeRequest(new CountingStream(5), 60, 60, Recurrent: true));
        var edges = Connections(connectome);
        Assert.NotEmpty(edges);
        Assert.Equal(edges, Connections(connectome));
        Assert.Equal(edges, Generate(name, 60, 60, true, 5));
    }

    [Theory]
    [MemberData(nameof(Random))]
    public void Another_seed_gives_other_edges(string name) =>
        Assert.NotEqual(Generate(name, 60, 60, true, 5), Generate(name, 60, 60, true, 6));

    [Theory]
    [MemberData(nameof(Random))]
    [InlineData("all-to-all")]
    public void No_unit_is_connected_to_itself_nor_twice_to_another(string name)
    {
        for (var units = 11; units < 30; units++)
        {
            var edges = Generate(name, units, units, true, (ulong)units);
            Assert.DoesNotContain(edges, e => e.Source == e.Target);
            Assert.Equal(edges.Count, edges.DistinctBy(e => (e.Source, e.Target)).Count());
        }
    }

    [Theory]
    [InlineData("fixed-probability", 1.0)]
    [InlineData("distance-dependent", null)]
    [InlineData("all-to-all", null)]
    public void Every_possible_edge_is_there_where_each_is_certain(string name, double? probability)
    {
        (string, object)[] certain = probability is { } p ? [("probability", p)] : name == "all-to-all" ? [] : [("peak", 1.0), ("sigma", 1e12 * um)];
        var pairs = from source in Enumerable.Range(0, 7) from target in Enumerable.Range(0, 7) select (source, target);
        Assert.Equal(pairs.Where(p => p.source != p.target), Ordered(Generate(name, 7, 7, true, 1, certain)));
        Assert.Equal(pairs, Ordered(Generate(name, 7, 7, true, 1, [.. certain, ("allowSelf", true)])));
        var between = from source in Enumerable.Range(0, 3) from target in Enumerable.Range(0, 5) select (source, target);
        Assert.Equal(between, Ordered(Generate(name, 3, 5, false, 1, certain)));
    }

    [Fact]
    public void One_to_one_joins_unit_i_to_unit_i() =>
        Assert.Equal([(0, 0), (1, 1), (2, 2)], Generate("one-to-one", 3, 3, false, 1).Select(e => (e.Source, e.Target)));

    [Theory]
    [InlineData(0.02, false)]
    [InlineData(0.4, true)]
    public void Fixed_probability_gives_a_binomial_number_of_edges_evenly_spread(double probability, bool recurrent)
    {
        const int units = 1000;
        var edges = Generate("fixed-probability", units, units, recurrent, 11, ("probability", probability));
        double pairs = recurrent ? units * (units - 1.0) : units * (double)units;
        AssertNear(pairs * probability, pairs * probability * (1 - probability), edges.Count);

        // In-degree and out-degree are binomial, too: their variance over units is n p (1 - p), with a relative standard error of sqrt(2 / N).
        foreach (var degrees in new[] { edges.CountBy(e => e.Source), edges.CountBy(e => e.Target) })
        {
            var counts = degrees.Select(d => (double)d.Value).ToArray();
            Assert.InRange(Variance(counts) / (pairs / units * probability * (1 - probability)), 1 - (5 * Math.Sqrt(2.0 / units)), 1 + (5 * Math.Sqrt(2.0 / units)));
        }

        Assert.Empty(Generate("fixed-probability", units, units, recurrent, 11, ("probability", 0.0)));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 199)]
    [InlineData(false, 50)]
    public void Fixed_in_degree_is_exact_and_sources_are_evenly_used(bool recurrent, int inDegree)
    {
        const int units = 200;
        var edges = Generate("fixed-in-degree", units, units, recurrent, 3, ("inDegree", inDegree));
        Assert.All(edges.CountBy(e => e.Target), d => Assert.Equal(inDegree, d.Value));
        Assert.Equal(units, edges.CountBy(e => e.Target).Count());
        Assert.Equal(edges.Count, edges.DistinctBy(e => (e.Source, e.Target)).Count());

        // A source's out-degree is binomial: of each target's sources it is one with probability k / n.
        var sources = recurrent ? units - 1 : units;
        var share = inDegree / (double)sources;
        var counts = Enumerable.Range(0, units).Select(s => (double)edges.Count(e => e.Source == s)).ToArray();
        var expected = sources * share * (1 - share);
        Assert.InRange(Variance(counts), expected * (1 - (5 * Math.Sqrt(2.0 / units))), expected * (1 + (5 * Math.Sqrt(2.0 / units))) + 1e-9);
    }

    /// <summary>Source and target of each are uniform and independent: of N connections each unit and each pair has a binomial number.</summary>
    [Fact]
    public void Fixed_total_number_is_exact_and_ends_are_drawn_independently()
    {
        const int count = 200_000;
        var edges = Generate("fixed-total-number", 40, 25, false, 3, ("connections", count));
        Assert.Equal(count, edges.Count);
        Assert.Equal(edges.Select(static e => e.Source).Order(), edges.Select(static e => e.Source));
        foreach (var (counts, share) in new[] { (edges.CountBy(e => e.Source), 1 / 40.0), (edges.CountBy(e => e.Target), 1 / 25.0) })
        {
            Assert.All(counts, c => AssertNear(count * share, count * share * (1 - share), c.Value));
        }

        // Chi square of 1000 pairs: a mean of 999 and a variance of 2 x 999.
        var pairs = edges.CountBy(e => (e.Source, e.Target)).ToDictionary(static c => c.Key, static c => c.Value);
        var expected = count / 1000.0;
        AssertNear(999, 2 * 999, Enumerable.Range(0, 1000).Sum(i => Math.Pow(pairs.GetValueOrDefault((i / 25, i % 25)) - expected, 2) / expected));
    }

    /// <summary>The cortical microcircuit has 0.1009 within layer 2/3 of 20,683 cells, and K = ln(1 - p) / ln(1 - 1 / pairs); the share of pairs with a connection is then p.</summary>
    [Fact]
    public void Fixed_total_number_follows_from_the_probability_of_a_pair()
    {
        using var large = Open("fixed-total-number", new ConnectomeRequest(new CountingStream(1), 20683, 20683, Recurrent: true), ("probability", 0.1009));
        Assert.Equal((long)Math.Round(Math.Log(1 - 0.1009) / Math.Log(1 - (1 / (20683.0 * 20683)))), large.Edges[0].Count);
        var edges = Generate("fixed-total-number", 300, 300, true, 1, ("probability", 0.25));
        AssertNear(0.25 * 90000, 0.25 * 0.75 * 90000, edges.DistinctBy(e => (e.Source, e.Target)).Count());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.15)]
    [InlineData(1.0)]
    public void Small_world_keeps_out_degrees_and_rewires_the_share_asked_for(double rewiring)
    {
        const int units = 2000;
        const int neighbors = 8;
        var edges = Generate("small-world", units, units, true, 4, ("neighbors", neighbors), ("rewiring", rewiring));
        Assert.All(edges.CountBy(e => e.Source), d => Assert.Equal(neighbors, d.Value));
        var distant = edges.Count(e => Math.Min((e.Source - e.Target + units) % units, (e.Target - e.Source + units) % units) > neighbors / 2);

        // A target drawn anew is a neighbour of the lattice again only where that place has been given up: at most k of the n others.
        AssertNear(units * neighbors * rewiring, units * neighbors * rewiring * (1 - rewiring), distant, slack: units * neighbors * rewiring * neighbors / units);
    }

    [Fact]
    public void Small_world_without_rewiring_is_the_lattice_and_can_be_full()
    {
        Assert.Equal([(0, 1), (0, 2), (0, 3), (0, 4)], Ordered(Generate("small-world", 5, 5, true, 1, ("neighbors", 4), ("rewiring", 1.0))).Take(4));
        Assert.Equal([(0, 1), (0, 5), (1, 0), (1, 2)], Ordered(Generate("small-world", 6, 6, true, 1, ("neighbors", 2), ("rewiring", 0.0))).Take(4));
    }

    [Fact]
    public void Weight_and_delay_are_those_asked_for()
    {
        Assert.All(Generate("all-to-all", 3, 4, false, 1), e => Assert.Equal((1f, null), (e.Weight, e.Delay)));
        Assert.All(Generate("all-to-all", 200, 100, false, 1, ("weight", -0.25), ("delay", 1.5 * ms)), e => Assert.Equal((-0.25f, 1.5f), (e.Weight, e.Delay)));
    }

    [Theory]
    [InlineData("one-to-one", "BM3212", 3, 4, false)]
    [InlineData("small-world", "BM3213", 30, 30, false)]
    [InlineData("small-world", "BM3211", 10, 10, true)]
    [InlineData("fixed-total-number", "BM3219", 10, 10, true)]
    [InlineData("fixed-in-degree", "BM3211", 10, 10, true)]
    [InlineData("fixed-in-degree", "BM3211", 9, 10, false)]
    public void What_cannot_be_connected_is_refused(string name, string id, int sources, int targets, bool recurrent) =>
        Fault(id, () => Generate(name, sources, targets, recurrent, 1));

    [Fact]
    public void Odd_neighbours_and_lengths_that_are_none_are_refused()
    {
        Fault("BM3211", () => Generate("small-world", 30, 30, true, 1, ("neighbors", 3)));
        Fault("BM3214", () => Generate("distance-dependent", 30, 30, true, 1, ("sigma", 0 * um)));
        Fault("BM3214", () => Generate("distance-dependent", 30, 30, true, 1, ("extent", -1 * um)));
    }

    [Fact]
    public void Populations_need_sizes()
    {
        Assert.Contains("source", Fault("BM3210", () => Open("all-to-all", new ConnectomeRequest(new CountingStream(1), null, 3, false))).Problem, StringComparison.Ordinal);
        Assert.Contains("target", Fault("BM3210", () => Open("all-to-all", new ConnectomeRequest(new CountingStream(1), 3, null, false))).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_single_unit_has_nothing_but_itself_to_connect_to(string name)
    {
        (string, object)[] few = name switch { "fixed-in-degree" => [("inDegree", 0)], "small-world" => [("neighbors", 0)], _ => [] };
        Assert.Equal(name == "one-to-one" ? 1 : 0, Generate(name, 1, 1, true, 1, few).Count);
    }

    [Theory]
    [MemberData(nameof(Random))]
    public void Memory_does_not_grow_with_the_edges(string name)
    {
        (string, object)[] many = name switch
        {
            "fixed-in-degree" => [("inDegree", 500)], "small-world" => [("neighbors", 500)], "distance-dependent" => [("sigma", 1000 * um), ("peak", 1.0)], _ => [("probability", 0.5)],
        };
        using var connectome = Open(name, new ConnectomeRequest(new CountingStream(2), 1000, 1000, Recurrent: true), many);
        long Read() => connectome.ReadEdges(connectome.Edges[0]).Sum(chunk => (long)chunk.Sources.Length);
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.InRange(Read(), 400_000, 1_000_000);

        // A chunk and what is known of nodes; all edges would take 3.2 MB and more.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600_000);
    }

    internal static void AssertNear(double mean, double variance, double actual, double slack = 0)
    {
        var bound = (5 * Math.Sqrt(variance)) + slack;
        Assert.InRange(actual, mean - bound, mean + bound);
    }

    private static List<(int Source, int Target)> Ordered(IEnumerable<Connection> edges) => [.. edges.Select(e => (e.Source, e.Target)).Order()];

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / values.Length;
    }
}
