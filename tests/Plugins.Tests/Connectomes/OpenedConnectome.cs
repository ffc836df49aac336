using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Plugins.Connectomes;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Connectomes;

/// <summary>An edge as tests compare it.</summary>
internal readonly record struct Connection(int Source, int Target, float Weight, float? Delay);

/// <summary>Opens connectomes of the plugin by name, and reads them whole.</summary>
internal static class OpenedConnectome
{
    private static readonly RecordingCatalog Catalog = RecordingCatalog.Of(new ConnectomesPlugin());

    public static IConnectome Open(string name, ConnectomeRequest request, params (string Key, object Value)[] settings) =>
        Catalog.Create<IConnectomeLoader>(name, settings).Open(request);

    /// <summary>A file, for populations whose sizes it is to say.</summary>
    public static IConnectome Open(string name, params (string Key, object Value)[] settings) =>
        Open(name, new ConnectomeRequest(new CountingStream(1), null, null, Recurrent: false), settings);

    /// <summary>The edges of a generator.</summary>
    public static List<Connection> Generate(
        string name, int sources, int targets, bool recurrent, ulong seed, params (string Key, object Value)[] settings)
    {
        using var connectome = Open(name, new ConnectomeRequest(new CountingStream(seed), sources, targets, recurrent), settings);
        return Connections(connectome);
    }

    /// <summary>The edges of the only group, checked for what the contract says of chunks.</summary>
    public static List<Connection> Connections(IConnectome connectome) => Connections(connectome, Assert.Single(connectome.Edges));

    public static List<Connection> Connections(IConnectome connectome, EdgeGroup group)
    {
        var edges = new List<Connection>();
        foreach (var chunk in connectome.ReadEdges(group))
        {
            Assert.Equal(chunk.Sources.Length, chunk.Targets.Length);
            Assert.Equal(chunk.Sources.Length, chunk.Weights.Length);
            Assert.Equal(group.Delay is null ? 0 : chunk.Sources.Length, chunk.Delays.Length);
            Assert.Equal(group.Attributes.Keys.Order(), chunk.Attributes.Keys.Order());
            for (var i = 0; i < chunk.Sources.Length; i++)
            {
                edges.Add(new(
                    chunk.Sources.Span[i], chunk.Targets.Span[i], chunk.Weights.Span[i], group.Delay is null ? null : chunk.Delays.Span[i]));
            }
        }

        Assert.Equal(group.Count ?? edges.Count, edges.Count);
        var nodes = connectome.Nodes.ToDictionary(n => n.Name, n => n.Count);
        Assert.All(edges, edge =>
        {
            Assert.InRange(edge.Source, 0, nodes[group.Source] - 1);
            Assert.InRange(edge.Target, 0, nodes[group.Target] - 1);
        });
        return edges;
    }

    /// <summary>The only fault of an action, which must be of the id.</summary>
    public static Diagnostic Fault(string id, Action action)
    {
        var diagnostic = Assert.Single(Assert.Throws<DiagnosticException>(action).Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.NotNull(diagnostic.Expected);
        Assert.NotNull(diagnostic.Cure);
        return diagnostic;
    }
}
