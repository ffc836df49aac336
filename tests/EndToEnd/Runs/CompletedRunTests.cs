using System.Text.Json.Nodes;
using BrainModular.Formats.Nwb;
using BrainModular.Formats.Onnx;

namespace BrainModular.EndToEnd.Runs;

/// <summary>What a run leaves: every file of the run folder, whole and in agreement with the others.</summary>
public sealed class CompletedRunTests(CompletedRun run) : IClassFixture<CompletedRun>
{
    [Fact]
    public void The_last_line_on_stdout_is_the_run_folder_and_progress_goes_to_stderr()
    {
        Assert.Equal(run.Folder + "\n", run.Outcome.Output);
        Assert.All((string[])["fit: iteration 1, ", "\nfit: done in ", "\nsimulate: done in ", "\nexport: done in "],
            line => Assert.Contains(line, run.Outcome.Error, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', run.Outcome.Error);
    }

    [Fact]
    public void The_folder_holds_every_file_and_none_half_written() => Assert.Equal(
        ["checkpoints/fit", "metrics.jsonl", "model.seq.onnx", "model.step.onnx", "report.html", "resolved.json", "results.nwb", "run.json", "summary.json"],
        Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(run.Folder, file)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("", "format", "status", "seed", "version", "stages")]
    [InlineData("stages", "fit", "simulate", "export")]
    [InlineData("stages.fit", "loss", "initialLoss", "lossUnit", "parameters", "starts", "train", "test", "evaluations", "seconds")]
    [InlineData("stages.fit.parameters", "tauM", "R", "EL", "Vth", "Vreset", "tref")]
    [InlineData("stages.fit.parameters.tauM", "value", "unit")]
    [InlineData("stages.fit.starts.1", "loss", "parameters", "evaluations")]
    [InlineData("stages.fit.train", "explainedVariance", "passiveExplainedVariance", "sweeps")]
    [InlineData("stages.fit.test", "explainedVariance", "passiveExplainedVariance", "sweeps")]
    [InlineData("stages.fit.train.sweeps.1", "sweep", "spikes", "recordedSpikes", "explainedVariance")]
    [InlineData("stages.export", "maxAbsDifference", "spikeDifferences", "checkedSteps")]
    public void The_summary_has_the_keys_that_programs_rely_on(string path, params string[] keys) =>
        Assert.Subset(At(path).AsObject().Select(member => member.Key).ToHashSet(), keys.ToHashSet());

    [Fact]
    public void The_summary_agrees_with_itself()
    {
        Assert.Equal(("completed", 7L, 1), ((string)At("status")!, (long)At("seed"), (int)At("format")));
        var fit = At("stages.fit");
        var starts = fit["starts"]!.AsArray();
        Assert.Equal(2, starts.Count);
        Assert.Equal(Number(fit, "loss"), starts.Min(start => Number(start!, "loss")));
        Assert.True(Number(fit, "loss") < Number(fit, "initialLoss"), $"{fit["loss"]} after {fit["initialLoss"]}");
        Assert.Equal("mV^2", (string)fit["lossUnit"]!);
        Assert.Equal((int)fit["evaluations"]!, starts.Sum(start => (int)start!["evaluations"]!));
        Assert.Equal("ms", (string)At("stages.fit.parameters.tauM.unit")!);
        Assert.InRange(Number(At("stages.fit.parameters.tauM"), "value"), 1, 500);
        Assert.Equal([1L, 2], At("stages.fit.train.sweeps").AsArray().Select(sweep => (long)sweep!["sweep"]!));
        Assert.Equal(3L, (long)At("stages.fit.test.sweeps.0.sweep"));
        Assert.Equal(0, (int)At("stages.fit.train.sweeps.0.recordedSpikes"));
        Assert.True((int)At("stages.fit.train.sweeps.1.recordedSpikes") > 0);
    }

    [Fact]
    public void The_exported_files_passed_their_check_over_every_step_and_are_onnx()
    {
        var export = At("stages.export");
        Assert.InRange(Number(export, "maxAbsDifference"), 0, 1e-3);
        Assert.True((bool)export["passed"]!);
        Assert.Equal((int)export["marginalSpikeDifferences"]!, (int)export["spikeDifferences"]!);
        Assert.Equal(3 * TinyRecording.Samples, (int)export["checkedSteps"]!);
        Assert.All((string[])["model.step.onnx", "model.seq.onnx"], name => Assert.NotEmpty(OnnxFile.Read(Path.Combine(run.Folder, name)).Graph.Nodes));
    }

    [Fact]
    public void The_metrics_tell_of_every_iteration_down_to_the_final_loss()
    {
        var lines = File.ReadLines(Path.Combine(run.Folder, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.All(lines, line => Assert.Equal("fit", (string)line["stage"]!));
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => (int)line["iteration"]!));
        var losses = lines.Select(line => Number(line, "loss")).ToList();
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.Equal(Number(At("stages.fit"), "loss"), losses[^1], 1e-9 * losses[^1]);
    }

    [Fact]
    public void The_traces_are_an_nwb_file_with_the_recorded_and_the_modelled_sweeps()
    {
        using var original = NwbFile.Open(run.Place["cell.nwb"]);
        using var results = NwbFile.Open(Path.Combine(run.Folder, "results.nwb"));
        Assert.Empty(results.Warnings);
        foreach (var number in (long[])[1, 2, 3])
        {
            var (before, after) = (original.Read(original.Sweep(number)), results.Read(results.Sweep(number)));
            Assert.Equal(before.Rate, after.Rate, 1e-6);
            Close(before.Potential, after.Potential, 1e-9);
            Close(before.Current, after.Current, 1e-18);
        }

        var modelled = results.Series.Where(series => series.Path.StartsWith("/processing/", StringComparison.Ordinal)).Select(series => series.Path);
        Assert.Equal(
            [.. ((string[])["fit", "simulate"]).SelectMany(stage => Enumerable.Range(1, 3).Select(number => $"/processing/{stage}/modelled_{number:D4}"))],
            modelled.Order(StringComparer.Ordinal));
    }

    /// <summary>A simulation of the fitted model over the recording's stimuli begins where the fit's own traces begin, and takes the same steps.</summary>
    [Fact]
    public void The_simulated_traces_are_the_fitted_ones()
    {
        using var results = NwbFile.Open(Path.Combine(run.Folder, "results.nwb"));
        double[] Trace(string path) => results.Series.Single(series => series.Path == path).Read(0, TinyRecording.Samples);
        var (fitted, simulated) = (Trace("/processing/fit/modelled_0001"), Trace("/processing/simulate/modelled_0001"));
        Assert.Equal(TinyRecording.Samples, fitted.Length);
        Close(fitted, simulated, 1e-9);
    }

    [Fact]
    public void The_results_can_be_fitted_in_their_turn() =>
        run.Place.Run("validate", "whole.json", "--set", "stages.fit.recording.path=out/results.nwb").Succeeded();

    [Fact]
    public void The_report_shows_the_sweeps_and_needs_no_network()
    {
        var report = File.ReadAllText(Path.Combine(run.Folder, "report.html"));
        Assert.StartsWith("<!doctype html>", report, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("</html>", report.TrimEnd(), StringComparison.OrdinalIgnoreCase);
        Assert.All((string[])["Sweep 1", "Sweep 2", "Sweep 3", "tauM", "whole"], text => Assert.Contains(text, report, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotMatch("""<(script|link|img|iframe|a)\b[^>]*\b(src|href)\s*=\s*["']?(https?:)?//""", report);
    }

    [Fact]
    public void The_record_says_what_ran_and_with_which_plugins()
    {
        var record = JsonNode.Parse(File.ReadAllBytes(Path.Combine(run.Folder, "run.json")))!;
        Assert.Equal(run.Config, (string)record["config"]!);
        Assert.Equal(["run", "whole.json", "--out", "out", "--seed", "7", "--threads", "1"], record["commandLine"]!.AsArray().Skip(1).Select(word => (string)word!));
        var neurons = record["plugins"]!.AsArray().Single(plugin => (string)plugin!["name"]! == "BrainModular.Plugins.Neurons")!;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes((string)neurons["path"]!)));
        Assert.Equal(hash, (string)neurons["sha256"]![(string)neurons["path"]!]!);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        run.Place.Run("run", "whole.json", "--out", "threads", "--seed", "7", "--threads", "3").Succeeded();
        AssertSame(run.Place["threads"]);
    }

    [Fact]
    public void The_resolved_configuration_alone_gives_the_same_bits()
    {
        using var elsewhere = new Workplace();
        File.Copy(Path.Combine(run.Folder, "resolved.json"), elsewhere["copy.json"]);
        elsewhere.Run("run", "copy.json", "--out", "again").Succeeded();
        AssertSame(elsewhere["again"]);
    }

    [Fact]
    public void Another_seed_starts_elsewhere()
    {
        run.Place.Run("run", "whole.json", "--out", "other", "--seed", "8", "--set", "stages.fit.optimizer.maxIterations=1").Succeeded();
        Assert.NotEqual(
            At("stages.fit.starts.1.parameters").ToJsonString(), SummaryText.Read(run.Place["other"])["stages"]!["fit"]!["starts"]![1]!["parameters"]!.ToJsonString());
    }

    [Fact]
    public void A_complete_run_is_not_run_again()
    {
        var before = File.GetLastWriteTimeUtc(Path.Combine(run.Folder, "summary.json"));
        var outcome = run.Place.Run("resume", "out").Succeeded();
        Assert.Equal(run.Folder + "\n", outcome.Output);
        Assert.Contains("complete already", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(run.Folder, "summary.json")));
    }

    private void AssertSame(string folder)
    {
        Assert.Equal(SummaryText.WithoutSeconds(run.Folder), SummaryText.WithoutSeconds(folder));
        Assert.All((string[])["metrics.jsonl", "model.step.onnx", "model.seq.onnx"], name => Assert.Equal(Read(run.Folder, name), Read(folder, name)));
    }

    private JsonNode At(string path)
    {
        JsonNode node = run.Summary;
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        }

        return node;
    }

    private static double Number(JsonNode node, string key) => (double)node[key]!;

    private static byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private static void Close(double[] expected, double[] given, double tolerance)
    {
        Assert.Equal(expected.Length, given.Length);
        Assert.All(expected.Zip(given), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
