using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;

namespace BrainModular.Plugins.Tests.Connectomes;

/// <summary>Columns of a list of edges are those that its header names, wherever they stand.</summary>
public sealed class EdgeColumnTests
{
    private static readonly ConnectomeRequest Recurrent = new(new CountingStream(1), null, null, Recurrent: true);

    [Theory]
    [InlineData("edge_id,source,target,w\n7,a,b,2.5\n8,b,a,3\n", null)]
    [InlineData(",pre,post,weight\n0,a,b,2.5\n1,b,a,3\n", null)]
    [InlineData("weight,to,FROM\n2.5,b,a\n3,a,b\n", null)]
    [InlineData("id,pre_root_id,post_root_id,neuropil,syn_count\n0,a,b,AL,2.5\n1,b,a,AL,3\n", null)]
    [InlineData("source_id,target_id,delay,weight\na,b,1.5,2.5\nb,a,1.5,3\n", 1.5f)]
    [InlineData("kind,tgt,src,strength\na,b,x,2.5\nb,a,y,3\n", null, "source", "1", "target", "2", "weight", "4")]
    [InlineData("neuron,partner,strength\na,b,2.5\nb,a,3\n", null)]
    [InlineData("source,target,strength\na,b,2.5\nb,a,3\n", null)]
    [InlineData("cell,post,weight\na,b,2.5\nb,a,3\n", null, "source", "cell")]
    [InlineData("source,target,weight,delay\na,b,2.5,1\nb,a,3,1\n", null, "delay", "")]
    public void Columns_are_found_by_well_known_names_and_else_by_place(string text, float? delay, params string[] chosen)
    {
        using var folder = new ScratchFolder();
        (string, object)[] settings = [("path", folder.Write("list.csv", text)), .. chosen.Chunk(2).Select(static c => (c[0], (object)c[1]))];
        using var list = Open("edge-list", Recurrent, settings);
        Assert.Equal([new(0, 1, 2.5f, delay), new(1, 0, 3f, delay)], Connections(list));
        Assert.Equal(["a", "b"], list.ReadNodeLabels(list.Nodes[0], "label"));
    }

    [Theory]
    [InlineData("source,cell,weight\na,b,1\n", "'source'", "target")]
    [InlineData("edge,cell,post\na,b,1\n", "'post'", "source")]
    [InlineData("source,pre,target,weight\na,b,c,1\n", "'source' and 'pre'", "source")]
    [InlineData("source,target,weight,w\na,b,1,1\n", "'weight' and 'w'", "weight")]
    [InlineData("edge_id,source,target\n1,a,b\n", "weight", "empty text")]
    public void A_header_that_names_its_columns_in_part_is_refused(string text, string problem, string cure)
    {
        using var folder = new ScratchFolder();
        var fault = Fault("BM3222", () => Open("edge-list", Recurrent, ("path", folder.Write("list.csv", text))));
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Contains(cure, fault.Cure!, StringComparison.Ordinal);
        Assert.Equal(1, fault.Place.Line);
    }

    [Theory]
    [InlineData("source,target,weight\n", "", "no edge")]
    [InlineData("source,target,weight,kind\na,b,1,E\n", "kind=C", "kind=C")]
    public void A_list_without_an_edge_is_refused(string text, string edges, string problem)
    {
        using var folder = new ScratchFolder();
        var fault = Fault("BM3252", () => Open("edge-list", Recurrent, ("path", folder.Write("list.csv", text)), ("edges", edges)));
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }
}
