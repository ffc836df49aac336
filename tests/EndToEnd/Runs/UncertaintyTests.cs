namespace BrainModular.EndToEnd.Runs;

/// <summary>Fits that say how well the recording determines their parameters.</summary>
public sealed class UncertaintyTests : IDisposable
{
    /// <summary>A potential between spikes that a leaky cell made, with a loss that recorded spikes keep smooth.</summary>
    private const string Passive = """ "spikes": "recording", "spikeWeight": 0, "spikeWindow": { "before": "0.5 ms", "after": "1.5 ms" }, "optimizer": { "type": "l-bfgs-b" }, """;

    private readonly Workplace place = new();

    public UncertaintyTests() => WriteNoisyCell(place);

    public void Dispose() => place.Dispose();

    /// <summary>White noise of 0.3 mV upon the cell's potential: what is uncertain then is known to be.</summary>
    internal static void WriteNoisyCell(Workplace place)
    {
        var random = new System.Random(3);
        TinyRecording.Write(place["noisy.nwb"], potential =>
        {
            for (var t = 0; t < potential.Length; t++)
            {
                potential[t] += 0.3e-3 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            }
        });
    }

    [Fact]
    public void Intervals_stand_in_the_summary_and_on_the_page()
    {
        place.Write("fit.json", Config(""" { "type": "laplace" } """));
        var run = place.Run("run", "fit.json", "--out", "out").Succeeded();
        Assert.Matches("fit: parameters: .*EL −6[45][.0-9]* ± ", run.Error);
        var fit = SummaryText.Read(place["out"])["stages"]!["fit"]!;
        var uncertainty = fit["uncertainty"]!;
        Assert.Equal(["C", "gL", "EL"], uncertainty["parameters"]!.AsObject().Select(static p => p.Key).Order(StringComparer.Ordinal).OrderBy(static n => n == "EL"));
        foreach (var (name, estimate) in uncertainty["parameters"]!.AsObject())
        {
            var value = (double)fit["parameters"]![name]!["value"]!;
            Assert.Equal(value, (double)estimate!["value"]!);
            Assert.InRange(value, (double)estimate["lower"]!, (double)estimate["upper"]!);
            Assert.True((double)estimate["standardError"]! > 0);
        }

        Assert.Equal(3, uncertainty["eigenvalues"]!.AsArray().Count);
        Assert.Equal(1, (double)uncertainty["correlation"]!["matrix"]![2]![2]!);
        Assert.Contains("<table class=\"correlation\">", File.ReadAllText(place["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_and_draws_agree_with_the_curvature()
    {
        place.Write("profile.json", Config(""" { "type": "profile-likelihood", "parameters": ["gL", "EL"] } """));
        place.Run("run", "profile.json", "--out", "profile").Succeeded();
        place.Write("nuts.json", Config(""" { "type": "nuts", "chains": 3, "warmUp": 150, "draws": 200 } """));
        place.Run("run", "nuts.json", "--out", "nuts").Succeeded();
        var profiled = SummaryText.Read(place["profile"])["stages"]!["fit"]!["uncertainty"]!;
        var drawn = SummaryText.Read(place["nuts"])["stages"]!["fit"]!["uncertainty"]!;
        Assert.Equal(["EL", "gL"], profiled["profiles"]!.AsObject().Select(static p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(600, (int)drawn["sample"]!["draws"]!);
        foreach (var (name, profile) in profiled["profiles"]!.AsObject())
        {
            var (estimate, sample) = (profiled["parameters"]![name]!, drawn["sample"]!["parameters"]![name]!);
            var (value, error) = ((double)estimate["value"]!, (double)estimate["standardError"]!);
            Assert.InRange((double)profile!["lower"]!, value - (3 * error), value - error);
            Assert.InRange((double)profile["upper"]!, value + error, value + (3 * error));
            Assert.InRange((double)sample["mean"]!, value - error, value + error);
            Assert.InRange((double)sample["standardDeviation"]!, 0.6 * error, 1.6 * error);
            Assert.InRange((double)sample["rHat"]!, 0.98, 1.1);
        }

        Assert.All(new[] { profiled, drawn }, static u => Assert.InRange((double)u["predictive"]!["inside"]!, 0.85, 1));
        Assert.Contains("profile-plot", File.ReadAllText(place["profile/report.html"]), StringComparison.Ordinal);
        Assert.Contains("600 draws of 3 chains", File.ReadAllText(place["nuts/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_determines_nothing_is_warned_of_and_what_cannot_be_estimated_is_refused()
    {
        place.Write("free.json", Config(""" { "type": "laplace" } """, free: """ "gL", "EL", "C", "VTstar" """));
        Assert.Contains("warning: BM2805: the loss does not depend on VTstar", place.Run("run", "free.json", "--out", "out").Succeeded().Error, StringComparison.Ordinal);

        place.RefusesConfig(3, "BM2803", Config(""" { "type": "laplace" } """, free: ""), "no parameter is fitted");
        place.RefusesConfig(3, "BM2811", Config(""" { "type": "laplace", "draws": 100 } """), "'draws' belongs to the uncertainty nuts");
        place.RefusesConfig(3, "BM2812", Config(""" { "type": "profile-likelihood", "parameters": ["gl"] } """), "'gl' is no parameter that is fitted", "gL");
        place.RefusesConfig(3, "BM2006", Config(" { } "), "'type' is missing");
        place.RefusesConfig(3, "BM2005", Config(""" { "type": "bootstrap" } """), "laplace");
        place.Write("features.json", Config(""" { "type": "laplace" } """));
        place.Refuses(
            3, "BM2801", ["squared deviations are no likelihood"], "run", "features.json", "--out", "features",
            "--set", "stages.fit.optimizer={\"type\":\"cma-es\"}", "--set", "stages.fit.loss={\"type\":\"features\",\"features\":{\"voltage_base\":{}}}");
        place.RefusesConfig(3, "BM2801", Config(""" { "type": "laplace" } """, keys: """ "loss": { "type": "spike-aware" }, """), "spike-aware", "mean squared difference of potentials");
    }

    internal static string Config(string uncertainty, string free = """ "gL", "EL", "C" """, string keys = "") => $$"""
        {
          "stages": {
            "fit": {
              "neuron": { "type": "gif-pozzorini", "currents": 0, "thresholds": 0, "firing": "escape", "parameters": { "tref": "1 ms", "Vreset": "-65 mV" } },
              "recording": { "path": "noisy.nwb" },
              {{Passive}}{{keys}}
              "free": [{{free}}], "starts": 1,
              "uncertainty": {{uncertainty}}
            }
          }
        }
        """;
}
