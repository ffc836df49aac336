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
