using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>A fit whose loss is a sum of several.</summary>
public sealed class WeightedLossTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Each_loss_is_told_of_in_metrics_summary_and_report()
    {
        place.Write("fit.json", Config("""
            "loss": [{ "type": "voltage-mean-squared-error" }, { "type": "van-rossum", "tau": "5 ms", "weight": 20 }, { "type": "features", "features": { "mean_frequency": {} }, "weight": 0.5 }],
            "optimizer": { "type": "cma-es", "maxEvaluations": 60 }, "starts": 1,
            """));
        place.Run("run", "fit.json", "--out", "out").Succeeded();
        var fit = SummaryText.Read(place["out"])["stages"]!["fit"]!;
        Assert.Equal("1", (string)fit["lossUnit"]!);
        var losses = (JsonObject)fit["losses"]!;
        Assert.Equal(["voltage-mean-squared-error", "van-rossum", "features"], losses.Select(static l => l.Key));
        Assert.Equal(["mV^2", "Hz", "1"], losses.Select(static l => (string?)l.Value!["unit"]));
        var sum = losses.Sum(static l => (double)l.Value!["value"]! * (double)l.Value["weight"]!);
        Assert.Equal(sum, (double)fit["loss"]!, 1e-9 * sum);
        Assert.All(losses, static l => Assert.True((double)l.Value!["value"]! > 0));

        var last = JsonNode.Parse(File.ReadLines(place["out/metrics.jsonl"]).Last(static l => l.Contains("\"losses\"", StringComparison.Ordinal)))!;
        Assert.Equal((double)losses["van-rossum"]!["value"]!, (double)last["losses"]!["van-rossum"]!, 1e-12);
        Assert.Contains("van-rossum", File.ReadAllText(place["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_and_least_squares_minimise_a_sum()
    {
        foreach (var optimizer in (string[])["l-bfgs-b", "levenberg-marquardt"])
        {
            place.Write("fit.json", Config($$"""
                "loss": [{ "type": "voltage-mean-squared-error", "weight": 2 }, { "type": "spike-coincidence", "weight": 10 }],
                "optimizer": { "type": "{{optimizer}}", "maxIterations": 15 }, "starts": 2,
                """));
            place.Run("run", "fit.json", "--out", optimizer).Succeeded();
            var fit = SummaryText.Read(place[optimizer])["stages"]!["fit"]!;
            Assert.True((double)fit["loss"]! < (double)fit["initialLoss"]!);
        }
    }

    [Fact]
    public void Spikes_laid_over_each_other_cost_less_and_are_fitted_beside_when_they_come()
    {
        double Initial(string loss)
        {
            place.Write("fit.json", Config($$""" "loss": [{{loss}}, { "type": "spike-coincidence", "weight": 1e-6 }], "surrogate": { "type": "none" }, "optimizer": { "type": "levenberg-marquardt", "maxIterations": 10 }, "starts": 2, """));
            place.Run("run", "fit.json", "--out", "out").Succeeded();
            var fit = SummaryText.Read(place["out"])["stages"]!["fit"]!;
            Directory.Delete(place["out"], recursive: true);
            Assert.True((double)fit["loss"]! <= (double)fit["initialLoss"]!);
            Assert.True((double)fit["losses"]!.AsObject().First().Value!["value"]! > 0);
            return (double)fit["initialLoss"]!;
        }

        Assert.NotEqual(Initial("""{ "type": "voltage-mean-squared-error" }"""), Initial("""{ "type": "aligned-voltage-error", "after": "10 ms", "reach": "100 ms" }"""), 1e-3);
        place.RefusesConfig(
            4, "BM4314", Config(""" "loss": [{ "type": "aligned-voltage-error" }, { "type": "aligned-voltage-error", "after": "9 ms" }], """), "other windows");
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[("before", "-1 ms"), ("after", "-0.1 ms"), ("reach", "0 ms")])
        {
            place.RefusesConfig(4, "BM4315", Config($$""" "loss": { "type": "aligned-voltage-error", "{{key}}": "{{value}}" }, """), "aligned-voltage-error", $"'{key}' {value}", $"give '{key}'");
        }

        place.RefusesConfig(3, "BM2801", Config(""" "loss": { "type": "aligned-voltage-error" }, "uncertainty": { "type": "laplace" }, """), "along with the model's spikes");
    }

    [Fact]
    public void What_is_no_sum_of_losses_is_named()
    {
        place.RefusesConfig(3, "BM2715", Config(""" "loss": [], """), "stages.fit.loss", "the list of losses is empty");
        place.RefusesConfig(
            3, "BM2716", Config(""" "loss": [{ "type": "features", "features": { "voltage_base": {} } }, { "type": "features", "features": { "mean_frequency": {} } }], "optimizer": { "type": "cma-es" }, """),
            "stages.fit.loss[1]", "twice");
        place.RefusesConfig(3, "BM2717", Config(""" "loss": { "type": "features" }, "optimizer": { "type": "cma-es" }, """), "names no feature", "describe features");
        place.RefusesConfig(3, "BM2717", Config(""" "loss": { "type": "van-rossum", "features": { "voltage_base": {} } }, """), "the type is van-rossum");
        place.RefusesConfig(3, "BM2013", Config(""" "loss": [{ "type": "van-rossum" }, { "type": "voltage-error" }], """), "stages.fit.loss[1].type", "aligned-voltage-error");
        place.RefusesConfig(3, "BM2005", Config(""" "loss": [{ "type": "van-rossum", "weight": -1 }], """), "weight");
        place.RefusesConfig(3, "BM2714", Config(""" "loss": [{ "type": "voltage-mean-squared-error" }, { "type": "van-rossum" }], "optimizer": { "type": "levenberg-marquardt" }, """.Replace("van-rossum", "spike-likelihood", StringComparison.Ordinal), "gif-pozzorini"), "l-bfgs-b");
        place.RefusesConfig(3, "BM2801", Config(""" "loss": [{ "type": "voltage-mean-squared-error" }, { "type": "van-rossum" }], "uncertainty": { "type": "laplace" }, """), "is a sum of several losses");
        place.RefusesConfig(3, "BM2801", Config(""" "loss": { "type": "voltage-mean-squared-error", "weight": 2 }, "uncertainty": { "type": "laplace" }, """), "has the weight 2");
    }

    private static string Config(string keys, string neuron = "leaky-integrate-and-fire") => $$"""
        {
          "stages": {
            "fit": {
              "neuron": { "type": "{{neuron}}" },
              "recording": { "path": "cell.nwb", "sweeps": { "train": "2,3" } },
              {{keys}}
              "free": ["EL"],
            },
          },
        }
        """;
}
