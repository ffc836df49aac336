using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>A fit that says nothing but which neuron and which recording.</summary>
public sealed class UntunedFitTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void It_finds_the_cell_that_was_recorded_in_three_stages_that_the_resolved_configuration_repeats()
    {
        var stages = Fit("""{ "path": "cell.nwb", "sweeps": { "train": "1,2", "test": "3" } }""", out _);
        Assert.Equal(["fit-potential", "fit-threshold", "fit"], stages.Select(static s => s.Key));
        Assert.Equal(["recording", "recording", "model"], stages.Select(static s => (string)s.Value!["spikesDuringFit"]!));

        // The cell's are 0.2 nF and 10 nS, beside which the potassium current may take a little.
        Assert.InRange((double)stages["fit-potential"]!["parameters"]!["C"]!["value"]!, 0.18, 0.22);
        var test = Assert.Single(stages["fit"]!["test"]!["sweeps"]!.AsArray())!;
        Assert.NotEqual(0, (int)test["recordedSpikes"]!);
        Assert.InRange((int)test["spikes"]! - (int)test["recordedSpikes"]!, -1, 1);

        place.Run("run", "out/resolved.json", "--out", "again").Succeeded();
        Assert.Equal(SummaryText.WithoutSeconds(place["out"]), SummaryText.WithoutSeconds(place["again"]));

        // Nothing in it is drawn.
        place.Run("run", "fit.json", "--out", "other", "--seed", "7").Succeeded();
        Assert.True(JsonNode.DeepEquals(stages["fit"]!["parameters"], SummaryText.Read(place["other"])["stages"]!["fit"]!["parameters"]));
    }

    [Fact]
    public void A_threshold_that_is_given_leaves_nothing_to_the_last_stage()
    {
        place.Write("given.json", """
            { "stages": { "fit": { "neuron": { "type": "gif-pozzorini", "parameters": { "VTstar": "-50 mV" } }, "recording": { "path": "cell.nwb", "sweeps": { "train": "1,2", "test": "3" } } } } }
            """);
        place.Run("run", "given.json", "--out", "given").Succeeded();
        var fit = SummaryText.Read(place["given"])["stages"]!["fit"]!;
        Assert.Equal(-50, (double)fit["parameters"]!["VTstar"]!["value"]!);
        Assert.DoesNotContain(fit["parameters"]!.AsObject(), static p => (bool)p.Value!["fitted"]!);
    }

    [Fact]
    public void Without_spikes_it_says_once_for_each_stage_what_nothing_determines()
    {
        Fit("""{ "path": "cell.nwb", "sweeps": { "train": "1", "test": "none" } }""", out var told);
        Assert.Contains("fit-threshold: warning: BM2727", told, StringComparison.Ordinal);
        Assert.DoesNotContain("BM2725", told, StringComparison.Ordinal);
        Assert.Contains("no sweep is held out", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BM3120", "silent.nwb", "\"start\": \"0 ms\"")]
    [InlineData("BM3121", "cell.nwb", "\"start\": \"51 ms\"")]
    public void A_recording_that_tells_nothing_is_named_once(string id, string file, string key)
    {
        TinyRecording.Write(place["silent.nwb"], static potential => Array.Fill(potential, -65e-3));
        Fit($$"""{ "path": "{{file}}", "sweeps": { "train": "1,2", "test": "none" }, {{key}} }""", out var told);
        Assert.Single(told.Split('\n'), line => line.Contains(id, StringComparison.Ordinal));
    }

    private JsonObject Fit(string recording, out string told)
    {
        place.Write("fit.json", $$"""{ "stages": { "fit": { "neuron": { "type": "gif-pozzorini" }, "recording": {{recording}} } } }""");
        told = place.Run("run", "fit.json", "--out", "out").Succeeded().Error;
        return SummaryText.Read(place["out"])["stages"]!.AsObject();
    }
}
