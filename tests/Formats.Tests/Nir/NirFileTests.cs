using BrainModular.Formats.Arrays;
using BrainModular.Formats.Hdf5;
using BrainModular.Formats.Nir;

namespace BrainModular.Formats.Tests.Nir;

public sealed class NirFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Files that Norse, Rockpool and Sinabs wrote (Pedersen et al. 2024, 10.1038/s41467-024-52259-9).</summary>
    [SkippableTheory]
    [InlineData("01_lif/lif_norse.nir", "Affine Input LIF Output", 3)]
    [InlineData("01_lif/lif_rockpool.nir", "Input LIF Linear Output", 3)]
    [InlineData("02_cnn/cnn_sinabs.nir", "Affine Affine Conv2d Conv2d Conv2d Flatten IF IF IF IF IF Input Output SumPool2d SumPool2d", 14)]
    public void Files_of_other_programs_are_read(string name, string types, int edges)
    {
        var graph = NirFile.Read(RealData.Require("ref-nir-lif", "paper", name));
        Assert.Equal(types, string.Join(' ', graph.Nodes.Select(static n => n.Type).Order(StringComparer.Ordinal)));
        Assert.Equal(edges, graph.Edges.Count);
    }

    [SkippableFact]
    public void Their_numbers_are_those_in_the_file()
    {
        var cell = NirFile.Read(RealData.Require("ref-nir-lif", "paper", "01_lif", "lif_norse.nir")).Node("1");
        Assert.Equal((0.0025f, 0.1f, 1f, 0f), ((float)cell.Values["tau"].Elements[0], (float)cell.Values["v_threshold"].Elements[0], (float)cell.Values["r"].Elements[0], (float)cell.Values["v_leak"].Elements[0]));
        Assert.True(cell.Values["tau"].IsSingle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_reads_back_the_same_and_is_the_same_bytes_again(bool single)
    {
        var graph = Graph(single);
        NirFile.Write(graph, folder["a.nir"]);
        NirFile.Write(graph, folder["b.nir"]);
        var back = NirFile.Read(folder["a.nir"]);
        Assert.Equal(graph.Edges, back.Edges);
        Assert.Equal(graph.Metadata, back.Metadata);
        foreach (var node in graph.Nodes)
        {
            var same = back.Node(node.Name);
            Assert.Equal(node.Type, same.Type);
            Assert.Equal(node.Values.Keys.Order(), same.Values.Keys.Order());
            Assert.All(node.Values, v => Assert.Equal((v.Value.ShapeText, v.Value.IsSingle), (same.Values[v.Key].ShapeText, same.Values[v.Key].IsSingle)));
            Assert.All(node.Values, v => Assert.Equal(v.Value.Elements.Select(x => single ? (float)x : x), same.Values[v.Key].Elements));
            Assert.All(node.Metadata, v => Assert.Equal(v.Value.Elements, same.Metadata[v.Key].Elements));
        }

        Assert.Equal(File.ReadAllBytes(folder["a.nir"]), File.ReadAllBytes(folder["b.nir"]));
    }

    [Theory]
    [InlineData("LIFF", "cells", "'LIFF' is no primitive")]
    [InlineData("LI", "cells", "edge names")]
    [InlineData("missing", "cells", "has no tau")]
    [InlineData("shape", "cells", "v_leak has the shape [2] and tau [3]")]
    [InlineData("twice", "cells", "two nodes have this name")]
    [InlineData("sizes", "in -> w", "in gives 4 numbers and w takes 2")]
    [InlineData("finite", "w", "NaN")]
    [InlineData("slash", "a/b", "cannot name a node")]
    public void A_faulty_graph_is_refused_with_its_node_and_leaves_nothing_behind(string fault, string place, string problem)
    {
        var graph = Graph(single: false);
        NirNode Changed(NirNode node) => (fault, node.Name) switch
        {
            ("LIFF", "cells") => node with { Type = "LIFF" },
            ("missing", "cells") => node with { Values = node.Values.Where(static v => v.Key != "tau").ToDictionary() },
            ("shape", "cells") => node with { Values = new Dictionary<string, NumberArray>(node.Values) { ["v_leak"] = Row(0, 0) } },
            ("sizes", "in") => node with { Values = new Dictionary<string, NumberArray> { ["shape"] = Row(4) } },
            ("finite", "w") => node with { Values = new Dictionary<string, NumberArray> { ["weight"] = new([3, 2], [1, 2, double.NaN, 4, 5, 6]) } },
            ("slash", "cells") => node with { Name = "a/b" },
            _ => node,
        };
        graph = graph with { Nodes = [.. graph.Nodes.Select(Changed), .. fault == "twice" ? [graph.Node("cells")] : Array.Empty<NirNode>()], Edges = fault == "LI" ? [new("in", "cell")] : graph.Edges };
        var found = Assert.Throws<Diagnostics.DiagnosticException>(() => NirFile.Write(graph, folder["a.nir"])).Diagnostics;
        Assert.All(found, static d => Assert.Equal("BM3621", d.Id));
        Assert.Contains(found, d => d.Problem.Contains(problem, StringComparison.Ordinal) && (fault == "LI" || d.Place.Path == place));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder[""]));
    }

    [Fact]
    public void A_file_without_a_graph_is_refused()
    {
        using (var file = Hdf5Writer.Create(folder["other.h5"]))
        {
            file.Dataset("/data", new double[] { 1, 2 });
            file.Commit();
        }

        Assert.Equal("BM3620", Assert.Single(Assert.Throws<Diagnostics.DiagnosticException>(() => NirFile.Read(folder["other.h5"])).Diagnostics).Id);
    }

    private static NumberArray Row(params double[] values) => new([values.Length], values);

    private static NirGraph Graph(bool single)
    {
        NumberArray Of(params double[] values) => new([values.Length], values, single);
        return new(
            [
                new("in", "Input", new Dictionary<string, NumberArray> { ["shape"] = Row(2) }),
                new("w", "Linear", new Dictionary<string, NumberArray> { ["weight"] = new([3, 2], [0.1, 2, 3, 4, 5, 6], single) }),
                new("cells", "LIF", new Dictionary<string, NumberArray> { ["tau"] = Of(0.01, 0.02, 0.03), ["r"] = Of(1, 1, 1), ["v_leak"] = Of(0, 0, 0), ["v_threshold"] = Of(1, 1, 1), ["v_reset"] = Of(0, 0, 0) })
                    { Metadata = new Dictionary<string, NumberArray> { ["v_rest"] = Row(1, 2, 3) } },
                new("out", "Output", new Dictionary<string, NumberArray> { ["shape"] = Row(3) }),
            ],
            [new("in", "w"), new("w", "cells"), new("cells", "out")]) { Metadata = new Dictionary<string, string> { ["dt"] = "0.001 s" } };
    }
}
