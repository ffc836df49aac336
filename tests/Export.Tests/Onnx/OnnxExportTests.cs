using System.Text.Json.Nodes;
using BrainModular.Engine.Ir;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Export.Tests.Fixtures;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Tests.Onnx;

public sealed class OnnxExportTests : IDisposable
{
    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_step_model_shows_states_inputs_outputs_and_parameters_under_the_agreed_names()
    {
        var model = OnnxExport.Step(Populations.DyadicLif(), Precision.Single);

        Assert.Equal(["state.cells.V", "state.cells.refractory.age", "in.cells"], model.Graph.Inputs.Select(info => info.Name));
        Assert.Equal(["state.cells.V.next", "state.cells.refractory.age.next", "spikes.cells", "out.cells.drive"], model.Graph.Outputs.Select(info => info.Name));
        Assert.All(model.Graph.Inputs, info => Assert.Equal(["batch", "3"], info.Shape!.Select(dimension => dimension.ToString())));
        Assert.Equal("mV", model.Graph.Inputs[0].Doc);
        Assert.Equal("nA", model.Graph.Inputs[2].Doc);
        Assert.Empty(model.Graph.Initializers);
        var call = Assert.Single(model.Graph.Nodes);
        Assert.Equal(("brainmodular.neuron", "dyadic-lif"), (call.Domain, call.OpType));
        Assert.Equivalent(new OnnxAttribute[] { new OnnxAttribute.Float("leak", 0.125f), new OnnxAttribute.Float("R", 1.5f) }, call.Attributes, strict: true);
        Assert.Equal([new OnnxOpset("", 17), new OnnxOpset("brainmodular.neuron", 1)], model.Opsets);
        Assert.Equal(8, model.IrVersion);
    }

    [Fact]
    public void The_sequence_model_has_time_first_and_gives_the_membrane_potential_by_step()
    {
        var graph = OnnxExport.Sequence(Populations.DyadicLif(), Precision.Single).Graph;

        Assert.Equal("time,batch,3", string.Join(',', graph.Inputs.Single(info => info.Name == "in.cells").Shape!));
        Assert.Equal("batch,3", string.Join(',', graph.Inputs.Single(info => info.Name == "state.cells.V").Shape!));
        Assert.Equal("time,batch,3", string.Join(',', graph.Outputs.Single(info => info.Name == "v.cells").Shape!));
        Assert.Equal("time,batch,3", string.Join(',', graph.Outputs.Single(info => info.Name == "spikes.cells").Shape!));
        Assert.Equal("Scan", Assert.Single(graph.Nodes).OpType);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("seq")]
    public void The_metadata_is_enough_to_run_the_file(string mode)
    {
        var source = Populations.DyadicLif();
        var model = mode == "step" ? OnnxExport.Step(source, Precision.Single) : OnnxExport.Sequence(source, Precision.Single);

        Assert.Equal("1", model.FindMetadata("brainmodular.format"));
        Assert.Equal(mode, model.FindMetadata("brainmodular.mode"));
        Assert.Equal("0.125", model.FindMetadata("brainmodular.dt_ms"));
        Assert.Equal("7", model.FindMetadata("brainmodular.seed"));
        var state = JsonNode.Parse(model.FindMetadata("brainmodular.state")!)![0]!;
        Assert.Equal("""{"in":"state.cells.V","out":"state.cells.V.next","shape":["batch",3],"init":0,"unit":"mV"}""", state.ToJsonString());
        Assert.Equal("nA", JsonNode.Parse(model.FindMetadata("brainmodular.units")!)!["in.cells"]!.GetValue<string>());
        Assert.Equal(1.5, JsonNode.Parse(model.FindMetadata("brainmodular.parameters")!)!["R"]!["value"]!.GetValue<double>());
        Assert.Equal("dyadic-lif", JsonNode.Parse(model.FindMetadata("brainmodular.neurons")!)!["cells"]!.GetValue<string>());
    }

    [Fact]
    public void Parameters_that_differ_by_unit_and_float64_parameters_are_inputs_of_the_function()
    {
        var byUnit = OnnxExport.Step(Populations.DyadicLif(resistance: [1, 1.25, 1.5]), Precision.Single);
        var inDouble = OnnxExport.Step(Populations.DyadicLif(), Precision.Double);

        var tensor = Assert.Single(byUnit.Graph.Initializers);
        Assert.Equal("param.cells.R", tensor.Name);
        Assert.Equal([1f, 1.25f, 1.5f], tensor.Elements<float>().ToArray());
        Assert.Equal(["param.cells.leak", "param.cells.R"], inDouble.Graph.Initializers.Select(initializer => initializer.Name));
        Assert.Empty(inDouble.Graph.Nodes[0].Attributes);
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Time_noise_weights_states_that_stay_and_outputs_of_parameters_alone_are_exported(Precision precision)
    {
        var model = Populations.Everything();
        folder.Write(model, precision);
        using var session = OnnxSession.Open(folder.StepFile);

        var results = session.Run(new Dictionary<string, OnnxRow>
        {
            ["state.cells.V"] = new([2, 2], [2, 4, 6, 8]),
            ["state.cells.kept"] = new([2, 2], [1, 2, 3, 4]),
            ["in.cells.I"] = new([2, 2], [10, 20, 30, 40]),
            ["in.cells.I.weight"] = new([2, 2], [1, 1, 2, 2]),
            ["noise.cells.normal.membrane"] = new([2, 2], [100, 200, 300, 400]),
            ["time"] = new([2, 1], [0.25, 0.5]),
        }, session.Outputs);

        Assert.Equal([111.25, 222.25, 633.5, 844.5], results["state.cells.V.next"].Elements);
        Assert.Equal(results["state.cells.V.next"].Elements, results["out.cells.same"].Elements);
        Assert.Equal([1, 2, 3, 4], results["state.cells.kept.next"].Elements);
        Assert.Equal([2.25, 2.25, 2.25, 2.25], results["out.cells.gain2"].Elements);
        Assert.Equal([1, 1, 1, 1], results["out.cells.one"].Elements);
        Assert.Equal([0.5, 0.5, 1, 1], results["out.cells.clock"].Elements);
        Assert.All(results.Values, row => Assert.Equal([2L, 2L], row.Shape));
    }

    [Fact]
    public void A_parameter_without_a_value_is_named()
    {
        var model = Populations.DyadicLif() with { Parameters = new Dictionary<string, double[]> { ["leak"] = [0.1] } };

        Assert.Contains("the parameter R", Assert.Throws<ArgumentException>(() => OnnxExport.Step(model, Precision.Single)).Message, StringComparison.Ordinal);
    }
}
