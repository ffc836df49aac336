using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;

namespace BrainModular.Plugins.Tests.Connectomes;

/// <summary>Whole numbers in a list of edges are the numbers of units, as far as the list says where they begin.</summary>
public sealed class NodeNumberTests
{
    private static readonly ConnectomeRequest Feedforward = new(new CountingStream(1), null, null, Recurrent: false);

    [Theory]
    [InlineData("0,1,2.5\n1,2,3\n2,0,4\n")]
    [InlineData("0,1.0,2.5\n1,2,3\n2.0,0,4\n")]
    public void Whole_numbers_from_0_are_those_of_units(string rows)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "s,t,w\n" + rows);
        foreach (var recurrent in new[] { false, true })
        {
            using var list = Open("edge-list", Feedforward with { Recurrent = recurrent, Sources = 3, Targets = 3 }, ("path", path));
            Assert.Equal([new(0, 1, 2.5f, null), new(1, 2, 3f, null), new(2, 0, 4f, null)], Connections(list));
            Assert.All(list.Nodes, static n => Assert.Equal((3, 0), (n.Count, n.LabelAttributes.Count)));
        }
    }

    [Fact]
    public void Ends_have_as_many_units_as_their_own_numbers_or_the_populations_say()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "s,t,w\n0,7,1\n2,3,1\n");
        using var list = Open("edge-list", Feedforward, ("path", path));
        Assert.Equal([3, 8], list.Nodes.Select(static n => n.Count));
        using var larger = Open("edge-list", Feedforward with { Sources = 5, Targets = 10 }, ("path", path));
        Assert.Equal([5, 10], larger.Nodes.Select(static n => n.Count));
    }

    /// <summary>As MATLAB counts: no number is left out, or the last one is the size of the population.</summary>
    [Theory]
    [InlineData("3,1,2.5\n1,2,3\n2,3,4\n", null)]
    [InlineData("3,1,2.5\n1,2,3\n2,3,4\n", 10)]
    [InlineData("3,1,2.5\n1,1,3\n", 3)]
    public void Numbers_from_1_without_gaps_begin_with_the_first_unit(string rows, int? sources)
    {
        using var folder = new ScratchFolder();
        using var list = Open("edge-list", Feedforward with { Sources = sources }, ("path", folder.Write("list.csv", "s,t,w\n" + rows)));
        Assert.Equal(new(2, 0, 2.5f, null), Connections(list)[0]);
    }

    [Fact]
    public void Numbers_from_1_with_gaps_are_refused_until_it_is_said_where_they_begin()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "s,t,w\n4,1,2.5\n1,2,3\n2,4,4\n");
        var fault = Fault("BM3253", () => Open("edge-list", Feedforward, ("path", path)));
        Assert.Contains("from 1 to 4, with gaps", fault.Problem, StringComparison.Ordinal);
        Assert.All(["\"firstNode\" to 1", "\"numbers\"", "\"labels\""], cure => Assert.Contains(cure, fault.Cure!, StringComparison.Ordinal));
        using var matlab = Open("edge-list", Feedforward, ("path", path), ("firstNode", 1));
        Assert.Equal([new(3, 0, 2.5f, null), new(0, 1, 3f, null), new(1, 3, 4f, null)], Connections(matlab));
        using var numbers = Open("edge-list", Feedforward, ("path", path), ("nodeCells", "numbers"));
        Assert.Equal([new(4, 1, 2.5f, null), new(1, 2, 3f, null), new(2, 4, 4f, null)], Connections(numbers));
        using var labels = Open("edge-list", Feedforward, ("path", path), ("nodeCells", "labels"));
        Assert.Equal([new(0, 0, 2.5f, null), new(1, 1, 3f, null), new(2, 2, 4f, null)], Connections(labels));
    }

    [Theory]
    [InlineData("5813,901\n720575940,5813\n")]
    [InlineData("0,a\n1,0\n")]
    [InlineData("0,-1\n1,0\n")]
    [InlineData("0,1.5\n1,0\n")]
    public void Other_cells_are_names(string rows)
    {
        using var folder = new ScratchFolder();
        using var list = Open("edge-list", Feedforward, ("path", folder.Write("list.csv", "s,t\n" + rows)), ("weight", ""));
        Assert.Equal([new(0, 0, 1f, null), new(1, 1, 1f, null)], Connections(list));
        Assert.Equal(["label"], list.Nodes[0].LabelAttributes);
    }

    [Fact]
    public void Numbers_above_1_are_those_of_units_where_the_populations_have_as_many()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "s,t,w\n4,2,1\n3,4,1\n");
        using var units = Open("edge-list", Feedforward with { Sources = 5, Targets = 5 }, ("path", path));
        Assert.Equal([new(4, 2, 1f, null), new(3, 4, 1f, null)], Connections(units));
        using var names = Open("edge-list", Feedforward with { Sources = 2, Targets = 5 }, ("path", path));
        Assert.Equal([new(0, 0, 1f, null), new(1, 1, 1f, null)], Connections(names));
    }

    [Fact]
    public void Numbers_that_a_table_of_nodes_names_are_names()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.csv", "s,t,w\n0,1,1\n1,2,1\n");
        using var list = Open("edge-list", Feedforward with { Recurrent = true }, ("path", path), ("nodes", folder.Write("nodes.csv", "id\n2\n1\n0\n")));
        Assert.Equal([new(2, 1, 1f, null), new(1, 0, 1f, null)], Connections(list));
        using var shared = Open("edge-list", Feedforward with { Recurrent = true }, ("path", path), ("shared", true));
        Assert.Equal(["1"], shared.ReadNodeLabels(shared.Nodes[0], "label"));
        using var chosen = Open("edge-list", Feedforward, ("path", path), ("targets", "label=2"));
        Assert.Equal([new(1, 0, 1f, null)], Connections(chosen));
    }
}
