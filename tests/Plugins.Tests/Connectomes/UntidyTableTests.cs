using System.IO.Compression;
using System.Text;
using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;

namespace BrainModular.Plugins.Tests.Connectomes;

/// <summary>Tables as spreadsheets and scripts leave them: what they mean is taken, or they are refused, but no edge is lost or moved.</summary>
public sealed class UntidyTableTests
{
    private static readonly ConnectomeRequest Recurrent = new(new CountingStream(1), null, null, Recurrent: true);

    [Theory]
    [InlineData("source, target, weight\na, b, 1\nb, a, 2\n")]
    [InlineData("source;target;weight\na;b;1\nb;a;2\n")]
    [InlineData("source\ttarget\tweight\r\na\tb\t1\r\nb\ta\t2\r\n")]
    [InlineData("\uFEFF\n\nsource,target,weight\na,b,1\n\n b ,\"a \",2\n")]
    [InlineData("source;target;\"weight, in mV\"\n\"a\";\"b\";1\nb;a;2\n")]
    public void White_space_and_other_delimiters_change_no_edge(string text)
    {
        using var folder = new ScratchFolder();
        using var list = Open("edge-list", Recurrent, ("path", folder.Write("list.csv", text)), ("source", "source"), ("target", "target"));
        Assert.Equal([new(0, 1, 1f, null), new(1, 0, 2f, null)], Connections(list));
        Assert.Equal(["a", "b"], list.ReadNodeLabels(list.Nodes[0], "label"));
    }

    [Theory]
    [InlineData("list.txt", "source target weight\na b 1\nb a 2\n")]
    [InlineData("list.edges", "  source   target  weight \na  b\t 1\n\n \"b\"   a 2   \r\n")]
    [InlineData("list.txt", "# Directed graph: two nodes, each edge once\n# made 2020\n% of\nsource target weight\na b 1\nb a 2")]
    [InlineData("list.csv", "# two nodes\nsource,target,weight\na,b,1\nb,a,2\n")]
    [InlineData("list.csv", "# two nodes\rsource,target,weight\ra,b,1\rb,a,2\r")]
    public void Comments_before_the_first_row_and_runs_of_blanks_change_no_edge(string name, string text)
    {
        using var folder = new ScratchFolder();
        using var list = Open("edge-list", Recurrent, ("path", folder.Write(name, text)), ("source", "source"), ("target", "target"), ("weight", "weight"));
        Assert.Equal([new(0, 1, 1f, null), new(1, 0, 2f, null)], Connections(list));
        Assert.Equal(["a", "b"], list.ReadNodeLabels(list.Nodes[0], "label"));
    }

    [Fact]
    public void A_comment_above_numbers_is_the_header_where_there_is_one_and_else_none()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("web.txt", "# Directed graph\n# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\n0\t11\n11\t7\n");
        using var bare = Open("edge-list", Recurrent, ("path", path), ("header", false), ("weight", ""), ("nodeCells", "labels"));
        using var named = Open("edge-list", Recurrent, ("path", path), ("source", "FromNodeId"), ("target", "ToNodeId"), ("weight", ""), ("nodeCells", "labels"));
        Assert.Equal([new(0, 1, 1f, null), new(1, 2, 1f, null)], Connections(bare));
        Assert.Equal([new(0, 1, 1f, null), new(1, 2, 1f, null)], Connections(named));
        Assert.Equal(["0", "11", "7"], bare.ReadNodeLabels(bare.Nodes[0], "label"));
    }

    [Theory]
    [InlineData("# made 2020, by hand\nsource,target\na,b\n", true)]
    [InlineData("#source,target\na,b\n", true)]
    [InlineData("#1,2\na,b\n", false)]
    public void A_comment_that_may_be_a_row_is_refused(string text, bool header)
    {
        using var folder = new ScratchFolder();
        var fault = Fault("BM3222", () => Open("edge-list", Recurrent, ("path", folder.Write("list.csv", text)), ("header", header), ("weight", "")));
        Assert.Equal(1, fault.Place.Line);
    }

    [Fact]
    public void Comments_keep_the_numbers_of_lines_and_a_mark_in_a_later_row_is_none()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.txt", "# one\n# two more words here\n\n1 2 0.5\n#1 2 x\n");
        var fault = Fault("BM3223", () => Connections(Open("edge-list", Recurrent, ("path", path), ("header", false))));
        Assert.Equal(5, fault.Place.Line);
    }

    [Fact]
    public void A_table_packed_with_gzip_is_read_and_refused_where_it_was_cut_off()
    {
        using var folder = new ScratchFolder();
        var rows = "source;target;weight\n" + string.Concat(Enumerable.Range(0, 3000).Select(static i => $"{i};{i + 1};{i % 7}\n"));
        using (var packed = new GZipStream(File.Create(folder["list.csv.gz"]), CompressionLevel.Optimal))
        {
            packed.Write(Encoding.UTF8.GetBytes(rows));
        }

        using var list = Open("edge-list", Recurrent, ("path", folder["list.csv.gz"]));
        Assert.Equal(3000, Connections(list).Count);
        var bytes = File.ReadAllBytes(folder["list.csv.gz"]);
        File.WriteAllBytes(folder["cut.csv.gz"], bytes[..(bytes.Length / 2)]);
        var fault = Fault("BM3220", () => Connections(Open("edge-list", Recurrent, ("path", folder["cut.csv.gz"]))));
        Assert.Contains("packed", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_comma_is_no_delimiter()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "1;2;0,5\n2;1;0,7\n");
        Fault("BM3223", () => Connections(Open("edge-list", Recurrent, ("path", path), ("header", false), ("source", "1"), ("target", "2"), ("weight", "3"))));
    }

    [Fact]
    public void A_table_without_a_header_loses_no_edge_to_one()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "0,1,0.5\n1,2,0.7\n");
        Assert.Contains("0, 1, 0.5", Fault("BM3222", () => Open("edge-list", Recurrent, ("path", path), ("nodeCells", "numbers"))).Problem, StringComparison.Ordinal);
        using var list = Open("edge-list", Recurrent, ("path", path), ("nodeCells", "numbers"), ("header", false));
        Assert.Equal(2, Connections(list).Count);
        folder.Write("names.csv", "a,b,0.5\nb,c,0.7\n");
        Assert.Contains("a, b, 0.5", Fault("BM3222", () => Open("edge-list", Recurrent, ("path", folder["names.csv"]))).Problem, StringComparison.Ordinal);
        folder.Write("names.csv", "a,b,3\nb,c,2\n");
        Assert.Contains("a, b, 3", Fault("BM3222", () => Open("edge-list", Recurrent, ("path", folder["names.csv"]))).Problem, StringComparison.Ordinal);
        folder.Write("years.csv", "from,to,2019\nb,c,0.7\n");
        using var named = Open("edge-list", Recurrent, ("path", folder["years.csv"]), ("weight", "2019"));
        Assert.Single(Connections(named));
        folder.Write("nodes.csv", "0\n1\n2\n");
        Fault("BM3222", () => Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", folder["nodes.csv"])));
        folder.Write("nodes.csv", "0,12.5\n1,3\n2,4\n");
        Fault("BM3222", () => Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", folder["nodes.csv"])));
    }

    [Theory]
    [InlineData("edge-list", "s,t,w\na,b,1e300\n", "BM3223")]
    [InlineData("edge-list", "s,t,w\na,,1\n", "BM3226")]
    [InlineData("matrix", "0,1e39\n1,0\n", "BM3223")]
    public void Cells_that_would_become_infinite_or_nameless_are_refused(string type, string text, string id)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("table.csv", text);
        var fault = Fault(id, () =>
        {
            using var opened = Open(type, Recurrent, ("path", path));
            Connections(opened);
        });
        Assert.NotNull(fault.Place.Line);
    }
}
