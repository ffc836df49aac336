namespace BrainModular.EndToEnd.Runs;

/// <summary>A fit whose loss is what spikes are like.</summary>
public sealed class FeatureFitTests : IDisposable
{
    private const string Search = """ "optimizer": { "type": "nelder-mead", "maxEvaluations": 60 }, "starts": 1, """;

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Features_are_fitted_in_place_of_the_loss()
    {
        place.Write("fit.json", Config("""
            "loss": { "type": "features", "features": { "mean_frequency": {}, "time_to_first_spike": { "weight": 2 }, "voltage_base": { "mean": -65, "sd": 1 } } }, "free": ["R", "tauM"],
            """ + Search));
        place.Run("run", "fit.json", "--out", "out").Succeeded();
        var fit = SummaryText.Read(place["out"])["stages"]!["fit"]!;
        Assert.Equal("1", (string)fit["lossUnit"]!);
        Assert.True((double)fit["loss"]! < 0.5 * (double)fit["initialLoss"]!, $"{fit["loss"]} after {fit["initialLoss"]}");
        var features = fit["train"]!["sweeps"]![0]!["features"]!;
        Assert.NotNull(features["voltage_base"]!["model"]);
        Assert.Equal((double)features["mean_frequency"]!["recorded"]!, (double)features["mean_frequency"]!["model"]!, 30.0);
        // All spikes of this recording are the same, and the potential before them is one value.
        Assert.Equal(0, (double)features["AHP_depth"]!["recordedDeviation"]!, 1e-9);
        Assert.Null(features["voltage_base"]!["recordedDeviation"]);
        Assert.Contains("voltage_base (mV)", File.ReadAllText(place["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_features_cannot_be_fitted_with_is_named()
    {
        place.RefusesConfig(3, "BM2710", Config(""" "loss": { "type": "features", "features": { "AP_amplitud": {} } }, """ + Search), "stages.fit.loss.features.AP_amplitud", "AP_amplitude");
        place.RefusesConfig(3, "BM2711", Config(""" "loss": { "type": "features", "features": { "mean_frequency": {} } }, "starts": 1, """), "l-bfgs-b needs gradients", "cma-es");
        place.RefusesConfig(3, "BM2712", Config(""" "loss": { "type": "features", "features": { "mean_frequency": {} } }, "coupling": { "conductance": "50 nS" }, """ + Search), "stages.fit.coupling");
        place.RefusesConfig(3, "BM2713", Config(""" "loss": { "type": "features", "features": { "burst_mean_freq": {} } }, """ + Search), "no fitted sweep has the feature burst_mean_freq");
    }

    private static string Config(string keys) => $$"""
        {
          "stages": {
            "fit": {
              "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "R": { "value": "140 MOhm" } } },
              "recording": { "path": "cell.nwb", "sweeps": { "train": "2,3" } },
              {{keys}}
            },
          },
        }
        """;
}
