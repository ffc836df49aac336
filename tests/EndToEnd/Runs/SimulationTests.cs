using System.Globalization;
using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd.Runs;

public sealed class SimulationTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    /// <summary>Below threshold the membrane charges as V = EL + R I (1 - exp(-t / tauM)), which exponential Euler steps exactly.</summary>
    [Fact]
    public void A_simulation_alone_charges_the_membrane_as_the_closed_form()
    {
        place.Write("step.json", """
            {
              "name": "charging",
              "stages": {
                "step": {
                  "type": "simulate",
                  "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "tauM": "20 ms", "R": "100 MOhm", "EL": "-65 mV" } },
                  "stimulus": { "amplitude": "100 pA", "start": "10 ms" },
                  "duration": "60 ms",
                  "timeStep": "0.1 ms",
                },
              },
            }
            """);
        var folder = place.Run("run", "step.json").Succeeded().LastLine;

        // Without --out: runs/NAME/TIME in the current folder.
        Assert.Equal(place["runs/charging"], Path.GetDirectoryName(folder));
        Assert.True(DateTime.TryParseExact(Path.GetFileName(folder), "yyyyMMdd-HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), folder);
        using var results = NwbFile.Open(Path.Combine(folder, "results.nwb"));
        var potential = results.Series.Single(series => series.Path == "/processing/step/modelled_0001").Read(0, 600);
        Assert.Equal(600, potential.Length);
        for (var t = 0; t < potential.Length; t++)
        {
            var expected = -65 + (10 * (1 - Math.Exp(-Math.Max(0, (0.1 * t) - 10) / 20)));
            Assert.Equal(1e-3 * expected, potential[t], 1e-9);
        }
    }

    [Fact]
    public void A_run_that_blows_up_ends_with_5_and_says_what_to_change()
    {
        place.Write("far.json", """
            {
              "stages": {
                "simulate": {
                  "neuron": { "type": "hodgkin-huxley" }, "stimulus": { "amplitude": "100 uA" }, "duration": "1 s", "timeStep": "50 ms", "integrator": "euler",
                },
              },
            }
            """);
        var outcome = place.Run("run", "far.json", "--out", "out").EndedWith(5);
        Assert.Contains("BM5102: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("smaller 'timeStep'", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("failed", (string)SummaryText.Read(place["out"])["status"]!);
        Assert.Equal(place["out"], outcome.LastLine);
    }
}
