namespace BrainModular.EndToEnd.Runs;

/// <summary>Fits that say how well the recording determines their parameters.</summary>
public sealed class UncertaintyTests : IDisposable
{
    /// <summary>A potential between spikes that a leaky cell made, with a loss that recorded spikes keep smooth.</summary>
    private const string Passive = """ "spikes": "recording", "spikeWeight": 0, "spikeWindow": { "before": "0.5 ms", "after": "1.5 ms" }, "optimizer": { "type": "l-bfgs-b" }, """;

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Intervals_stand_in_the_summary_and_on_the_page()
    {
        place.Write("fit.json", Config(""" { "type": "laplace" } """));
        var run = place.Run("run", "fit.json", "--out", "out").Succeeded();
        Assert.Matches("fit: parameters: .*EL −65 ± ", run.Error);
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
    public void What_determines_nothing_is_warned_of_and_what_cannot_be_estimated_is_refused()
    {
        place.Write("free.json", Config(""" { "type": "laplace" } """, free: """ "gL", "EL", "C", "VTstar" """));
        Assert.Contains("warning: BM2805: the loss does not depend on VTstar", place.Run("run", "free.json", "--out", "out").Succeeded().Error, StringComparison.Ordinal);

        place.RefusesConfig(3, "BM2803", Config(""" { "type": "laplace" } """, free: ""), "no parameter is fitted");
        place.RefusesConfig(3, "BM2006", Config(" { } "), "'type' is missing");
        place.RefusesConfig(3, "BM2005", Config(""" { "type": "bootstrap" } """), "laplace");
        place.RefusesConfig(3, "BM2801", Config(""" { "type": "laplace" } """, keys: """ "loss": { "type": "spike-aware" }, """), "spike-aware", "mean squared difference of potentials");
    }

    private static string Config(string uncertainty, string free = """ "gL", "EL", "C" """, string keys = "") => $$"""
        {
          "stages": {
            "fit": {
              "neuron": { "type": "gif-pozzorini", "currents": 0, "thresholds": 0, "firing": "escape", "parameters": { "tref": "1 ms", "Vreset": "-65 mV" } },
              "recording": { "path": "cell.nwb" },
              {{Passive}}{{keys}}
              "free": [{{free}}], "starts": 1,
              "uncertainty": {{uncertainty}}
            }
          }
        }
        """;
}
