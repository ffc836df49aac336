using System.Text.Json;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Export.Checking;
using BrainModular.Export.Inference;
using BrainModular.Export.Tests.Consumers;
using BrainModular.Export.Tests.Fixtures;

namespace BrainModular.Export.Tests.Networks;

/// <summary>Programs that know nothing of BrainModular accept the files of networks and run them to the same numbers.</summary>
public sealed class NetworkConsumerTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData("matrix")]
    [InlineData("table")]
    [InlineData("everything")]
    public void The_onnx_package_of_python_accepts_both_files(string name)
    {
        OtherProgram.Require("apt-get install python3-onnx", Python, "-c", "import onnx");
        var result = NetworkExport.Write(Plan(name), folder.Path);

        Assert.Contains("2 files", OtherProgram.Run(Python, "", OtherProgram.Script("check.py"), result.StepFile, result.SequenceFile), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("matrix")]
    [InlineData("table")]
    public void Onnxruntime_in_node_computes_the_same_numbers(string name)
    {
        OtherProgram.Require("install Node.js and run 'npm ci --ignore-scripts'", "node", "-e", "require('onnxruntime-node')");
        var plan = Plan(name);
        var file = NetworkExport.Write(plan, folder.Path).SequenceFile;
        using var network = ExportedModel.Open(file);
        var inputs = network.Complete(NetworkInference.Given(plan.Stimulus, 0, plan.Stimulus.Trials)).Rows;
        using var session = OnnxSession.Open(file);
        var here = session.Run(inputs, session.Outputs);

        var job = JsonSerializer.Serialize(new { model = file, type = "float32", inputs }, Camel);
        var there = JsonSerializer.Deserialize<Dictionary<string, OnnxRow>>(OtherProgram.Run("node", job, OtherProgram.Script("run.mjs")), Camel)!;

        Assert.Contains(here["spikes.cells"].Elements, static value => value == 1);
        Assert.All(here, pair => Assert.Equal(pair.Value.Elements, there[pair.Key].Elements));
    }

    private static NetworkExportPlan Plan(string name) => name switch
    {
        "everything" => Networks.Plan(WrittenNetwork.Everything(new(1)), new("out", "y"), Networks.Spikes(5, 1, 4, seed: 3)),
        _ => Networks.Plan(Networks.Dyadic(name == "table" ? 1024 : 20, name == "table" ? 0.005 : 0.2, 3, seed: 1), new("out", "V"), Networks.Spikes(30, 2, 6, seed: 2)) with { Spikes = ["cells"] },
    };
}
