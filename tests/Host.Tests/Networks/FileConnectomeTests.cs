using BrainModular.Host.Composition;

namespace BrainModular.Host.Networks;

/// <summary>Connectomes that say how many units there are, as those of files do.</summary>
public sealed class FileConnectomeTests : IDisposable
{
    /// <summary>Two groups of 6 and 3 nodes: each of the first joined to the next of its group, and to a third of the second.</summary>
    private const string Source = """
        using System; using System.Collections.Generic; using BrainModular.Connectomes; using BrainModular.Plugins; using BrainModular.Symbolics; using static BrainModular.Symbolics.Units;
        [assembly: BrainModularPlugin(typeof(Entry))]
        public sealed class Kept : IConnectomeLoader, IConnectome
        {
            static readonly Dictionary<string, Unit> none = new();
            public IReadOnlyList<NodeGroup> Nodes => new NodeGroup[] { new("pyramidal", 6, none, new string[0]), new("basket", 3, none, new string[0]) };
            public IReadOnlyList<EdgeGroup> Edges => new EdgeGroup[]
            {
                new("ring", "pyramidal", "pyramidal", 6, nS, ms, none), new("feed", "pyramidal", "basket", 6, nS, ms, none),
            };
            public IConnectome Open(ConnectomeRequest request) => this;
            public double[] ReadNodeAttribute(NodeGroup group, string attribute) => throw new KeyNotFoundException();
            public string[] ReadNodeLabels(NodeGroup group, string attribute) => throw new KeyNotFoundException();
            public IEnumerable<EdgeChunk> ReadEdges(EdgeGroup group)
            {
                var ring = group.Name == "ring";
                yield return new(
                    new[] { 0, 1, 2, 3, 4, 5 }, ring ? new[] { 1, 2, 3, 4, 5, 0 } : new[] { 0, 1, 2, 0, 1, 2 }, new[] { 1f, 2f, 3f, 4f, 5f, 6f },
                    new[] { 1f, 1f, 2f, 2f, ring ? 3.4f : 3f, 3f }, new Dictionary<string, ReadOnlyMemory<float>>());
            }
            public void Dispose() { }
        }
        public sealed class Entry : IPlugin
        {
            public void Register(ICatalogBuilder catalog) => catalog.Add<IConnectomeLoader>("kept", "", s => new Kept());
        }
        """;

    private readonly PluginFolder folder = new();
    private readonly string plugin;

    public FileConnectomeTests() => plugin = folder.Compile("kept", "Kept", Source);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sizes_weights_and_delays_are_those_of_the_connectome()
    {
        var training = TinyTraining.Compose(Text("{ \"type\": \"kept\", \"edgeGroup\": \"ring\" }"), plugin);
        var network = training.Network.Definition;
        Assert.Equal(["E 6", "I 3", "out 2"], network.Populations.Select(static p => $"{p.Name} {p.Count}"));
        var ring = network.Projections.First(static p => p.Name == "E-E");
        Assert.Equal([1, 2, 3, 4, 5, 0], ring.Connections!.Target);
        Assert.Equal([1, 1, 2, 2, 3, 3], ring.Connections.Delay!);
        Assert.All(training.Program.Weights("E-E", training.Program.InitialCoordinates()).Zip([0.001, 0.002, 0.003, 0.004, 0.005, 0.006]), static w => Assert.Equal(w.Second, w.First, 8));
        Assert.Equal("projection E-E: delays of its connections are rounded to time steps of 1 ms", Assert.Single(training.Network.Notes));
        Assert.Equal([0, 1, 2, 0, 1, 2], network.Projections.First(static p => p.Name == "E-I").Connections!.Target);
    }

    [Theory]
    [InlineData("", "from 1 to 6", "E-E")]
    [InlineData(", \"weights\": { \"scale\": 0.5, \"unit\": \"2 nS\" }", "from 1 to 6", "E-E.weights")]
    [InlineData(", \"weights\": { \"distribution\": \"normal\", \"scale\": 0.5 }", null, null)]
    public void Weights_of_a_connectome_that_a_default_passes_over_are_told_of(string weights, string? told, string? place)
    {
        var text = Text("{ \"type\": \"kept\", \"edgeGroup\": \"ring\" }").Replace(", \"weights\": { \"distribution\": \"connectome\" }", weights, StringComparison.Ordinal);
        var note = TinyTraining.Compose(text, plugin).Network.Notes.SingleOrDefault(static n => n.StartsWith("BM2651", StringComparison.Ordinal));
        Assert.Equal(told is not null, note is not null);
        Assert.Contains(told ?? "", note ?? "", StringComparison.Ordinal);
        Assert.Contains($"projections.{place}", note ?? $"projections.{place}", StringComparison.Ordinal);
        Assert.Contains("\"connectome\"", note ?? "\"connectome\"", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"weight\": 0.5", true)]
    [InlineData("\"allowSelf\": true", false)]
    public void A_weight_of_a_generator_that_a_default_passes_over_is_told_of(string setting, bool isTold)
    {
        var text = TinyTraining.With("\"probability\": 0.3", $"\"probability\": 0.3, {setting}");
        Assert.Equal(isTold, TinyTraining.Compose(text).Network.Notes.Any(static n => n.StartsWith("BM2651", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_delay_that_is_given_is_that_of_all_connections()
    {
        var text = Text("{ \"type\": \"kept\", \"edgeGroup\": \"ring\" }, \"delay\": \"4 ms\"");
        var ring = TinyTraining.Compose(text, plugin).Network.Definition.Projections.First(static p => p.Name == "E-E");
        Assert.Equal((true, 4), (ring.Connections!.Delay is null, ring.Delay));
    }

    [Theory]
    [InlineData("{ \"type\": \"kept\" }", "\"E\": {", "BM2608", "connectome")]
    [InlineData("{ \"type\": \"kept\", \"targetGroup\": \"basket\" }", "\"E\": {", "BM2607", "connectome")]
    [InlineData("{ \"type\": \"kept\", \"edgeGroup\": \"ring\" }", "\"E\": { \"count\": 7,", "BM2607", "connectome")]
    public void A_connectome_that_does_not_fit_is_refused(string connectome, string population, string id, string key)
    {
        var faults = TinyTraining.FaultsOf(Text(connectome).Replace("\"E\": {", population, StringComparison.Ordinal), plugin);
        Assert.Contains(faults, f => (f.Id, f.Place.Path) == (id, $"stages.train.network.projections.E-E.{key}"));
    }

    /// <summary>The small network on the connectome, with populations whose size it gives.</summary>
    private static string Text(string connectome) => TinyTraining.With("\"count\": 16,", "")
        .Replace("\"count\": 4, ", "", StringComparison.Ordinal)
        .Replace("{ \"type\": \"fixed-probability\", \"probability\": 0.3 }, \"weights\": { \"scale\": 0.5 }", $"{connectome}, \"weights\": {{ \"distribution\": \"connectome\" }}", StringComparison.Ordinal)
        .Replace("\"projections\": {", "\"projections\": {\n\"E-I\": { \"from\": \"E\", \"to\": \"I\", \"synapse\": \"exc\", \"connectome\": { \"type\": \"kept\", \"edgeGroup\": \"feed\" }, \"weights\": { \"distribution\": \"constant\", \"value\": 1 } },", StringComparison.Ordinal);
}
