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
