using System.Diagnostics;
using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>One experiment for several recordings: each has a run folder of its own, and there is one table of them.</summary>
public sealed class ManyRecordingsTests : IDisposable
{
    private const string Sweeps = """{ "sweeps": { "train": "1,2", "test": "3" } }""";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Workplace place = new();

    public ManyRecordingsTests()
    {
        Directory.CreateDirectory(place["cells"]);
        foreach (var (name, shift) in new[] { ("one", 0.0), ("two & <b>", 2e-3), ("three", -1e-3) })
        {
            TinyRecording.Write(place[$"cells/{name}.nwb"], potential => Shift(potential, shift));
        }
    }

    public void Dispose() => place.Dispose();

    [Fact]
    public void Each_is_fitted_as_alone_a_broken_one_is_named_and_mending_it_completes_the_run()
    {
        var whole = File.ReadAllBytes(place["cells/three.nwb"]);
        File.WriteAllBytes(place["cells/three.nwb"], whole[..(whole.Length / 2)]);
        place.Write("alone.json", Workplace.Fit(recording: """{ "path": "cells/one.nwb", "sweeps": { "train": "1,2", "test": "3" } }"""));
        place.Run("run", "alone.json", "--out", "alone").Succeeded();
        place.Write("many.json", Many("""["cells/*.nwb", "cells/one.nwb", "cell.nwb", "absent.nwb"]"""));

        var first = place.Run("run", "many.json", "--out", "many").EndedWith(3);
        Assert.Equal(place["many"], first.LastLine);
        Assert.Contains("BM3005", first.Error, StringComparison.Ordinal);
        Assert.Contains("three: the file ends before its data does", first.Error, StringComparison.Ordinal);
        Assert.Contains($"absent: there is no file {place["absent.nwb"]}", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", first.Error, StringComparison.Ordinal);
        Assert.Equal(["one completed", "three failed", "two - -b- completed", "cell completed", "absent failed"], Rows("many").Select(static r => $"{r["name"]} {r["status"]}"));
        Assert.Equal("failed", (string)SummaryText.Read(place["many"])["status"]!);
        Assert.Equal(SummaryText.WithoutSeconds(place["alone"]), SummaryText.WithoutSeconds(place["many/recordings/one"]));
        var table = first.Output.Split('\n');
        Assert.Matches(@"^recording +loss \(mV²\) +explained, fitted +explained, held out +spikes +recorded +counts +latencies +Gamma +seconds$", table[0]);
        Assert.Equal(["one", "two", "cell", "median"], table.Skip(1).Take(4).Select(static line => line.Split(' ')[0]));

        File.WriteAllBytes(place["cells/three.nwb"], whole);
        TinyRecording.Write(place["absent.nwb"]);
        var before = File.GetLastWriteTimeUtc(place["many/recordings/one/summary.json"]);
        var resumed = place.Run("resume", "many").Succeeded();
        Assert.DoesNotContain("one (", resumed.Error, StringComparison.Ordinal);
        Assert.Contains("three (2 of 5)", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.GetLastWriteTimeUtc(place["many/recordings/one/summary.json"]));
        Assert.Equal("completed", (string)SummaryText.Read(place["many"])["status"]!);
        AssertFigures();
        AssertPage();
    }

    [SkippableFact]
    public void Side_by_side_they_give_the_bits_of_one_after_the_other_and_an_interrupted_run_goes_on_with_those_that_are_not_finished()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        var config = Workplace.Fit(neuron: """{ "type": "hodgkin-huxley" }""", recording: Sweeps).Replace("\"maxIterations\": 8", "\"maxIterations\": 60, \"ftol\": 0", StringComparison.Ordinal);
        place.Write("long.json", $$"""{ "recordings": "cells/*.nwb", {{config.TrimStart()[1..]}}""");
        var whole = place.Run("run", "long.json", "--out", "whole", "--threads", "1").Succeeded().Error;
        Assert.True(whole.IndexOf("one: fit: done", StringComparison.Ordinal) < whole.IndexOf("three (2 of 3)", StringComparison.Ordinal));

        // Where the tests themselves run in the background of a shell, they and what they start ignore Ctrl-C.
        using var brain = Brain.Start("env", place.Root, [], "--default-signal=INT", Brain.Executable, "run", "long.json", "--out", "cut", "--threads", "2");
        var watch = Stopwatch.StartNew();
        while (!new[] { "one", "three" }.All(n => new FileInfo(place[$"cut/recordings/{n}/metrics.jsonl"]) is { Exists: true, Length: > 300 }))
        {
            Assert.False(brain.HasExited || watch.Elapsed > Patience, "the first two recordings have no metrics to be interrupted after");
            Thread.Sleep(2);
        }

        using (var kill = Process.Start("kill", ["-INT", $"{brain.Id}"]))
        {
            kill.WaitForExit();
        }

        var outcome = Brain.Finish(brain).EndedWith(130);
        Assert.EndsWith($"to go on: brain resume {place["cut"]}\ncancelled\n", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("one: fit: done", outcome.Error.Split("three (2 of 3)")[0], StringComparison.Ordinal);
        var statuses = Rows("cut").Select(static r => (string)r["status"]!).ToList();
        Assert.Contains("cancelled", statuses);
        Assert.DoesNotContain("failed", statuses);
        Assert.Contains($"3, {statuses.Count(static s => s != "completed")} to be done", File.ReadAllText(place["cut/report.html"]), StringComparison.Ordinal);
        var resumed = place.Run("resume", "cut").Succeeded();
        foreach (var row in Rows("cut"))
        {
            Assert.Equal(SummaryText.WithoutSeconds(place[$"whole/{row["folder"]}"]), SummaryText.WithoutSeconds(place[$"cut/{row["folder"]}"]));
        }

        Assert.Equal(statuses.Count(static s => s != "completed"), resumed.Error.Split('\n').Count(static line => line.Contains(" of 3): ", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_without_what_the_loss_is_of_is_named_and_those_after_it_are_run()
    {
        TinyRecording.Write(place["cells/three.nwb"], static potential => Array.Fill(potential, -0.065));
        var config = Workplace.Fit(recording: Sweeps.Replace("1,2", "2,3", StringComparison.Ordinal), keys: """ "loss": { "type": "features", "features": { "mean_frequency": {} } }, """)
            .Replace("""{ "type": "l-bfgs-b", "maxIterations": 8 }""", """{ "type": "nelder-mead", "maxEvaluations": 20 }""", StringComparison.Ordinal).Replace("\"starts\": 2", "\"starts\": 1", StringComparison.Ordinal);
        place.Write("features.json", $$"""{ "recordings": "cells/*.nwb", {{config.Replace(", \"test\": \"3\"", "", StringComparison.Ordinal).TrimStart()[1..]}}""");
        var outcome = place.Run("run", "features.json", "--out", "many").EndedWith(3);
        Assert.Contains($"BM2713: {place["cells/three.nwb"]}: three: no fitted sweep has the feature mean_frequency", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["one completed", "three failed", "two - -b- completed"], Rows("many").Select(static r => $"{r["name"]} {r["status"]}"));
    }

    [Fact]
    public void What_ends_the_fit_of_one_is_its_own_whatever_it_is_and_a_failed_one_begins_anew()
    {
        place.Write("many.json", Many("""["cells/one.nwb", "cells/three.nwb", "absent.nwb"]"""));
        place.Run("run", "many.json", "--out", "many").EndedWith(3);

        // As if it had been interrupted while its state was written by a machine that failed.
        var own = place["many/recordings/three"];
        File.WriteAllText($"{own}/summary.json", File.ReadAllText($"{own}/summary.json").Replace("\"status\": \"completed\"", "\"status\": \"running\"", StringComparison.Ordinal));
        File.WriteAllBytes($"{own}/checkpoints/fit", [1, 2, 3]);
        TinyRecording.Write(place["absent.nwb"]);
        var outcome = place.Run("resume", "many").EndedWith(6);
        Assert.Contains("BM6105", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["one completed", "three failed", "absent completed"], Rows("many").Select(static r => $"{r["name"]} {r["status"]}"));
        place.Run("resume", "many").Succeeded();
        Assert.Equal(["completed", "completed", "completed"], Rows("many").Select(static r => (string)r["status"]!));
    }

    [Fact]
    public void Nothing_of_a_file_that_was_mended_is_left_in_its_fit()
    {
        // No sample counts that is within a second of a recorded spike: with a spike in it a sweep has no finite loss from any start.
        var whole = File.ReadAllBytes(place["cells/three.nwb"]);
        TinyRecording.Write(place["cells/three.nwb"], static potential => potential.AsSpan(500, 20).Fill(0.02));
        const string Keys = """ "spikeWeight": 0, "spikeWindow": { "before": "1 s", "after": "1 s" }, """;
        place.Write("many.json", $$"""{ "recordings": "cells/*.nwb", {{Workplace.Fit(recording: """{ "sweeps": { "train": "1", "test": "2" } }""", keys: Keys).TrimStart()[1..]}}""");
        Assert.Contains("three failed: BM5101", place.Run("run", "many.json", "--out", "many").EndedWith(5).Error, StringComparison.Ordinal);
        Assert.True(File.Exists(place["many/recordings/three/checkpoints/fit"]));
        File.WriteAllText(place["many/recordings/three/left"], "by the failed fit");

        File.WriteAllBytes(place["cells/three.nwb"], whole);
        place.Write("alone.json", Workplace.Fit(recording: """{ "path": "cells/three.nwb", "sweeps": { "train": "1", "test": "2" } }""", keys: Keys));
        place.Run("run", "alone.json", "--out", "alone").Succeeded();
        place.Run("resume", "many").Succeeded();
        Assert.Equal(SummaryText.WithoutSeconds(place["alone"]), SummaryText.WithoutSeconds(place["many/recordings/three"]));
        Assert.False(File.Exists(place["many/recordings/three/left"]));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_and_the_others_are_run()
    {
        place.Write("many.json", Many("\"cells/*.nwb\""));
        using (new FileStream(place["cells/three.nwb"], FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var outcome = place.Run("run", "many.json", "--out", "many").EndedWith(6);
            Assert.Contains($"BM6105: {place["cells/three.nwb"]}: three: the file cannot be", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("--out", outcome.Error, StringComparison.Ordinal);
        }

        Assert.Equal(["one completed", "three failed", "two - -b- completed"], Rows("many").Select(static r => $"{r["name"]} {r["status"]}"));
        Assert.False(Directory.Exists(place["many/recordings/three"]));
        place.Run("resume", "many").Succeeded();
    }

    [Fact]
    public void What_is_wrong_for_all_of_them_is_refused_before_anything_is_written()
    {
        place.RefusesConfig(3, "BM2014", Many("\"cells/*.abf\""), "no file matches", "cells/*.abf", "(recordings)");
        place.RefusesConfig(3, "BM2014", Many("[]"), "'recordings' is empty");
        place.RefusesConfig(3, "BM2016", Many("\"cells/*.nwb\"", """{ "path": "cell.nwb" }"""), "no stage takes its recording");
        place.RefusesConfig(3, "BM2005", Many("3"), "(recordings)");
        place.RefusesConfig(3, "BM2006", Workplace.Fit(recording: "{}"), "'path' is missing", "(stages.fit.recording");
        place.RefusesConfig(3, "BM2017", Many("\"cells/*.nwb\"", """{ "gain": 2 }"""), "loader", "(stages.fit.recording)");
        place.RefusesConfig(3, "BM2004", Many("\"cells/*.nwb\"").Replace("maxIterations", "maxIteration", StringComparison.Ordinal), "maxIteration");
        place.Write("many.json", Many("\"cells/*.nwb\""));
        place.Refuses(3, "BM2015", ["3 recordings", "--set recordings="], "compare-fitters", "many.json");
        Assert.Contains("for 3 recordings", place.Run("validate", "many.json").Succeeded().Output, StringComparison.Ordinal);
        place.Run("compare-fitters", "many.json", "--set", "recordings=cells/one.nwb", "--optimizers", "random-search", "--seeds", "1", "--evaluations", "5").Succeeded();
    }

    private static string Many(string recordings, string recording = Sweeps) => $$"""{ "recordings": {{recordings}}, {{Workplace.Fit(recording: recording).TrimStart()[1..]}}""";

    private static void Shift(double[] potential, double by)
    {
        for (var t = 0; t < potential.Length; t++)
        {
            potential[t] += by;
        }
    }

    private IReadOnlyList<JsonNode> Rows(string run) => [.. SummaryText.Read(place[run])["recordings"]!.AsArray().Select(static r => r!)];

    /// <summary>The figures of the table are those of each recording's own run.</summary>
    private void AssertFigures()
    {
        var lines = File.ReadAllLines(place["many/recordings.csv"]);
        Assert.StartsWith("recording,file,status,stage,loss,lossUnit,explainedVarianceFitted,explainedVarianceHeldOut,spikes,recordedSpikes,", lines[0], StringComparison.Ordinal);
        Assert.Equal(6, lines.Length);
        foreach (var (row, line) in Rows("many").Zip(lines.Skip(1)))
        {
            var own = SummaryText.Read(place[$"many/{row["folder"]}"])["stages"]!["fit"]!;
            var listed = row["stages"]!["fit"]!;
            Assert.Equal("completed", (string)row["status"]!);
            Assert.Equal((double)own["loss"]!, (double)listed["loss"]!);
            Assert.Equal((double)own["test"]!["explainedVariance"]!, (double)listed["test"]!["explainedVariance"]!);
            Assert.Equal(own["test"]!["sweeps"]!.AsArray().Sum(static s => (int)s!["recordedSpikes"]!), (int)listed["test"]!["recordedSpikes"]!);
            Assert.Equal((double)own["parameters"]!["EL"]!["value"]!, (double)listed["parameters"]!["EL"]!["value"]!);
            Assert.Contains(((double)own["loss"]!).ToString("R", System.Globalization.CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        }

        // The cells differ in their potential at rest alone.
        var resting = Rows("many").ToDictionary(static r => (string)r["name"]!, static r => (double)r["stages"]!["fit"]!["parameters"]!["EL"]!["value"]!);
        Assert.Equal(2, resting["two - -b-"] - resting["one"], 0.5);
        Assert.True(resting["three"] < resting["one"]);
        Assert.Equal(resting["one"], resting["cell"]);
    }

    private void AssertPage()
    {
        var page = File.ReadAllText(place["many/report.html"]);
        Assert.Contains("</html>", page, StringComparison.Ordinal);
        Assert.Contains("""<a href="recordings/two%20-%20-b-/report.html">two - -b-</a>""", page, StringComparison.Ordinal);
        Assert.Contains("two &amp; &lt;b&gt;.nwb", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>.nwb", page, StringComparison.Ordinal);
        Assert.All(Rows("many"), row => Assert.True(File.Exists(place[$"many/{row["folder"]}/report.html"])));
    }
}
