using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Composition.Recordings;

namespace BrainModular.Host.Runs;

/// <summary>Runs of several recordings that end early.</summary>
public sealed class RecordingsRunnerTests
{
    [Fact]
    public void A_cancelled_run_whose_table_cannot_be_written_is_a_cancelled_one_all_the_same()
    {
        using var file = new ConfigFile($$"""{ "recordings": "cell.nwb", {{ConfigFile.Minimal.Replace("\"path\": \"cell.nwb\"", "\"sweeps\": { \"train\": \"1\" }", StringComparison.Ordinal).TrimStart()[1..]}}""");
        File.WriteAllText(Path.Combine(file.Folder, "cell.nwb"), "");
        var source = ExperimentSource.Read(file.Path, [], []);
        var folder = RunFolder.Create(Path.Combine(file.Folder, "out"), "out", DateTimeOffset.UnixEpoch);
        folder.Begin(source.Config.Resolved([]), static () => new JsonObject { ["started"] = "2000-01-01T00:00:00Z", ["commandLine"] = new JsonArray("brain") });
        using var cancellation = new CancellationTokenSource();
        using var error = new Watched(() =>
        {
            File.Delete(folder.Report);
            Directory.CreateDirectory(folder.Report);
            cancellation.Cancel();
        });
        using var output = new StringWriter();
        Assert.ThrowsAny<OperationCanceledException>(() => new RecordingsRunner(source, folder, new(error, isTerminal: false)).Run(output, cancellation.Token));
        Assert.Equal($"cell (1 of 1): {Path.Combine(file.Folder, "cell.nwb")}\n", error.ToString());
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.tmp"));
    }

    /// <summary>Lets something happen as soon as a recording's turn has come.</summary>
    private sealed class Watched(Action then) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            then();
        }
    }
}
