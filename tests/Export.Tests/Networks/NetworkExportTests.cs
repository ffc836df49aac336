using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Export.Checking;
using BrainModular.Export.Tests.Fixtures;
using BrainModular.Formats.Onnx;
using BrainModular.Models;
using BrainModular.Symbolics;
using Xunit.Abstractions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Export.Tests.Networks;

public sealed class NetworkExportTests(ITestOutputHelper log) : IDisposable
{
    private static readonly NetworkReadout Out = new("out", "V");
    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(40, 0.1, 1, "matrix")]
    [InlineData(40, 0.1, 5, "matrix")]
    [InlineData(1024, 0.005, 1, "table")]
    [InlineData(1024, 0.005, 3, "table")]
    public void A_dyadic_network_has_no_spike_difference_and_no_difference_of_a_state(int units, double density, int longestDelay, string form)
    {
        var plan = Networks.Plan(Networks.Dyadic(units, density, longestDelay, seed: 1), Out, Networks.Spikes(120, 3, 6, seed: 2)) with
        {
            Spikes = ["cells"],
            EnginePrecision = Precision.Single,
            Compile = new CompileOptions { Contract = false },
        };

        var result = NetworkExport.Write(plan, folder.Path);

        log.WriteLine($"{result.Check}");
        Assert.InRange(result.Check.Spikes, 100, 120 * 3 * units / 2);
        Assert.Equal(120 * 3, result.Check.CheckedSteps);
        Assert.Equal(0, result.Check.MaxAbsDifference);
        Assert.Equal(0, result.Check.MaxRelativeDifference);
        Assert.Equal(0, result.Check.SpikeDifferences);
        Assert.Equal(0, result.Check.SequenceMaxAbsDifference);
        Assert.Equal(0, result.Check.SequenceSpikeDifferences);
        Assert.Contains($"\"form\":\"{form}\"", OnnxFile.Read(result.StepFile).FindMetadata("brainmodular.projections")!.Split("\"cells.cells\"")[1].Split('}')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Conductances_plasticity_gap_junctions_and_delays_agree_with_the_engine()
    {
        var all = Networks.Plan(WrittenNetwork.Everything(new(1)), new("out", "y"), Networks.Spikes(300, 4, 4, seed: 3));
        var plan = all with { Spikes = ["E", "I"], Coordinates = [.. all.Coordinates.Select(static w => w / 8)] };

        var single = NetworkExport.Write(plan, folder.Path).Check;
        var exact = NetworkExport.Write(plan with { FilePrecision = Precision.Double }, folder.Path).Check;

        log.WriteLine($"{single}\n{exact}");
        Assert.InRange(single.Spikes, 100, 300 * 4 * 8 / 2);
        Assert.Null(single.Fault("m.onnx"));
        Assert.InRange(single.MaxRelativeDifference, 1e-9, 1e-5);
        Assert.InRange(exact.MaxRelativeDifference, 0, 1e-12);
        Assert.Equal(0, exact.SpikeDifferences);
        Assert.Equal(0, exact.SequenceSpikeDifferences);
        Assert.InRange(exact.SequenceMaxAbsDifference, 0, 1e-9);
    }

    [Theory]
    [InlineData(Precision.Single, 1e-5)]
    [InlineData(Precision.Double, 1e-12)]
    public void Tables_deliver_releases_and_potentials_as_well_as_spikes(Precision precision, double tolerance)
    {
        var plan = Networks.Plan(Networks.SparseReleases(1000, 5), new("out", "y"), Networks.Spikes(60, 2, 6, seed: 3)) with { FilePrecision = precision, Spikes = ["E"] };

        var result = NetworkExport.Write(plan, folder.Path);

        log.WriteLine($"{result.Check}");
        Assert.InRange(result.Check.Spikes, 1000, 60 * 2 * 1000 / 2);
        Assert.Equal(result.Check.MarginalSpikeDifferences, result.Check.SpikeDifferences);
        Assert.InRange(result.Check.MaxRelativeDifference, 0, tolerance);
        Assert.Equal(2, OnnxFile.Read(result.StepFile).Graph.Nodes.Count(static node => node.OpType == "ScatterElements"));
    }

    [Theory]
    [InlineData(Precision.Single, 1e-5)]
    [InlineData(Precision.Double, 1e-12)]
    public void Jumps_of_the_potential_agree_by_matrices_and_by_tables(Precision precision, double tolerance)
    {
        var small = Networks.Plan(DisplacedNetwork.Of(new(1)), new("out", "y"), Networks.Spikes(200, 3, 4, seed: 3)) with { FilePrecision = precision, Spikes = ["E", "I"] };
        var large = Networks.Plan(Networks.SparseJumps(1000, 5), new("out", "y"), Networks.Spikes(100, 2, 6, seed: 3)) with { FilePrecision = precision, Spikes = ["E"] };

        foreach (var (plan, tables) in new[] { (small, 0), (large, 1) })
        {
            var result = NetworkExport.Write(plan, folder.Path);

            log.WriteLine($"{result.Check}");
            Assert.True(result.Check.Spikes > 200);
            Assert.Null(result.Check.Fault(result.StepFile));
            Assert.Equal(result.Check.MarginalSpikeDifferences, result.Check.SpikeDifferences);
            Assert.InRange(result.Check.MaxRelativeDifference, 0, tolerance);
            Assert.Equal(tables, OnnxFile.Read(result.StepFile).Graph.Nodes.Count(static node => node.OpType == "ScatterElements"));
        }
    }

    [Fact]
    public void Busy_populations_are_multiplied_by_a_matrix()
    {
        var network = Networks.Dyadic(1024, 0.02, 1, seed: 1);
        var silent = Networks.Plan(network, Out, Networks.Spikes(20, 1, 6, seed: 2, probability: 0));
        var busy = silent with { Network = network with { Projections = [.. network.Projections.Select(static p => p.Name == "in.cells" ? p with { WeightUnit = 100 } : p)] }, Stimulus = Networks.Spikes(20, 1, 6, seed: 2, probability: 1) };

        Assert.Equal(1, OnnxFile.Read(NetworkExport.Write(silent, folder.Path).StepFile).Graph.Nodes.Count(static node => node.OpType == "ScatterElements"));
        var result = NetworkExport.Write(busy, folder.Path);
        Assert.True(result.Check.Spikes > 20 * 1024 / 2);
        Assert.DoesNotContain("ScatterElements", OnnxFile.Read(result.StepFile).Graph.Nodes.Select(static node => node.OpType));
    }

    [Fact]
    public void A_network_without_inputs_is_driven_by_the_time()
    {
        var plan = Networks.Plan(Networks.Driven(), new("out", "y"), new(40, 1, new Dictionary<string, float[]>())) with { Spikes = ["clock"] };

        var result = NetworkExport.Write(plan, folder.Path);

        Assert.InRange(result.Check.Spikes, 3, 60);
        Assert.Null(result.Check.Fault(result.StepFile));
        Assert.Equal(0, result.Check.SequenceSpikeDifferences);
        Assert.Contains("time", OnnxFile.Read(result.SequenceFile).Graph.Inputs.Select(static input => input.Name));
    }

    [Fact]
    public void What_arrives_from_an_input_at_once_is_multiplied_for_all_steps_before_they_run()
    {
        var file = NetworkExport.Write(Networks.Plan(WrittenNetwork.Everything(new(1)), new("out", "y"), Networks.Spikes(5, 1, 4, seed: 3)), folder.Path).SequenceFile;

        var nodes = OnnxFile.Read(file).Graph.Nodes;
        Assert.Equal(["MatMul", "Scan"], nodes.Select(node => node.OpType));
        Assert.Contains("drive.in.E", nodes[1].Inputs);
        Assert.DoesNotContain("in.in", nodes[1].Inputs);
    }

    [Fact]
    public void Trained_coordinates_are_in_the_file()
    {
        var plan = Networks.Plan(Networks.Dyadic(40, 0.1, 1, seed: 1), Out, Networks.Spikes(5, 2, 6, seed: 2));
        var trained = plan with { Coordinates = [.. plan.Coordinates.Select(static w => w / 2)] };

        var tensors = OnnxFile.Read(NetworkExport.Write(trained, folder.Path).StepFile).Graph.Initializers.ToDictionary(static tensor => tensor.Name);

        Assert.Equal([6, 40], tensors["weight.in.cells"].Dims);
        Assert.Equal(plan.Coordinates.Select(static w => (float)(w / 2)), tensors["weight.in.cells"].Elements<float>().ToArray());
        Assert.Equal(plan.Network.Projections[1].Weights, tensors["weight.in.cells.late"].Elements<float>().ToArray());
    }

    [Fact]
    public void Files_with_one_other_weight_are_found_out()
    {
        var plan = Networks.Plan(Networks.Dyadic(40, 0.1, 1, seed: 1), Out, Networks.Spikes(50, 2, 6, seed: 2)) with { Spikes = ["cells"] };
        var other = NetworkExport.Write(plan with { Coordinates = [.. plan.Coordinates.Select(static (w, i) => i == 7 ? w + 0.25 : w)] }, folder.Path);

        var check = NetworkCheck.Run(NetworkReference.Run(plan, long.MaxValue, default), other.StepFile, other.SequenceFile, default);

        Assert.Null(other.Check.Fault(other.StepFile));
        Assert.InRange(check.MaxRelativeDifference, 1e-4, 1);
        Assert.Equal("BM5502", check.Fault(other.StepFile)!.Id);
        Assert.True(check.SpikeDifferences > 0);
        Assert.True(check.SequenceSpikeDifferences > 0);
        Assert.True(check.SequenceMaxAbsDifference > 0);
    }

    [Fact]
    public void Graded_outputs_before_the_start_are_those_of_the_initial_states()
    {
        var result = NetworkExport.Write(Networks.Plan(WrittenNetwork.Everything(new(1)), new("out", "y"), Networks.Spikes(5, 1, 4, seed: 3)), folder.Path);

        var state = JsonNode.Parse(OnnxFile.Read(result.SequenceFile).FindMetadata("brainmodular.state")!)!.AsArray().ToDictionary(static s => (string)s!["in"]!, static s => s!);
        Assert.Equal(-62, (double)state["delay.E.V"]["init"]!);
        Assert.Equal("mV", (string)state["delay.E.V"]["unit"]!);
        Assert.Equal(0, (double)state["delay.E.dyn.release.sent"]["init"]!);
        Assert.Equal("""["batch",4,5]""", state["delay.E.dyn.release.sent"]["shape"]!.ToJsonString());
    }

    [Fact]
    public void Noise_is_refused()
    {
        var noisy = new WrittenModel(scope =>
        {
            var arriving = scope.Port("in", PortKind.Event, Unit.One, Unit.One, "");
            var v = scope.State("V", 0, Unit.One, "");
            v.Rate = -v / (8 * ms);
            v.Next = v.Stepped + arriving.Sum + scope.Normal("membrane");
        });
        var network = Networks.Dyadic(40, 0.1, 1, seed: 1);

        Refused("BM2701", network with { Populations = [network.Populations[0], WrittenNetwork.Population("out", 2, noisy)] }, Out, Networks.Spikes(5, 1, 6, seed: 1));
    }

    [Fact]
    public void A_readout_that_is_not_there_and_a_stimulus_of_another_size_are_refused()
    {
        var network = Networks.Dyadic(40, 0.1, 1, seed: 1);

        Refused("BM2702", network, new("out", "y"), Networks.Spikes(5, 1, 6, seed: 1));
        Refused("BM2703", network, Out, Networks.Spikes(5, 1, 5, seed: 1));
        Refused("BM2703", network, Out, new(5, 1, new Dictionary<string, float[]>()));
    }

    private void Refused(string id, NetworkDefinition network, NetworkReadout readout, NetworkStimulus stimulus)
    {
        var fault = Assert.Throws<DiagnosticException>(() => NetworkExport.Write(Networks.Plan(network, readout, stimulus), folder.Path));
        Assert.Equal(id, fault.Diagnostics[0].Id);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
