using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd;

public sealed class RunTests
{
    [Fact]
    public void The_last_line_on_stdout_is_the_run_folder_and_progress_goes_to_stderr()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Simulation);
        var outcome = Brain.Run(folder.Root, "run", "experiment.json");
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.StartsWith(folder.In(Path.Combine("runs", "experiment")), outcome.LastLine, StringComparison.Ordinal);
        Assert.Contains("simulate: done", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("simulate", outcome.Output.Replace(outcome.LastLine, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("completed", (string?)ExperimentFolder.Summary(outcome.LastLine)["status"]);
    }

    [Fact]
    public void The_run_folder_holds_what_is_needed_to_repeat_the_run()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Simulation);
        var run = Brain.Run(folder.Root, "run", "experiment.json", "--out", "first", "--seed", "7", "--threads", "1").LastLine;
        Assert.Equal(folder.In("first"), run);
        foreach (var name in (string[])["resolved.json", "run.json", "metrics.jsonl", "summary.json", "results.nwb", "report.html"])
        {
            Assert.True(File.Exists(Path.Combine(run, name)), name);
        }

        Assert.Empty(Directory.GetFiles(run, "*.tmp"));
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "run.json")))!;
        Assert.Equal(7, (int?)record["seed"]);
        Assert.Contains(record["plugins"]!.AsArray(), p => (string?)p!["name"] == "BrainModular.Plugins.Neurons" && p["sha256"]!.AsObject().Count > 0);
        Assert.Contains("--seed", record["commandLine"]!.AsArray().Select(a => (string?)a));

        // The resolved configuration alone, from another folder.
        using var elsewhere = new ExperimentFolder(File.ReadAllText(Path.Combine(run, "resolved.json")));
        var again = Brain.Run(elsewhere.Root, "run", "experiment.json", "--out", "again").LastLine;
        Assert.Equal(Without(run, "seconds"), Without(again, "seconds"));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Fit);
        folder.WriteRecording();
        var one = Brain.Run(folder.Root, "run", "experiment.json", "--out", "one", "--threads", "1");
        Assert.True(one.Code == 0, one.Error);
        var three = Brain.Run(folder.Root, "run", "experiment.json", "--out", "three", "--threads", "3");
        Assert.Equal(Without(one.LastLine, "seconds"), Without(three.LastLine, "seconds"));
    }

    [Fact]
    public void An_experiment_is_validated_without_leaving_anything()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Simulation);
        var outcome = Brain.Run(folder.Root, "validate", "experiment.json");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("is valid: simulate", outcome.Output, StringComparison.Ordinal);
        Assert.Equal([folder.Config], Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData("--version", "0.")]
    [InlineData("--help", "run <CONFIG>")]
    public void The_command_explains_itself(string option, string expected)
    {
        var outcome = Brain.Run(Path.GetTempPath(), option);
        Assert.Equal(0, outcome.Code);
        Assert.Contains(expected, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Plugins_and_components_are_listed_and_described()
    {
        Assert.Contains("l-bfgs-b", Brain.Run(Path.GetTempPath(), "plugins").Output, StringComparison.Ordinal);
        var description = Brain.Run(Path.GetTempPath(), "describe", "hodgkin-huxley").Output;
        Assert.Contains("gNa", description, StringComparison.Ordinal);
        Assert.Contains("| `stages` |", Brain.Run(Path.GetTempPath(), "describe", "config").Output, StringComparison.Ordinal);
    }

    // The summary without what differs from run to run.
    private static string Without(string run, string key)
    {
        var summary = ExperimentFolder.Summary(run);
        foreach (var stage in summary["stages"]!.AsObject())
        {
            stage.Value!.AsObject().Remove(key);
        }

        return summary["stages"]!.ToJsonString();
    }
}
