using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Connectomes;

/// <summary>Published connectomes: nodes, edges and total weights, counted by other means (Python's csv, zipfile, h5dump).</summary>
public sealed class RealConnectomeTests
{
    private static readonly ConnectomeRequest Recurrent = new(new CountingStream(1), null, null, Recurrent: true);

    [SkippableTheory]
    [InlineData("chem", false, 300, 454, 4879, 28113)]
    [InlineData("elec", false, 469, 469, 2883, 23313)]
    public void Worm_of_Cook_2019_from_rows_to_columns(string kind, bool shared, int sources, int targets, int edges, double weight)
    {
        using var worm = Open("matrix", ("path", Cook($"c_elegans/herm_{kind}_adj.csv")), ("labels", "both"), ("shared", shared));
        AssertCounts(worm, sources, targets, edges, weight);
    }

    [SkippableFact]
    public void Worm_of_Cook_2019_among_neurons()
    {
        using var worm = Open("matrix", Recurrent, ("path", Cook("c_elegans/herm_chem_adj.csv")), ("labels", "both"), ("shared", true));
        AssertCounts(worm, 300, 300, 3707, 20905);
        using var all = Open("matrix", Recurrent, ("path", Cook("c_elegans/herm_chem_adj.csv")), ("labels", "both"));
        AssertCounts(all, 454, 454, 4879, 28113);
        var names = worm.ReadNodeLabels(worm.Nodes[0], "label").ToList();
        Assert.Equal("I1L", names[0]);
        Assert.Equal(2, Weight(worm, names.IndexOf("AVAL"), names.IndexOf("AVBL")));
        Assert.Equal(3, Weight(worm, names.IndexOf("ADAL"), names.IndexOf("AVAL")));
    }

    [SkippableFact]
    public void Worm_of_Cook_2019_as_a_list_with_a_table_of_nodes()
    {
        var path = Cook("processed_split/herm_chem_edgelist.csv");
        using var bare = Open("edge-list", Recurrent, ("path", path), ("header", false));
        AssertCounts(bare, 286, 286, 2838, 17820);
        using var split = Open("edge-list", ("path", path), ("header", false));
        AssertCounts(split, 196, 283, 2838, 17820);
        using var left = Open("edge-list", Recurrent, ("path", path), ("header", false), ("nodes", Cook("processed_split/herm_chem_nodes.csv")), ("sources", "hemisphere=L"));
        AssertCounts(left, 143, 143, 821, 5166);
        Assert.All(left.ReadNodeLabels(left.Nodes[0], "hemisphere"), side => Assert.Equal("L", side));
        Assert.Equal(["label", "pair", "hemisphere"], left.Nodes[0].LabelAttributes);
    }

    [SkippableTheory]
    [InlineData("strucMatrix_ctx.csv", 68, 68, 1394, 10322.755336937205)]
    [InlineData("strucMatrix_ctx_schaefer_100.csv", 100, 100, 2216, 15802.26608)]
    [InlineData("strucMatrix_sctx.csv", 14, 68, 417, 2736.017594433822)]
    [InlineData("strucMatrix_with_sctx.csv", 82, 82, 2380, 16824.40126)]
    [InlineData("strucMatrix_with_sctx_schaefer_100.csv", 114, 114, 3372, 23107.68676)]
    [InlineData("funcMatrix_ctx.csv", 68, 68, 4538, 1421.4801867950214)]
    public void Human_cortex_of_the_ENIGMA_toolbox(string file, int rows, int columns, int edges, double weight)
    {
        var path = RealData.Require("connectome-human-enigma", "hcp_connectivity", file);
        using var brain = Open("matrix", ("path", path));
        AssertCounts(brain, rows, columns, edges, weight);
        using var turned = Open("matrix", ("path", path), ("orientation", "rows-are-targets"));
        AssertCounts(turned, columns, rows, edges, weight);
        Assert.Equal(Connections(brain).Select(e => (e.Target, e.Source, e.Weight)), Connections(turned).Select(e => (e.Source, e.Target, e.Weight)));
    }

    [SkippableFact]
    public void Labels_of_a_file_of_their_own_name_the_regions()
    {
        using var brain = Open(
            "matrix", Recurrent, ("path", RealData.Require("connectome-human-enigma", "hcp_connectivity", "strucMatrix_ctx.csv")), ("labelFile", RealData.Require("connectome-human-enigma", "hcp_connectivity", "strucLabels_ctx.csv")),
            ("sources", "label!=L_bankssts"));
        Assert.Equal((67, "L_caudalanteriorcingulate"), (brain.Nodes[0].Count, brain.ReadNodeLabels(brain.Nodes[0], "label")[0]));
    }

    [SkippableFact]
    public void Human_brain_of_the_Toronto_pipeline_named_by_its_first_row()
    {
        using var brain = Open(
            "matrix", Recurrent, ("path", RealData.Require("connectome-tvb", "dti_pipeline_toronto", "output_ConnectionDistanceMatrix.csv")), ("labels", "first-row"));
        Assert.Equal((96, "132"), (brain.Nodes[0].Count, brain.ReadNodeLabels(brain.Nodes[0], "label")[0]));
    }

    /// <summary>The numbers of labelled neurons, in four files of one column each, pasted to a list: 91 areas to 40 injected ones.</summary>
    [SkippableFact]
    public void Macaque_of_Froudist_Walsh_2021()
    {
        string[] Column(string name) => File.ReadAllLines(RealData.Require("connectome-macaque-froudistwalsh2021", "raw_data", name));
        using var folder = new ScratchFolder();
        var path = folder.Write("macaque.tsv", string.Join('\n', Column("source.txt").Zip(Column("inj_site.txt"), Column("supragranular.txt"))
            .Select(row => $"{row.First.Trim()}\t{row.Second.Trim()}\t{row.Third.Trim()}").Prepend("source\tinjected\tneurons")));
        using var brain = Open("edge-list", ("path", path), ("target", "injected"), ("weight", "neurons"));
        AssertCounts(brain, 91, 40, 4550, 6309300);
    }

    [SkippableTheory]
    [InlineData("connectivity/connectivity_66.zip", 66, 1377, 65.55461545890057, 113373.09109071852, "rBSTS", 85.82188210)]
    [InlineData("connectivity/connectivity_76.zip", 76, 1560, 2988.8456621165, 88936.9305556, "rA1", -9.885591)]
    [InlineData("connectivity/connectivity_80.zip", 80, 3290, 8109, 228389.1055258, "RM-TCpol_R", 33.079347)]
    [InlineData("connectivity/connectivity_96.zip", 96, 3939, 9642, 262703.4501811, "RM-TCpol_R", 33.079347)]
    [InlineData("connectivity/paupau.zip", 4, 9, 19, 186.744513, "lA1", -37.354771)]
    [InlineData("macaque/connectivity_84.zip", 84, 3312, 98.73572142958, 128995.1854426, "TCpol_R", 20.6)]
    [InlineData("mouse/allen_2mm/ConnectivityAllen2mm.zip", 98, 9590, 224.46497960189137, 501721.14844858914, "Right_Primary_motor_area", 44.127340824)]
    public void Connectivities_of_The_Virtual_Brain(string file, int regions, int edges, double weight, double length, string first, double x)
    {
        using var brain = Open("tvb", Recurrent, ("path", RealData.Require("connectome-tvb", file)), ("speed", 2000 * um / ms));
        AssertCounts(brain, regions, regions, edges, weight);
        Assert.Equal((ms, first), (brain.Edges[0].Delay, brain.ReadNodeLabels(brain.Nodes[0], "label")[0]));
        Assert.Equal(1000 * x, brain.ReadNodeAttribute(brain.Nodes[0], "x")[0], 1e-9);

        // Lengths are in mm, and 2 m/s are 2 mm/ms.
        Assert.Equal(length / 2, Connections(brain).Sum(e => (double)e.Delay!.Value), 1e-6 * length);
    }

    [SkippableFact]
    public void A_connectivity_in_hdf5_is_read_as_one_in_a_zip_is()
    {
        using var brain = Open("tvb", Recurrent, ("path", RealData.Require("connectome-tvb", "h5", "Connectivity_74.h5")), ("speed", 2000 * um / ms));
        AssertCounts(brain, 74, 74, 1560, 2988.8456621165);
        Assert.Equal("lA1", brain.ReadNodeLabels(brain.Nodes[0], "label")[0]);
        Assert.Equal(35_935.955, brain.ReadNodeAttribute(brain.Nodes[0], "x")[0], 1e-6);
        Assert.Equal(37, brain.ReadNodeAttribute(brain.Nodes[0], "hemisphere").Sum());
        Assert.Equal(88936.9305556 / 2, Connections(brain).Sum(e => (double)e.Delay!.Value), 0.1);
    }

    [SkippableTheory]
    [InlineData("C", 2194, 5043)]
    [InlineData("E", 1031, 1777)]
    public void Synapses_of_the_worm_in_a_database(string kind, int edges, double weight)
    {
        var path = RealData.Require("connectome-celegans-varshney", "celegans_herm", "celegans_herm.db");
        (string, object)[] settings =
            [("path", path), ("table", "synapses"), ("source", "from_id"), ("target", "to_id"), ("weight", "count"), ("edges", $"synapse_type={kind}"), ("nodes", path), ("nodesTable", "cells")];
        using var worm = Open("edge-list", Recurrent, settings);
        AssertCounts(worm, 279, 279, edges, weight);
        Assert.Equal("ADAL", worm.ReadNodeLabels(worm.Nodes[0], "cell_name")[0]);
        Assert.Equal(0.21, worm.ReadNodeAttribute(worm.Nodes[0], "soma_pos")[0]);

        using var sensory = Open("edge-list", Recurrent, [.. settings, ("sources", "role=S")]);
        Assert.Equal(98, sensory.Nodes[0].Count);
    }

    [SkippableTheory]
    [InlineData("W_ipsi", 16954, 1832.4538551650714)]
    [InlineData("W_contra", 15868, 690.1837137868741)]
    public void Projections_between_regions_of_the_mouse_in_a_workbook(string sheet, int edges, double weight)
    {
        var path = RealData.Require("connectome-mouse-oh2014", "Data", "Suppl_Table_3_nature13186-s4.xlsx");
        using var mouse = Open("matrix", Recurrent, ("path", path), ("table", sheet), ("labels", "both"));
        AssertCounts(mouse, 213, 213, edges, weight);
        Assert.Equal(["AAA", "ACAd", "ACAv"], mouse.ReadNodeLabels(mouse.Nodes[0], "label")[..3]);
        Assert.Equal("BM3246", Fault("BM3246", () => Open("matrix", Recurrent, ("path", path), ("labels", "both"))).Id);
    }

    [SkippableTheory]
    [InlineData("internal_to_internal", 300, 27588, 19700.5)]
    [InlineData("external_to_internal", 100, 20844, 1104825)]
    public void A_circuit_of_point_neurons(string edges, int sources, int count, double weight)
    {
        using var circuit = Open(
            "sonata", new ConnectomeRequest(new CountingStream(1), null, null, sources == 300), ("path", RealData.Require("sonata-spec-examples", "300_pointneurons", "circuit_config.json")), ("edges", edges), ("delay", sources == 300 ? "delay" : ""));
        AssertCounts(circuit, sources, 300, count, weight);
    }

    [SkippableFact]
    public void Regions_of_The_Virtual_Brain_are_chosen_by_what_the_archive_says_of_them()
    {
        var path = RealData.Require("connectome-tvb", "connectivity", "connectivity_96.zip");
        using var all = Open("tvb", Recurrent, ("path", path), ("delays", false));
        var cortical = all.ReadNodeAttribute(all.Nodes[0], "cortical");
        var places = Enumerable.Range(0, 96).Where(i => cortical[i] == 1).ToList();
        using var cortex = Open("tvb", Recurrent, ("path", path), ("delays", false), ("sources", "cortical=1"));
        Assert.InRange(places.Count, 1, 95);
        Assert.Equal(places.Count, cortex.Nodes[0].Count);
        var expected = Connections(all).Where(e => cortical[e.Source] == 1 && cortical[e.Target] == 1)
            .Select(e => (places.IndexOf(e.Source), places.IndexOf(e.Target), e.Weight));
        Assert.Equal(expected, Connections(cortex).Select(e => (e.Source, e.Target, e.Weight)));
        Assert.True(all.Nodes[0].NumericAttributes.ContainsKey("area"));
    }

    private static void AssertCounts(IConnectome connectome, int sources, int targets, int edges, double weight)
    {
        var group = connectome.Edges[0];
        Assert.Equal((sources, targets), (connectome.Nodes.Single(n => n.Name == group.Source).Count, connectome.Nodes.Single(n => n.Name == group.Target).Count));
        var read = Connections(connectome);
        Assert.Equal(edges, read.Count);
        Assert.Equal(weight, read.Sum(e => (double)e.Weight), 1e-6 * Math.Abs(weight));
        Assert.Equal(read, Connections(connectome));
    }

    private static float Weight(IConnectome connectome, int source, int target) => Connections(connectome).Single(e => e.Source == source && e.Target == target).Weight;

    private static string Cook(string file) => RealData.Require("connectome-celegans-cook2019", file);
}
