namespace BrainModular.EndToEnd.Runs;

/// <summary>Fits that begin with parts of the sweeps, and those whose loss is a mean over values of a parameter.</summary>
public sealed class FitRoundsTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Rounds_are_told_and_the_report_says_what_was_used()
    {
        place.Write("fit.json", Workplace.Fit(keys: """
             "coupling": { "conductance": "50 nS", "rounds": 2 }, "horizon": { "first": "15 ms", "rounds": 3 }, "jitter": { "parameter": "Vth", "halfWidth": "0.7 mV" },
            """));
        var told = place.Run("run", "fit.json", "--out", "out").Succeeded().Error;
        Assert.Contains("round 1 of 3", told, StringComparison.Ordinal);
        Assert.Contains("round 3 of 3", told, StringComparison.Ordinal);
        var page = File.ReadAllText(Path.Combine(place["out"], "report.html"));
        foreach (var used in new[] { "Coupling to the data", "Horizon", "Jitter of Vth", "the mean of 5" })
        {
            Assert.Contains(used, page, StringComparison.Ordinal);
        }

        place.Run("resume", "out").Succeeded();
    }

    [Fact]
    public void A_fit_that_begins_with_segments_says_so()
    {
        place.Write("fit.json", Workplace.Fit(keys: """ "shooting": { "segment": "10 ms", "rounds": 2 }, """));
        Assert.Contains("round 2 of 2", place.Run("run", "fit.json", "--out", "out").Succeeded().Error, StringComparison.Ordinal);
        Assert.Contains("Segments", File.ReadAllText(Path.Combine(place["out"], "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BM2315", """ "jitter": { "parameter": "Vht", "halfWidth": "1 mV" } """, "jitter.parameter", "did you mean 'Vth'?")]
    [InlineData("BM2315", """ "free": ["R", "tauM"], "jitter": { "parameter": "R", "halfWidth": "1 MOhm" } """, "jitter.parameter", "logarithmic")]
    [InlineData("BM2302", """ "jitter": { "parameter": "Vth", "halfWidth": "1 ms" } """, "jitter.halfWidth", "in mV")]
    [InlineData("BM2302", """ "jitter": { "parameter": "Vth", "halfWidth": "0 mV" } """, "jitter.halfWidth", "above 0")]
    [InlineData("BM2005", """ "horizon": { "first": "15 ms", "rounds": 1 } """, "horizon.rounds", "from 2")]
    [InlineData("BM2006", """ "horizon": { "rounds": 3 } """, "horizon", "'first' is missing")]
    [InlineData("BM2712", """ "horizon": { "first": "15 ms" }, "optimizer": { "type": "cma-es" }, "loss": { "type": "features", "features": { "spike_count": {} } } """, "fit.horizon", "remove 'horizon'")]
    [InlineData("BM2712", """ "shooting": { "segment": "15 ms" }, "optimizer": { "type": "cma-es" }, "loss": { "type": "features", "features": { "spike_count": {} } } """, "fit.shooting", "remove 'shooting'")]
    [InlineData("BM2317", """ "shooting": { "segment": "15 ms" }, "horizon": { "first": "15 ms" } """, "fit.shooting", "'horizon' do not go together")]
    [InlineData("BM2317", """ "shooting": { "segment": "15 ms" }, "optimizer": { "type": "levenberg-marquardt" } """, "fit.shooting", "l-bfgs-b")]
    [InlineData("BM2316", """ "shooting": { "segment": "15 ms" }, "loss": { "type": "aligned-voltage-error" } """, "recorded spikes over the model's", "remove 'shooting'")]
    [InlineData("BM2801", """ "jitter": { "parameter": "Vth", "halfWidth": "1 mV" }, "uncertainty": { "type": "laplace" } """, "mean over values of Vth", "remove 'uncertainty'")]
    public void What_does_not_fit_is_refused(string id, string keys, params string[] mentions) => place.RefusesConfig(3, id, $$"""
        { "stages": { "fit": { "neuron": { "type": "leaky-integrate-and-fire" }, "recording": { "path": "cell.nwb", "sweeps": { "train": "1,2", "test": "3" } }, {{keys}} } } }
        """, mentions);
}
