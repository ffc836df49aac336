namespace BrainModular.EndToEnd.Runs;

/// <summary>The fit of bench/gif.sh, shortened: two repeats of a noise current into a pyramidal cell, fitted from 0 to 6 s and predicted from there to 9 s.</summary>
public sealed class RepeatedNoiseTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [SkippableFact]
    public void Spikes_of_a_recorded_cell_are_predicted_and_the_page_says_how_well()
    {
        var waves = RealData.Require("icephys-gif-pozzorini");
        string[] files = [.. from channel in (int[])[2, 3] from repeat in (int[])[1009, 1010] select Path.Combine(waves, $"Cell3_Ger1Test_ch{channel}_{repeat}.ibw")];
        place.Run(["convert", .. files, "gif.nwb"]).Succeeded();
        const string recording = "stages.potential.recording";
        string[] settings =
        [
            $"{recording}.path={place["gif.nwb"]}", $"{recording}.duration=9 s", $"{recording}.testFrom=6 s",
            "stages.potential.optimizer.maxIterations=30", "stages.threshold.optimizer.maxIterations=30",
        ];
        var config = Path.Combine(RealData.Repository, "bench", "Cells", "gif.json");
        var told = place.Run(["run", config, "--out", "out", .. settings.SelectMany(setting => (string[])["--set", setting])]).Succeeded().Error;

        var stages = SummaryText.Read(place["out"])["stages"]!;
        Assert.Equal("recording", (string)stages["threshold"]!["spikesDuringFit"]!);
        var test = stages["deterministic"]!["test"]!;

        // By chance it would be 0; the cell itself comes to 0.91.
        Assert.True((double)test["gamma"]! > 0.4, test.ToJsonString());
        Assert.True((double)test["reliability"]! > 0.85, test.ToJsonString());
        Assert.True((double)stages["threshold"]!["train"]!["similarity"]! > 0.7, stages["threshold"]!.ToJsonString());
        Assert.Contains("threshold: recorded spikes were given to the model during the fit", told, StringComparison.Ordinal);
        Assert.Matches(@"deterministic: held out: 2 sweeps, .* spikes for \d+ recorded, Gamma 0\.\d{3} \(the cell with itself 0\.9", told);

        // A neuron that is reset has times of spikes and no shape.
        var features = test["sweeps"]![0]!["features"]!;
        Assert.InRange((double)features["AP_amplitude"]!["recorded"]!, 60, 110);
        Assert.Null(features["AP_amplitude"]!["model"]);
        Assert.Equal((double)features["mean_frequency"]!["recorded"]!, (double)features["mean_frequency"]!["model"]!, 8.0);

        var page = File.ReadAllText(place["out/report.html"]);
        Assert.Contains("Spikes of the sweeps held out", page, StringComparison.Ordinal);
        Assert.Contains("over 20 runs of each sweep", page, StringComparison.Ordinal);
        Assert.Contains("The prediction that is shown was not given any", page, StringComparison.Ordinal);
    }
}
