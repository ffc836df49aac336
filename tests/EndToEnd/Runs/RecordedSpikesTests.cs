namespace BrainModular.EndToEnd.Runs;

/// <summary>Three fits, each from the one before: the potential, the threshold, and the neuron without randomness.</summary>
public sealed class RecordedSpikesTests : IDisposable
{
    private const string Neuron = """ "type": "gif-pozzorini", "currents": 0, "thresholds": 0, "parameters": { "tref": "1 ms", "Vreset": "-65 mV", "C": { "value": "0.1 nF" } } """;

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_fit_goes_on_from_the_one_before_and_figures_of_spikes_are_of_the_part_held_out()
    {
        place.Write("fit.json", $$"""
            {
              "stages": {
                "potential": {
                  "type": "fit",
                  "neuron": { "firing": "escape", {{Neuron}} },
                  "recording": { "path": "cell.nwb", "sweeps": "2,3", "testFrom": "30 ms" },
                  "spikes": "recording", "spikeWeight": 0, "spikeWindow": { "before": "0.5 ms", "after": "1.5 ms" },
                  "free": ["C", "gL", "EL"], "starts": 1,
                },
                "threshold": { "type": "fit", "from": "potential", "spikes": "recording", "loss": { "type": "spike-likelihood" }, "free": ["VTstar", "DeltaV"], "starts": 1 },
                "deterministic": {
                  "type": "fit", "from": "threshold", "free": [],
                  "neuron": { "type": "gif-pozzorini", "currents": 0, "thresholds": 0, "firing": "median" },
                },
              },
            }
            """);
        place.Run(["run", "fit.json", "--out", "out"]).Succeeded();
        var stages = SummaryText.Read(place["out"])["stages"]!;
        double Value(string stage, string name) => (double)stages[stage]!["parameters"]![name]!["value"]!;

        Assert.Equal(0.01, Value("potential", "gL"), 1e-3);
        Assert.Equal(-65, Value("potential", "EL"), 0.5);
        Assert.Equal(Value("potential", "gL"), Value("threshold", "gL"));
        Assert.Equal(Value("threshold", "VTstar"), Value("deterministic", "VTstar"));
        Assert.Equal(1.0, Value("deterministic", "tref"));

        var test = stages["deterministic"]!["test"]!;
        Assert.True((double)test["gamma"]! > 0.7, test.ToJsonString());
        foreach (var sweep in test["sweeps"]!.AsArray())
        {
            Assert.Equal((double)sweep!["recordedSpikes"]!, (double)sweep["spikes"]!, 1.0);
            Assert.Equal((double)sweep["recordedRate"]!, (int)sweep["recordedSpikes"]! / 0.03, 1e-6);
        }
    }

    /// <summary>A membrane of 100 MOhm and 20 ms behind 12 MOhm that settle with 4.5 ms, or with half a millisecond as an electrode does, and a current that changes every 5 ms.</summary>
    [Theory]
    [InlineData(4.5, true)]
    [InlineData(0.5, false)]
    public void An_electrode_that_is_none_is_warned_of(double settling, bool warned)
    {
        var (membrane, series) = (0.0, 0.0);
        place.Write("cell.txt", string.Join('\n', Enumerable.Range(0, 10_000).Select(t =>
        {
            var current = 0.1 * Math.Sin(17.0 * (t / 50) * (t / 50));
            (membrane, series) = (membrane + ((current - membrane) * (1 - Math.Exp(-0.1 / 20))), series + ((current - series) * (1 - Math.Exp(-0.1 / settling))));
            return FormattableString.Invariant($"{current} {-60 + (100 * membrane) + (12 * series)}");
        })));
        place.Run("convert", "cell.txt", "steps.nwb", "--rate", "10000", "--stimulus", "1", "--stimulus-unit", "nA", "--response", "2", "--response-unit", "mV").Succeeded();
        place.Write("fit.json", Workplace.Fit(recording: """{ "path": "steps.nwb", "sweeps": { "test": "none" }, "electrode": {} }""", keys: """ "free": [], """));
        Assert.Equal(warned, place.Run("run", "fit.json", "--out", "slow").Succeeded().Error.Contains("BM3124", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_fit_lacks_is_named()
    {
        place.RefusesConfig(3, "BM2006", """{ "stages": { "fit": { "recording": { "path": "cell.nwb" } } } }""", "'neuron' is missing");
        place.RefusesConfig(
            3, "BM2312", Workplace.Fit(neuron: """{ "type": "hodgkin-huxley" }""", keys: """ "spikes": "recording", """), "no state that jumps", "an integrate-and-fire model");
        place.RefusesConfig(3, "BM3116", Workplace.Fit(recording: """{ "path": "cell.nwb", "spikeReset": "5 mV", "spikeThreshold": "0 mV" }"""), "both say what a recorded spike is", "leave it out");
        place.RefusesConfig(3, "BM3115", Workplace.Fit(recording: """{ "path": "cell.nwb", "testFrom": "1 s" }"""), "'testFrom' is 1 s", "lasts 60 ms");
        place.RefusesConfig(3, "BM2313", Workplace.Fit(keys: """ "spikes": "recording", "resetGradient": "none", """), "stages.fit.resetGradient", "leave 'resetGradient' out");
        place.RefusesConfig(3, "BM3118", Workplace.Fit(recording: """{ "path": "cell.nwb", "duration": "9 ms", "electrode": {} }"""), "stages.fit.recording.electrode", "does the injected current change", "'resistance'");
    }
}
