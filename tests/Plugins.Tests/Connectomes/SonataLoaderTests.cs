using BrainModular.Connectomes;
using BrainModular.Formats.Hdf5;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Connectomes;

public sealed class SonataLoaderTests
{
    private static readonly ConnectomeRequest Recurrent = new(new CountingStream(1), null, null, Recurrent: true);

    /// <summary>Totals are of h5dump's numbers times those of the tables of types and the parameters' signs.</summary>
    [SkippableTheory]
    [InlineData("sonata-spec-examples/300_intfire/config.json", "v1_to_v1", 300, 300, 61560, 11971.2, 2.0)]
    [InlineData("sonata-spec-examples/300_intfire/circuit_config.json", "lgn_to_v1", 90, 300, 17160, 671.4, 2.0)]
    [InlineData("sonata-spec-examples/300_intfire/circuit_config.json", "tw_to_v1", 30, 300, 9000, 540.0, 2.0)]
    [InlineData("sonata-spec-examples/300_pointneurons/circuit_config.json", "internal_to_internal", 300, 300, 27588, 19700.5, 2.0)]
    [InlineData("sonata-spec-examples/300_pointneurons/circuit_config.json", "external_to_internal", 100, 300, 20844, 1104825.0, null)]
    [InlineData("sonata-spec-examples/9_cells/circuit_config.json", "excvirt_to_cortex", 10, 9, 659, 0.22406, 2.0)]
    [InlineData("sonata-spec-examples/9_cells/circuit_config.json", "inhvirt_to_cortex", 10, 9, 630, 0.1638, 2.0)]
    [InlineData("sonata-bmtk-examples/point_iclamp/config.circuit.json", "cortex_to_cortex", 120, 120, 1469, 1258.0, 1.5)]
    [InlineData("sonata-bmtk-examples/point_iclamp/config.circuit.json", "thalamus_to_cortex", 100, 120, 1192, 5006.4, 1.5)]
    public void Circuits_have_the_published_nodes_edges_and_weights(string config, string edges, int sources, int targets, int count, double weight, double? delay)
    {
        // Components of one circuit are no part of the data: where weights carry their own signs, no sign is looked for.
        (string, object)[] factors = config.Contains("point", StringComparison.Ordinal) ? [("factors", "nsyns")] : [];
        using var circuit = Open("sonata", [("path", RealData.Require(config)), ("edges", edges), ("delay", delay is null ? "" : "delay"), .. factors]);
        Assert.Equal([sources, targets], circuit.Nodes.Select(n => n.Count));
        var read = Connections(circuit);
        Assert.Equal(count, read.Count);
        Assert.Equal(weight, read.Sum(e => (double)e.Weight), 1e-5 * weight);
        Assert.All(read, e => Assert.Equal((float?)delay, e.Delay));
    }

    [SkippableFact]
    public void A_recurrent_circuit_is_one_group_and_can_be_divided_by_type()
    {
        var path = RealData.Require("sonata-spec-examples", "300_intfire", "circuit_config.json");
        using var all = Open("sonata", Recurrent, ("path", path), ("edges", "v1_to_v1"));
        Assert.Equal(("v1", 300), (Assert.Single(all.Nodes).Name, all.Nodes[0].Count));
        var type = all.ReadNodeLabels(all.Nodes[0], "ei");
        Assert.Equal((240, 60), (type.Count(t => t == "e"), type.Count(t => t == "i")));
        using var part = Open("sonata", ("path", path), ("edges", "v1_to_v1"), ("sources", "ei=i"), ("targets", "ei=e"));
        Assert.Equal([60, 240], part.Nodes.Select(n => n.Count));
        var edges = Connections(part);
        Assert.Equal(9660, edges.Count);
        Assert.All(edges, e => Assert.True(e.Weight < 0));
    }

    [SkippableFact]
    public void Positions_and_types_of_nodes_are_there()
    {
        using var circuit = Open("sonata", ("path", RealData.Require("sonata-spec-examples", "300_intfire", "circuit_config.json")), ("edges", "lgn_to_v1"));
        var lgn = circuit.Nodes[0];
        Assert.Equal(um, lgn.NumericAttributes["x"]);
        Assert.Equal(13405.36225458814, circuit.ReadNodeAttribute(lgn, "x").Sum(), 1e-9);
        Assert.Equal(["tOFF", "tON", "tONOFF"], circuit.ReadNodeLabels(lgn, "model_name").Distinct().Order());
    }

    [Fact]
    public void Groups_indices_ids_and_types_may_lie_in_any_order()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        using var circuit = Open("sonata", ("path", config));
        Assert.Equal([3, 2], circuit.Nodes.Select(n => n.Count));
        Assert.Equal(
            [new(0, 1, 70f, 1f), new(2, 0, 5f, 2f), new(1, 1, -9f, 2f)],
            Connections(circuit));
        Assert.Equal([0.5, double.NaN, 0.25], circuit.ReadNodeAttribute(circuit.Nodes[0], "tuning"));
        Assert.Equal(["a", "b", "a"], circuit.ReadNodeLabels(circuit.Nodes[0], "model_name"));
        using var bare = Open("sonata", ("path", config), ("weight", ""), ("factors", ""), ("delay", ""));
        Assert.Equal([new(0, 1, 1f, null), new(2, 0, 1f, null), new(1, 1, 1f, null)], Connections(bare));
    }

    [Fact]
    public void What_is_missing_is_named_with_its_cure()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        Assert.Contains("a_to_b", Fault("BM3235", () => Open("sonata", ("path", config), ("edges", "b_to_a"))).Expected, StringComparison.Ordinal);
        Fault("BM3236", () => Open("sonata", ("path", config), ("weight", "conductance")));
        Fault("BM3235", () => Open("sonata", Recurrent, ("path", config)));
        Fault("BM3224", () => Open("sonata", ("path", config), ("sources", "layer=4")));
        File.Delete(folder["inh.json"]);
        Assert.Equal(folder["inh.json"], Fault("BM3001", () => Read(config)).Place.File);
        File.Delete(folder["edge_types.csv"]);
        Assert.Equal(folder["edge_types.csv"], Fault("BM3001", () => Open("sonata", ("path", config))).Place.File);
        folder.Write("edge_types.csv", "edge_type_id delay dynamics_params syn_weight\n7 2 NULL 5\n");
        Fault("BM3231", () => Read(config));
        folder.Write("circuit.json", """{ "networks": { "nodes": [], "edges": [{ "edges_file": "$SOMEWHERE/e.h5" }] } }""");
        Fault("BM3230", () => Open("sonata", ("path", config)));
        folder.Write("circuit.json", "{ \"networks\": ");
        Assert.Equal(1, Fault("BM3230", () => Open("sonata", ("path", config))).Place.Line);
    }

    [Fact]
    public void A_node_that_the_population_lacks_and_a_truncated_file_are_refused()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder, target: -1);
        Assert.Contains("node -1", Fault("BM3215", () => Read(config)).Problem, StringComparison.Ordinal);
        var bytes = File.ReadAllBytes(folder["edges.h5"]);
        File.WriteAllBytes(folder["edges.h5"], bytes[..(bytes.Length / 2)]);
        Fault("BM3005", () => Open("sonata", ("path", config)));
    }

    [Theory]
    [InlineData("BM3014", "../elsewhere.h5", "/edges/a_to_b/0/syn_weight")]
    [InlineData("BM3001", "missing.h5", "/edges/a_to_b/0/syn_weight")]
    [InlineData("BM3001", "missing.h5", "/edges/a_to_b/edge_group_id")]
    [InlineData("BM3001", "missing.h5", "/edges/a_to_b/0/@library/nsyns")]
    public void What_lies_behind_a_link_that_leads_nowhere_is_refused_instead_of_taken_for_absent(string id, string file, string at)
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        using (var edges = Hdf5Writer.Create(folder["edges.h5"]))
        {
            WriteEdges(edges, 1, groups: at != "/edges/a_to_b/edge_group_id");
            edges.ExternalLink(at, file, "/weights");
            edges.Commit();
        }

        Fault(id, () => Read(config));
    }

    [Fact]
    public void A_weight_that_is_the_number_of_a_text_is_refused()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        using (var edges = Hdf5Writer.Create(folder["edges.h5"]))
        {
            WriteEdges(edges, 1);
            edges.Dataset("/edges/a_to_b/0/syn_weight", new long[] { 1, 0 });
            edges.Dataset("/edges/a_to_b/0/@library/syn_weight", new[] { "weak", "strong" });
            edges.Commit();
        }

        Assert.Contains("library", Fault("BM3232", () => Read(config)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_a_library_are_chosen_by()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        WriteNodes(folder, [1, 0]);
        using (var all = Open("sonata", ("path", config)))
        {
            Assert.Equal(["exc", "", "inh"], all.ReadNodeLabels(all.Nodes[0], "synapse_class"));
            Assert.False(all.Nodes[0].NumericAttributes.ContainsKey("synapse_class"));
        }

        using (var part = Open("sonata", ("path", config), ("sources", "synapse_class=inh")))
        {
            Assert.Equal([1, 2], part.Nodes.Select(n => n.Count));
        }

        WriteNodes(folder, [2, 0]);
        Assert.Contains("text 2", Fault("BM3232", () => Open("sonata", ("path", config))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_of_the_configuration_has_its_own_variable()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"$BASE\": \".\"", "\"$BASE\": \"${configdir}\"", StringComparison.Ordinal));
        Assert.Equal(3, Read(config).Count);
    }

    [Fact]
    public void Populations_of_one_name_in_two_files_and_columns_of_one_name_in_a_table_of_types_are_refused()
    {
        using var folder = new ScratchFolder();
        var config = SmallCircuit(folder);
        var text = File.ReadAllText(config);
        File.WriteAllText(config, text.Replace("\"edges\": [", "\"edges\": [{ \"edges_file\": \"copy.h5\" }, ", StringComparison.Ordinal));
        File.Copy(folder["edges.h5"], folder["copy.h5"]);
        Fault("BM3235", () => Open("sonata", ("path", config), ("edges", "a_to_b")));
        Assert.Contains("edges 'a_to_b'", Fault("BM3235", () => Open("sonata", ("path", config))).Problem, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace("\"nodes\": [", "\"nodes\": [{ \"nodes_file\": \"copied.h5\" }, ", StringComparison.Ordinal));
        File.Copy(folder["nodes.h5"], folder["copied.h5"]);
        Assert.Contains("nodes 'a'", Fault("BM3235", () => Open("sonata", ("path", config))).Problem, StringComparison.Ordinal);
        File.WriteAllText(config, text);
        foreach (var twice in (string[])["delay", "edge_type_id"])
        {
            folder.Write("edge_types.csv", $"edge_type_id delay syn_weight {twice}\n7 2 5 3\n8 2 3 4\n");
            Assert.Contains($"'{twice}'", Fault("BM3222", () => Open("sonata", ("path", config))).Problem, StringComparison.Ordinal);
        }
    }

    private static List<Connection> Read(string config)
    {
        using var circuit = Open("sonata", ("path", config));
        return Connections(circuit);
    }

    /// <summary>Three nodes numbered 12, 10, 11 in two groups, two nodes without numbers, three edges in two groups whose rows are turned round.</summary>
    private static string SmallCircuit(ScratchFolder folder, long target = 1)
    {
        WriteNodes(folder, null);
        using (var edges = Hdf5Writer.Create(folder["edges.h5"]))
        {
            WriteEdges(edges, target);
            edges.Commit();
        }

        folder.Write("node_types.csv", "node_type_id model_name\n1 a\n2 b\n");
        folder.Write("edge_types.csv", "edge_type_id delay dynamics_params syn_weight target_query\n7 2.0 NULL 5 \"name=='x y'\"\n8 2.0 inh.json 3 NULL\n");
        folder.Write("inh.json", """{ "sign": -1, "level": "x" }""");
        return folder.Write("circuit.json", """
            {
              "manifest": { "$BASE": ".", "$BASE_DIR": "${BASE}" },
              "components": { "synaptic_models_dir": "$BASE_DIR" },
              "networks": {
                "nodes": [{ "nodes_file": "$BASE_DIR/nodes.h5", "node_types_file": "$BASE/node_types.csv" }],
                "edges": [{ "edges_file": "edges.h5", "edge_types_file": "edge_types.csv" }]
              }
            }
            """);
    }

    private static void WriteNodes(ScratchFolder folder, long[]? classes)
    {
        using var nodes = Hdf5Writer.Create(folder["nodes.h5"]);
        nodes.Dataset("/nodes/a/node_id", new long[] { 12, 10, 11 });
        nodes.Dataset("/nodes/a/node_type_id", new long[] { 1, 2, 1 });
        nodes.Dataset("/nodes/a/node_group_id", new long[] { 0, 1, 0 });
        nodes.Dataset("/nodes/a/node_group_index", new long[] { 1, 0, 0 });
        nodes.Dataset("/nodes/a/0/tuning", new[] { 0.25, 0.5 });
        nodes.Dataset("/nodes/a/1/depth", new[] { 1.0 });
        if (classes is not null)
        {
            nodes.Dataset("/nodes/a/0/synapse_class", classes);
            nodes.Dataset("/nodes/a/0/@library/synapse_class", new[] { "exc", "inh" });
        }

        nodes.Dataset("/nodes/b/node_type_id", new long[] { 1, 1 });
        nodes.Commit();
    }

    private static void WriteEdges(Hdf5Writer edges, long target, bool groups = true)
    {
        edges.Dataset("/edges/a_to_b/source_node_id", new long[] { 12, 11, 10 });
        edges.Attribute("/edges/a_to_b/source_node_id", "node_population", "a");
        edges.Dataset("/edges/a_to_b/target_node_id", new long[] { target, 0, 1 });
        edges.Attribute("/edges/a_to_b/target_node_id", "node_population", "b");
        edges.Dataset("/edges/a_to_b/edge_type_id", new long[] { 7, 7, 8 });
        if (groups)
        {
            edges.Dataset("/edges/a_to_b/edge_group_id", new long[] { 1, 0, 0 });
        }

        edges.Dataset("/edges/a_to_b/edge_group_index", new long[] { 0, 1, 0 });
        edges.Dataset("/edges/a_to_b/0/nsyns", new long[] { 3, 1 });
        edges.Dataset("/edges/a_to_b/1/syn_weight", new[] { 35.0 });
        edges.Dataset("/edges/a_to_b/1/nsyns", new long[] { 2 });
        edges.Dataset("/edges/a_to_b/1/delay", new[] { 1.0 });
    }
}
