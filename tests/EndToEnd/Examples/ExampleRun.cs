using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BrainModular.Host.Tests.Reports;

namespace BrainModular.EndToEnd.Examples;

/// <summary>An example, run once for all tests that look at what it leaves.</summary>
public abstract class ExampleRun : IDisposable
{
    private readonly ReportFolder folder = new();
    private readonly string example;

    /// <param name="example">Its folder.</param>
    /// <param name="settings">Keys that are set to other values, as after --set.</param>
    protected ExampleRun(string example, params string[] settings)
    {
        this.example = Path.Combine(RealData.Repository, "examples", example);
        Result = Brain.Run(
            RealData.Repository,
            ["run", Path.Combine("examples", example, "experiment.json"), "--out", Path.Combine(folder.Path, "run"), .. settings.SelectMany(static s => new[] { "--set", s })]);
        Assert.True(Result.Code == 0, Result.Error);
    }

    /// <summary>The ranges of expected.json, by their paths in the summary.</summary>
    public IReadOnlyDictionary<string, (double Low, double High)> Expected
    {
        get
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            return JsonNode.Parse(File.ReadAllText(Path.Combine(example, "expected.json")), documentOptions: options)!.AsObject()
                .ToDictionary(static r => r.Key, static r => ((double)r.Value![0]!, (double)r.Value![1]!));
        }
    }

    internal Outcome Result { get; }

    public string In(string file) => Path.Combine(folder.Path, "run", file);

    public JsonNode Summary => JsonNode.Parse(File.ReadAllText(In("summary.json")))!;

    public void Dispose() => folder.Dispose();

    /// <summary>A number of the summary by its path, such as <c>stages.fit.test.sweeps[0].spikes</c>.</summary>
    public double At(string path) =>
        (double)Regex.Matches(path, @"[^.\[\]]+").Select(m => m.Value).Aggregate(Summary, (node, key) => int.TryParse(key, out var index) ? node[index]! : node[key]!);
}

/// <summary>examples/fit-recording.</summary>
public sealed class FitRecordingRun() : ExampleRun("fit-recording")
{
    public const string Experiment = "examples/fit-recording/experiment.json";
}

/// <summary>examples/evidence-accumulation, shortened as its README says.</summary>
public sealed class EvidenceAccumulationRun() : ExampleRun(
    "evidence-accumulation",
    "stages.train.task.cues=3", "stages.train.task.delay=300 ms", "stages.train.validateEvery=32", "stages.train.validationTrials=128", "stages.train.evaluationTrials=200", "stages.export.trials=32");

/// <summary>examples/multiscale, the README's first command.</summary>
public sealed class MultiscaleRun() : ExampleRun("multiscale")
{
    public const string Experiment = "examples/multiscale/experiment.json";
}
