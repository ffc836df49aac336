using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Connectomes;

public sealed class TableLoaderTests
{
    private static readonly ConnectomeRequest Recurrent = new(new CountingStream(1), null, null, Recurrent: true);

    [Fact]
    public void A_list_has_its_columns_by_name_with_units()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.tsv", "kind\tto\tfrom\tg\tms\nC\tb\ta\t1.5\t2\nE\ta\tb\t9\t9\nC\tc\ta\t-2\t0.5\n");
        using var list = Open(
            "edge-list", ("path", path), ("source", "from"), ("target", "to"), ("weight", "g"), ("weightUnit", "nS"), ("delay", "ms"), ("edges", "kind=C"));
        Assert.Equal([new(0, 0, 1.5f, 2f), new(0, 1, -2f, 0.5f)], Connections(list));
        Assert.Equal((nS, ms), (list.Edges[0].Weight, list.Edges[0].Delay));
        Assert.Equal(["b", "c"], list.ReadNodeLabels(list.Nodes[1], "label"));
        using var ring = Open("edge-list", Recurrent, ("path", path), ("source", "from"), ("target", "to"), ("weight", ""), ("edges", "kind!=C"));
        Assert.Equal([new(0, 1, 1f, null)], Connections(ring));
    }

    [Fact]
    public void Numbered_nodes_count_from_where_the_list_does()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "1,2,0.5\n3,1,0.25\n");
        (string, object)[] settings = [("path", path), ("header", false), ("nodeCells", "numbers"), ("firstNode", 1)];
        using var list = Open("edge-list", Recurrent, settings);
        Assert.Equal([new(0, 1, 0.5f, null), new(2, 0, 0.25f, null)], Connections(list));
        Assert.Equal(3, Assert.Single(list.Nodes).Count);
        using var larger = Open("edge-list", Recurrent with { Sources = 10, Targets = 10 }, settings);
        Assert.Equal(10, larger.Nodes[0].Count);
        folder.Write("list.csv", "1,2,0.5\n0,1,0.25\n");
        var fault = Fault("BM3226", () => Open("edge-list", Recurrent, settings));
        Assert.Equal((2, 1), (fault.Place.Line, fault.Place.Column));
        folder.Write("list.csv", "1,2.5,0.5\n");
        fault = Fault("BM3226", () => Open("edge-list", Recurrent, settings));
        Assert.Equal((1, 2), (fault.Place.Line, fault.Place.Column));
        folder.Write("list.csv", "-1,2,0.5\n");
        Fault("BM3226", () => Open("edge-list", Recurrent, settings));
    }

    [Fact]
    public void A_table_of_nodes_gives_order_and_attributes()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "a,b,1\nb,c,2\n");
        folder.Write("nodes.csv", "name,x,class\nc,1,m\nb,2.5,n\na,-3,n\nd,0,n\n");
        using var list = Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", folder["nodes.csv"]));
        Assert.Equal([new(2, 1, 1f, null), new(1, 0, 2f, null)], Connections(list));
        Assert.Equal([1, 2.5, -3, 0], list.ReadNodeAttribute(list.Nodes[0], "x"));
        using var neurons = Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", folder["nodes.csv"]), ("sources", "class=n"), ("shared", true));
        Assert.Empty(Connections(neurons));
        Assert.Equal(["b"], neurons.ReadNodeLabels(neurons.Nodes[0], "label"));
        folder.Write("nodes.csv", "name\nc\nb\n");
        Assert.Contains("'a'", Fault("BM3225", () => Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", folder["nodes.csv"]))).Problem, StringComparison.Ordinal);
        folder.Write("nodes.csv", "name\nc\nb\na\na\n");
        Assert.Contains("two nodes", Fault("BM3225", () => Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", folder["nodes.csv"]))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_may_name_its_columns_in_another_order_than_its_rows()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("m.csv", ",b,a\na,1,0\nb,,2\n");
        using var matrix = Open("matrix", Recurrent, ("path", path), ("labels", "both"));
        Assert.Equal(["a", "b"], matrix.ReadNodeLabels(matrix.Nodes[0], "label"));
        Assert.Equal([new(0, 1, 1f, null), new(1, 0, 2f, null)], Connections(matrix));
        using var turned = Open("matrix", Recurrent, ("path", path), ("labels", "both"), ("orientation", "rows-are-targets"));
        Assert.Equal(
            [("b", "a", 1f), ("a", "b", 2f)],
            Connections(turned).Select(e => (Name(turned, e.Source), Name(turned, e.Target), e.Weight)));
    }

    [Theory]
    [InlineData("1,2\n3,x\n", "BM3223", 2, 2)]
    [InlineData("1,NaN\n3,4\n", "BM3223", 1, 2)]
    [InlineData("1,2\n3\n", "BM3221", 2, null)]
    public void A_matrix_with_a_fault_is_refused_with_its_place(string text, string id, int line, int? column)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("m.csv", text);
        var place = Fault(id, () => Connections(Open("matrix", Recurrent, ("path", path)))).Place;
        Assert.Equal((path, line, column), (place.File, place.Line, place.Column));
    }

    [Fact]
    public void A_number_of_a_node_beyond_all_others_is_refused_with_its_cell_and_takes_no_memory()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "0,1\n3,2000000000\n");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var fault = Fault("BM3237", () => Open("edge-list", Recurrent, ("path", path), ("header", false), ("weight", ""), ("nodeCells", "numbers")));
        Assert.Equal((path, 2, 2), (fault.Place.File, fault.Place.Line, fault.Place.Column));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 50_000_000);
        using var labelled = Open("edge-list", Recurrent, ("path", path), ("header", false), ("weight", ""));
        Assert.Equal(4, labelled.Nodes[0].Count);
    }

    [Fact]
    public void Settings_that_do_not_fit_the_file_are_refused_with_a_cure()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("m.csv", "1,2,3\n4,5,6\n");
        Fault("BM3228", () => Open("matrix", Recurrent, ("path", path)));
        Fault("BM3228", () => Open("matrix", ("path", path), ("labelFile", path)));
        Fault("BM3224", () => Open("matrix", ("path", path), ("shared", true)));
        Fault("BM3224", () => Open("matrix", ("path", path), ("sources", "label=a")));
        Fault("BM3224", () => Open("matrix", ("path", path), ("sources", "nonsense")));
        Fault("BM3227", () => Open("matrix", ("path", path), ("weightUnit", "furlong")));
        Fault("BM3222", () => Open("edge-list", ("path", path), ("source", "neuron")));
        Fault("BM3222", () => Open("edge-list", ("path", path), ("header", false), ("weight", "4")));
        Fault("BM3224", () => Open("edge-list", Recurrent, ("path", path), ("header", false), ("sources", "label=1"), ("targets", "label=2")));
        Fault("BM3001", () => Open("edge-list", ("path", folder["missing.csv"])));
    }

    private static string Name(IConnectome connectome, int node) => connectome.ReadNodeLabels(connectome.Nodes[0], "label")[node];
}
