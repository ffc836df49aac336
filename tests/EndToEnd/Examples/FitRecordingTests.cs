using BrainModular.Formats.Nwb;
using BrainModular.Host.Tests.Reports;

namespace BrainModular.EndToEnd.Examples;

/// <summary>examples/fit-recording: from a recording to an ONNX file.</summary>
public sealed class FitRecordingTests(FitRecordingRun run) : IClassFixture<FitRecordingRun>
{
    private const string Folder = "examples/fit-recording";

    [Fact]
    public void Every_expected_value_lies_in_its_range()
    {
        Assert.True(run.Expected.Count > 10);
        Assert.All(run.Expected, range => Assert.InRange(run.At(range.Key), range.Value.Low, range.Value.High));
        Assert.Equal("completed", (string)run.Summary["status"]!);
    }

    [Fact]
    public void Nothing_is_warned_of() => Assert.DoesNotContain("warning", run.Result.Error, StringComparison.Ordinal);

    [Fact]
    public void The_run_folder_holds_what_the_readme_says()
    {
        foreach (var file in new[] { "report.html", "summary.json", "results.nwb", "model.step.onnx", "model.seq.onnx", "resolved.json", "run.json", "metrics.jsonl" })
        {
            Assert.True(new FileInfo(run.In(file)).Length > 100, file);
        }

        Assert.Equal(Path.GetDirectoryName(run.In("summary.json")), run.Result.LastLine);
    }

    [Fact]
    public void The_results_hold_each_recorded_sweep_again_with_the_models_potential_beside_it()
    {
        using var recording = NwbFile.Open(Path.Combine(RealData.Repository, Folder, "recording.nwb"));
        using var results = NwbFile.Open(run.In("results.nwb"));

        Assert.Equal(recording.Sweeps.Select(sweep => sweep.Number), results.Sweeps.Select(sweep => sweep.Number));
        var (before, after) = (recording.Read(recording.Sweep(4)), results.Read(results.Sweep(4)));
        Assert.Equal(before.Potential.Select(v => Math.Round(v, 9)), after.Potential.Select(v => Math.Round(v, 9)));
        Assert.Contains(results.Series, series => series.Path.StartsWith("/processing/fit/", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_report_draws_its_plots_offline()
    {
        var elements = Browser.ElementsOf(run.In("report.html"), "#stage-0-sweep-4");

        Assert.Matches("<p id=\"fault\"[^>]*hidden", elements);
        Assert.Contains("<g class=\"trace scatter", elements, StringComparison.Ordinal);
        Assert.Matches("id=\"stage-0-sweep-4\"[^>]*aria-pressed=\"true\"", elements);
    }

    [Fact]
    public void Making_the_recording_again_gives_the_committed_file()
    {
        using var folder = new ReportFolder();
        var made = Path.Combine(folder.Path, "recording.nwb");
        using var process = Brain.Start("dotnet", RealData.Repository, [], Path.Combine(AppContext.BaseDirectory, "MakeRecording.dll"), made);
        var result = Brain.Finish(process);
        Assert.True(result.Code == 0, result.Error);

        using var committed = NwbFile.Open(Path.Combine(RealData.Repository, Folder, "recording.nwb"));
        using var again = NwbFile.Open(made);
        Assert.Equal(9, committed.Sweeps.Count);
        foreach (var (one, other) in committed.Sweeps.Zip(again.Sweeps))
        {
            Assert.Equal(committed.Read(one).Current, again.Read(other).Current);
            Assert.Equal(committed.Read(one).Potential, again.Read(other).Potential);
        }
    }
}
