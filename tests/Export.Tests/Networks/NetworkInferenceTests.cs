using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Networks;
using BrainModular.Export.Checking;
using BrainModular.Export.Inference;
using BrainModular.Export.Tests.Fixtures;
using BrainModular.Formats.Arrays;

namespace BrainModular.Export.Tests.Networks;

public sealed class NetworkInferenceTests : IDisposable
{
    private const int Steps = 60;
    private static readonly NetworkReadout Out = new("out", "V");
    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Trials_of_a_task_give_the_engines_readout_in_both_files()
    {
        var plan = Networks.Plan(Networks.Dyadic(40, 0.1, 3, seed: 1), Out, Networks.Spikes(5, 1, 6, seed: 2));
        var trials = Networks.Spikes(Steps, 7, 6, seed: 9);
        var result = NetworkExport.Write(plan, folder.Path);
        var program = new NetworkProgram(plan.Network, Precision.Single, new() { Compile = new CompileOptions { Contract = false } });
        trials.Check(plan.Network);
        using var batch = NetworkBatch.Open(program, new(Steps, 7, 1));
        var trace = batch.Record([.. plan.Coordinates], trials, new([new("out", "V", [0, 1])], Lanes: 7)).Traces[0];

        using var sequence = ExportedModel.Open(result.SequenceFile);
        using var one = ExportedModel.Open(result.StepFile);
        var bySequence = NetworkInference.Readout(sequence, trials, Out);

        var engine = from step in Enumerable.Range(0, Steps) from unit in Enumerable.Range(0, 2) from lane in Enumerable.Range(0, 7) select (float)trace[lane][unit][step];
        Assert.Contains(engine, static value => value > 0);
        Assert.Equal(engine, bySequence);
        Assert.Equal(bySequence, NetworkInference.Readout(one, trials, Out));
    }

    [Fact]
    public void A_sequence_in_two_parts_goes_on_where_the_first_ended()
    {
        var result = NetworkExport.Write(Networks.Plan(Networks.Dyadic(40, 0.1, 3, seed: 1), Out, Networks.Spikes(5, 1, 6, seed: 2)), folder.Path);
        var given = NetworkInference.Given(Networks.Spikes(Steps, 2, 6, seed: 9), 0, 2);
        using var model = ExportedModel.Open(result.SequenceFile);
        var whole = model.Run(given, ["readout.out.V"])["readout.out.V"].Elements;

        string[] last = ["state.cells.V.next", "state.out.V.next", "delay.in.next", "delay.cells.spike.next"];
        var first = model.Run(Part(given, 0, 25), ["readout.out.V", .. last]);
        var second = Part(given, 25, Steps);
        foreach (var name in last)
        {
            second[name[..^".next".Length]] = new(first[name]);
        }

        Assert.Equal(whole, first["readout.out.V"].Elements.Concat(model.Run(second, ["readout.out.V"])["readout.out.V"].Elements));
    }

    [Fact]
    public void Time_is_known_to_the_model_and_everything_else_is_asked_for()
    {
        folder.Write(Populations.Everything(), Precision.Double);
        using var model = ExportedModel.Open(folder.SequenceFile);
        using var step = ExportedModel.Open(folder.StepFile);
        var given = model.Inputs.Where(static name => name != "time").ToDictionary(static name => name, static _ => new GivenArray(new NumberArray([4, 1, 2], new double[8])));

        Assert.Equal([0, 0, 0.5, 0.5, 1, 1, 1.5, 1.5], model.Run(given, ["out.cells.clock"])["out.cells.clock"].Elements);
        Assert.Equal([0, 0, 0.5, 0.5, 1, 1, 1.5, 1.5], step.Run(given, ["out.cells.clock"])["out.cells.clock"].Elements);
        Assert.Equal([3, 3, 3, 3, 3, 3, 3, 3], step.Run(given, ["state.cells.kept.next"])["state.cells.kept.next"].Elements);
        Assert.Equal("BM3611", Fault(() => model.Run(new Dictionary<string, GivenArray>(), ["out.cells.clock"])).Id);
        var unknown = Fault(() => model.Run(new Dictionary<string, GivenArray>(given) { ["in.other"] = given.Values.First() }, ["out.cells.clock"]));
        Assert.Contains("in.other", unknown.Problem, StringComparison.Ordinal);
        Assert.Equal("BM3613", Fault(() => model.Run(given, ["v.other"])).Id);
    }

    [Fact]
    public void An_array_of_another_shape_is_refused_with_the_shape_that_was_expected()
    {
        folder.Write(Populations.DyadicLif(), Precision.Single);
        foreach (var file in new[] { folder.StepFile, folder.SequenceFile })
        {
            using var model = ExportedModel.Open(file);
            var fault = Fault(() => model.Run(new Dictionary<string, GivenArray> { ["in.cells"] = new(new([10, 2, 4], new double[80]), new Place("a.npy")) }, ["spikes.cells"]));

            Assert.Equal(("BM3612", "a.npy"), (fault.Id, fault.Place.File));
            Assert.Contains("[10, 2, 4]", fault.Problem, StringComparison.Ordinal);
            Assert.Contains("[10, 2, 3]", fault.Expected, StringComparison.Ordinal);
            Assert.Contains("[time, batch, 3]", Fault(() => model.Run(new Dictionary<string, GivenArray> { ["in.cells"] = new(new([10, 3], new double[30])) }, ["spikes.cells"])).Expected, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_cuda_device_the_processor_computes_the_same_and_the_reason_is_told()
    {
        folder.Write(Populations.DyadicLif(), Precision.Single);
        using var plain = ExportedModel.Open(folder.SequenceFile);
        using var model = ExportedModel.Open(folder.SequenceFile, OnnxProvider.Cuda);
        var given = new Dictionary<string, GivenArray> { ["in.cells"] = new(new([50, 1, 3], [.. Enumerable.Repeat(1.5, 150)])) };

        var spikes = model.Run(given, ["spikes.cells"])["spikes.cells"].Elements;

        Assert.Contains(1, spikes);
        Assert.Equal(plain.Run(given, ["spikes.cells"])["spikes.cells"].Elements, spikes);
        Assert.Null(plain.WithoutCuda);
        Assert.True(model.WithoutCuda is null || model.WithoutCuda.Length > 10, model.WithoutCuda);
    }

    [Fact]
    public void A_model_from_elsewhere_is_refused()
    {
        var model = Export.Onnx.OnnxExport.Step(Populations.DyadicLif(), Precision.Single);
        Formats.Onnx.OnnxFile.Write(model with { Metadata = [] }, folder.StepFile);

        Assert.Equal("BM3610", Fault(() => ExportedModel.Open(folder.StepFile)).Id);
    }

    [Theory]
    [InlineData("format", "1", "2")]
    [InlineData("dt_ms", null, "NaN")]
    [InlineData("dt_ms", null, "-1")]
    [InlineData("state", "\"init\":0", "\"init\":[]")]
    [InlineData("state", "\"init\":0", "\"init\":[0,1]")]
    [InlineData("state", "[\"batch\",3]", "[\"batch\",2147483648]")]
    [InlineData("state", "[\"batch\",3]", "[\"batch\",-3]")]
    [InlineData("state", "\"in\":\"state.cells.V\"", "\"in\":\"state.cells.W\"")]
    public void Metadata_that_does_not_fit_the_model_is_refused(string key, string? from, string to)
    {
        var model = Export.Onnx.OnnxExport.Step(Populations.DyadicLif(), Precision.Single);
        var name = $"brainmodular.{key}";
        var text = model.Metadata.Single(entry => entry.Key == name).Value;
        var changed = from is null ? to : text.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        Formats.Onnx.OnnxFile.Write(model with { Metadata = [.. model.Metadata.Where(entry => entry.Key != name), new(name, changed)] }, folder.StepFile);

        Assert.Equal("BM3610", Fault(() => ExportedModel.Open(folder.StepFile)).Id);
    }

    private static Dictionary<string, GivenArray> Part(Dictionary<string, GivenArray> given, int first, int end) => given.ToDictionary(static pair => pair.Key, pair =>
    {
        var (shape, elements) = (pair.Value.Array.Shape, pair.Value.Array.Elements);
        var width = (int)(shape[1] * shape[2]);
        return new GivenArray(new NumberArray([end - first, shape[1], shape[2]], elements[(first * width)..(end * width)]));
    });

    private static Diagnostic Fault(Action action) => Assert.Throws<DiagnosticException>(action).Diagnostics[0];
}
