using System.Text.Json.Nodes;
using BrainModular.Host.Tests.Reports;

namespace BrainModular.EndToEnd.Examples;

/// <summary>The README's first command, run once for all tests that look at what it leaves.</summary>
public sealed class ExampleRun : IDisposable
{
    public const string Experiment = "examples/fit-recording/experiment.json";

    private readonly ReportFolder folder = new();

    public ExampleRun()
    {
        Result = Brain.Run(RealData.Repository, "run", Experiment, "--out", Path.Combine(folder.Path, "run"));
        Assert.True(Result.Code == 0, Result.Error);
    }

    internal Outcome Result { get; }

    public string In(string file) => Path.Combine(folder.Path, "run", file);

    public JsonNode Summary => JsonNode.Parse(File.ReadAllText(In("summary.json")))!;

    public void Dispose() => folder.Dispose();
}
