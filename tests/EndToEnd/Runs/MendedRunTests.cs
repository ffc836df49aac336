using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>Runs that fail, and what becomes of them when they are gone on with.</summary>
public sealed class MendedRunTests : IDisposable
{
    private const string Recording = """{ "path": "cell.nwb", "sweeps": { "train": "1", "test": "2" } }""";
    private const string Keys = """ "spikeWeight": 0, "spikeWindow": { "before": "1 s", "after": "1 s" }, """;
    private const string Marked = "\"marked\":true,";
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_failed_run_whose_recording_was_mended_begins_anew()
    {
        // No sample counts that is within a second of a recorded spike: with a spike in it a sweep has no finite loss from any start.
        place.Write("experiment.json", Workplace.Fit(recording: Recording, keys: Keys));
        var sound = File.ReadAllBytes(place["cell.nwb"]);
        TinyRecording.Write(place["cell.nwb"], static potential => potential.AsSpan(500, 20).Fill(0.02));
        place.Run("run", "experiment.json", "--out", "out").EndedWith(5);
        Assert.Equal("failed", (string)SummaryText.Read(place["out"])["status"]!);
        Assert.StartsWith("BM5101", (string)SummaryText.Read(place["out"])["faults"]![0]!, StringComparison.Ordinal);
        Assert.True(File.Exists(place["out/checkpoints/fit"]));

        File.WriteAllBytes(place["cell.nwb"], sound);
        place.Run("run", "experiment.json", "--out", "straight").Succeeded();
        var resumed = place.Run("resume", "out").Succeeded();
        Assert.Contains($"{place["cell.nwb"]} has changed since the run was started; the run begins anew", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(SummaryText.WithoutSeconds(place["straight"]), SummaryText.WithoutSeconds(place["out"]));
        Assert.Equal(File.ReadAllText(place["straight/metrics.jsonl"]), File.ReadAllText(place["out/metrics.jsonl"]));
        Assert.Equal((string)Record("straight")["inputs"]![place["cell.nwb"]]!, (string)Record("out")["inputs"]![place["cell.nwb"]]!);
    }

    [Fact]
    public void An_interrupted_run_whose_configuration_was_changed_begins_anew_and_one_that_was_not_goes_on()
    {
        place.Write("experiment.json", Workplace.Fit());
        place.Run("run", "experiment.json", "--out", "out").Succeeded();
        var whole = SummaryText.WithoutSeconds(place["out"]);
        Interrupt();
        Mark();
        Assert.DoesNotContain("begins anew", place.Run("resume", "out").Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal(whole, SummaryText.WithoutSeconds(place["out"]));
        Assert.Contains(Marked, File.ReadAllText(place["out/metrics.jsonl"]), StringComparison.Ordinal);

        var shorter = Workplace.Fit().Replace("\"maxIterations\": 8", "\"maxIterations\": 3", StringComparison.Ordinal);
        place.Write("shorter.json", shorter);
        place.Run("run", "shorter.json", "--out", "shorter").Succeeded();
        Interrupt();
        var resolved = File.ReadAllText(place["out/resolved.json"]);
        File.WriteAllText(place["out/resolved.json"], resolved.Replace("\"maxIterations\": 8", "\"maxIterations\": 3", StringComparison.Ordinal));
        Assert.Contains("the configuration has changed since the run was started; the run begins anew", place.Run("resume", "out").Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal(SummaryText.WithoutSeconds(place["shorter"]), SummaryText.WithoutSeconds(place["out"]));
        Assert.Equal(File.ReadAllText(place["shorter/metrics.jsonl"]), File.ReadAllText(place["out/metrics.jsonl"]));
    }

    [Fact]
    public void A_run_whose_report_cannot_be_written_has_failed_and_says_why()
    {
        place.Write("experiment.json", Workplace.Fit());
        place.Run("run", "experiment.json", "--out", "out").Succeeded();
        Interrupt();
        File.Delete(place["out/report.html"]);
        Directory.CreateDirectory(place["out/report.html"]);
        var fault = place.Run("resume", "out").EndedWith(6);
        Assert.Contains("report.html", fault.Error, StringComparison.Ordinal);
        var summary = SummaryText.Read(place["out"]);
        Assert.Equal("failed", (string)summary["status"]!);
        Assert.Contains("report.html", (string)Assert.Single(summary["faults"]!.AsArray())!, StringComparison.Ordinal);
        Assert.NotNull(summary["stages"]!["fit"]);

        Directory.Delete(place["out/report.html"]);
        place.Run("resume", "out").Succeeded();
        Assert.True(File.Exists(place["out/report.html"]));
        Assert.False(SummaryText.Read(place["out"]).ContainsKey("faults"));
    }

    [Fact]
    public void A_profile_that_has_ended_is_not_begun_again()
    {
        UncertaintyTests.WriteNoisyCell(place);
        place.Write("experiment.json", UncertaintyTests.Config(""" { "type": "profile-likelihood", "parameters": ["gL"] } """));
        place.Run("run", "experiment.json", "--out", "out").Succeeded();
        var (whole, metrics) = (SummaryText.WithoutSeconds(place["out"]), File.ReadAllText(place["out/metrics.jsonl"]));
        Assert.Contains("\"profilePoints\":2}", metrics, StringComparison.Ordinal);
        Interrupt();
        place.Run("resume", "out").Succeeded();
        Assert.Equal(whole, SummaryText.WithoutSeconds(place["out"]));
        Assert.Equal(metrics, File.ReadAllText(place["out/metrics.jsonl"]));
    }

    /// <summary>As if the run had been killed before its end.</summary>
    private void Interrupt() => File.WriteAllText(
        place["out/summary.json"], File.ReadAllText(place["out/summary.json"]).Replace("\"status\": \"completed\"", "\"status\": \"running\"", StringComparison.Ordinal));

    /// <summary>Marks the first line of the metrics: a run that goes on keeps what is written, and one that begins anew writes it again.</summary>
    private void Mark() => File.WriteAllText(place["out/metrics.jsonl"], "{" + Marked + File.ReadAllText(place["out/metrics.jsonl"])[1..]);

    private JsonNode Record(string run) => JsonNode.Parse(File.ReadAllBytes(place[$"{run}/run.json"]))!;
}
