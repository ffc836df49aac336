using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd.Runs;

/// <summary>A recording whose stimulus is the measured current: at each spike that is off by up to 0.7 nA.</summary>
public sealed class SpikeArtefactsTests : IDisposable
{
    private const long Sweep = 7;
    private const int FirstSpike = 876;
    private const double Largest = 0.2e-9;

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [SkippableFact]
    public void A_measured_current_no_longer_tells_a_model_of_recorded_spikes()
    {
        var recording = RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb");
        place.Write("fit.json", $$"""
            {
              "stages": {
                "fit": {
                  "neuron": { "type": "leaky-integrate-and-fire" }, "free": [],
                  "recording": { "path": "{{recording}}", "sweeps": { "train": "{{Sweep}}", "test": "none" }, "duration": "400 ms", "spikeArtefacts": {} },
                },
              },
            }
            """);
        place.Run(["run", "fit.json", "--out", "out"]).Succeeded();

        using var original = NwbFile.Open(recording);
        using var results = NwbFile.Open(Path.Combine(place["out"], "results.nwb"));
        var given = results.Read(results.Sweep(Sweep)).Current;
        var measured = original.Read(original.Sweep(Sweep)).Current[..given.Length];
        Assert.Contains(measured, static i => Math.Abs(i) > 0.4e-9);
        Assert.DoesNotContain(given, static i => Math.Abs(i) > Largest);
        Assert.Equal(measured[..(FirstSpike - 20)], given[..(FirstSpike - 20)], static (a, b) => Math.Abs(a - b) < 1e-18);
        Assert.InRange(given.Zip(measured).Count(static pair => Math.Abs(pair.First - pair.Second) > 1e-18), 300, 500);
    }
}
