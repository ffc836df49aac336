using System.Globalization;

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

    [Theory]
    [InlineData(4.5, true)]
    [InlineData(0.5, false)]
    public void An_electrode_that_is_none_is_warned_of(double settling, bool warned)
    {
        WriteSeries(settling);
        place.Write("fit.json", Workplace.Fit(recording: """{ "path": "steps.nwb", "sweeps": { "test": "none" }, "electrode": {} }""", keys: """ "free": [], """));
        Assert.Equal(warned, place.Run("run", "fit.json", "--out", "slow").Succeeded().Error.Contains("BM3124", StringComparison.Ordinal));
    }

    /// <summary>Half a millisecond may be the cell's own, and what comes at once is not.</summary>
    [Theory]
    [InlineData(0.01, "found", true, true)]
    [InlineData(0.5, "found", false, false)]
    [InlineData(0.5, "always", true, false)]
    [InlineData(0.01, "never", false, false)]
    public void An_electrode_is_subtracted_when_it_is_asked_for(double settling, string when, bool subtracted, bool told)
    {
        WriteSeries(settling);
        place.Write("fit.json", Workplace.Fit(recording: $$"""{ "path": "steps.nwb", "sweeps": { "test": "none" }, "electrode": { "when": "{{when}}" } }""", keys: """ "free": [], """));
        Assert.Equal(told, place.Run("run", "fit.json", "--out", "run").Succeeded().Error.Contains("BM3129", StringComparison.Ordinal));
        var electrode = SummaryText.Read(place["run"])["stages"]!["fit"]!["electrode"];
        Assert.Equal(subtracted, electrode is not null);
        if (subtracted)
        {
            // Half of a megohm is the membrane's, which has charged for one sample where the electrode's part is taken.
            Assert.Equal(12.5, double.Parse(((string)electrode!["resistance"]!).Split(' ')[0], CultureInfo.InvariantCulture), 0.3);
        }
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

    /// <summary>A membrane of 100 MOhm and 20 ms behind 12 MOhm that settle as slowly as that, half a millisecond as an electrode does, and a current that changes every 5 ms.</summary>
    private void WriteSeries(double settling)
    {
        var (membrane, series) = (0.0, 0.0);
        place.Write("cell.txt", string.Join('\n', Enumerable.Range(0, 10_000).Select(t =>
        {
            var current = 0.1 * Math.Sin(17.0 * (t / 50) * (t / 50));
            (membrane, series) = (membrane + ((current - membrane) * (1 - Math.Exp(-0.1 / 20))), series + ((current - series) * (1 - Math.Exp(-0.1 / settling))));
            return FormattableString.Invariant($"{current} {-60 + (100 * membrane) + (12 * series)}");
        })));
        place.Run("convert", "cell.txt", "steps.nwb", "--rate", "10000", "--stimulus", "1", "--stimulus-unit", "nA", "--response", "2", "--response-unit", "mV").Succeeded();
    }
}
