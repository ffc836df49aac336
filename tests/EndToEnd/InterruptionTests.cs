using System.Diagnostics;

namespace BrainModular.EndToEnd;

public sealed class InterruptionTests
{
    private const string LongFit = """
        {
          "stages": {
            "fit": {
              "neuron": { "type": "hodgkin-huxley" },
              "recording": { "path": "cell.nwb" },
              "optimizer": { "type": "adam", "maxIterations": 40 },
              "starts": 4,
            },
          },
        }
        """;

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupted_run_is_valid_and_resumes_to_the_same_bits(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var folder = new ExperimentFolder(LongFit);
        folder.WriteRecording();
        var whole = Brain.Run(folder.Root, "run", "experiment.json", "--out", "whole");
        Assert.True(whole.Code == 0, whole.Error);

        using (var process = Brain.Start(folder.Root, [], "run", "experiment.json", "--out", "cut"))
        {
            WaitForMetrics(folder.In("cut/metrics.jsonl"), process);
            Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
            var cut = Brain.Finish(process);
            Assert.True(cut.Code == 130, $"exit code {cut.Code}: {cut.Error}");
            Assert.DoesNotContain("   at ", cut.Error, StringComparison.Ordinal);
        }

        Assert.Equal("cancelled", (string?)ExperimentFolder.Summary(folder.In("cut"))["status"]);
        var resumed = Brain.Run(folder.Root, "resume", "cut");
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(folder.In("cut"), resumed.LastLine);
        Assert.Equal("completed", (string?)ExperimentFolder.Summary(folder.In("cut"))["status"]);
        Assert.Equal(Results(folder.In("whole")), Results(folder.In("cut")));
        Assert.Contains("complete already", Brain.Run(folder.Root, "resume", "cut").Error, StringComparison.Ordinal);
    }

    private static string Results(string run)
    {
        var fit = ExperimentFolder.Summary(run)["stages"]!["fit"]!;
        return $"{fit["loss"]!.ToJsonString()} {fit["parameters"]!.ToJsonString()} {fit["starts"]!.ToJsonString()} {fit["test"]!.ToJsonString()}";
    }

    private static void WaitForMetrics(string path, Process process)
    {
        var watch = Stopwatch.StartNew();
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            Assert.False(process.HasExited, "the run ended before it was interrupted");
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "the run wrote no metrics");
            Thread.Sleep(2);
        }
    }
}
