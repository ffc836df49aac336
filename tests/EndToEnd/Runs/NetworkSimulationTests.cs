using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd.Runs;

/// <summary>A network in a stage <c>simulate</c>, and what its run leaves.</summary>
public sealed class NetworkSimulationTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    /// <summary>Cells that pass on every spike of their input: an event is more than the threshold.</summary>
    [Fact]
    public void Its_results_hold_every_spike_trial_by_trial_and_what_was_recorded()
    {
        place.Write("spikes.csv", "timestamps,node_ids\n2,1\n4,0\n4,2\n7,1\n");
        place.Write("relay.json", """
            {
              "stages": {
                "simulate": {
                  "duration": "10 ms", "trials": 2,
                  "inputs": { "in": { "count": 3, "spikes": { "path": "spikes.csv", "timeUnit": "ms" } }, "current": { "count": 1, "step": { "amplitude": "100 pA" } } },
                  "network": {
                    "populations": {
                      "relay": { "count": 3, "neuron": { "type": "intfire1", "parameters": { "tref": "0 ms" } } },
                      "cell": { "count": 2, "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "tauM": "20 ms", "R": "100 MOhm", "EL": "-65 mV" } } },
                    },
                    "projections": {
                      "feed": { "from": "in", "to": "relay", "connectome": { "type": "one-to-one" }, "weights": { "distribution": "constant", "value": 2 } },
                      "inject": { "from": "current", "to": "cell", "weights": { "distribution": "constant", "value": 1 } },
                    },
                  },
                  "record": { "rates": "5 ms", "variables": { "potential": { "population": "cell", "variable": "V", "units": "0-1", "interval": "2 ms" }, "odd": { "population": "cell", "variable": "V", "interval": "3 ms" } } },
                },
              },
            }
            """);
        place.Run("run", "relay.json", "--out", "out").Succeeded();
        var summary = SummaryText.Read(place["out"])["stages"]!["simulate"]!;
        Assert.Equal((8, 20.0, 0), ((int)summary["spikes"]!, (double)summary["simulatedMs"]!, (int)summary["spikesByPopulation"]!["cell"]!));
        Assert.Equal(4 / (3 * 0.01), (double)summary["rates"]!["relay"]!, 9);

        using var results = NwbFile.Open(Path.Combine(place["out"], "results.nwb"));
        Assert.Empty(results.Warnings);
        var units = results.Table("/processing/simulate/units");
        Assert.Equal(["relay", "relay", "relay", "cell", "cell"], units.Column("population")!.Cells);
        double[][] expected = [[0.004, 0.014], [0.002, 0.007, 0.012, 0.017], [0.004, 0.014], [], []];
        Assert.Equal(expected, units.Column("spike_times")!.Cells.Select(static cell => ((object[])cell).Select(static t => Math.Round((double)t, 9)).ToArray()));
        Assert.Equal([0.0, 0.01], results.Table("/processing/simulate/trials").Column("start_time")!.Cells);
        Assert.Equal([0.01, 0.02], results.Table("/processing/simulate/trials").Column("stop_time")!.Cells);

        // V = EL + R I (1 - exp(-t / tauM)) at the end of steps 0, 2, 4, 6 and 8 of each trial, for both cells.
        var potential = results.Series.Single(static s => s.Path == "/processing/simulate/potential");
        Assert.Equal([10L, 2], potential.Shape);
        Assert.Equal("volts", potential.Unit);
        var (read, times) = (potential.Read(), potential.ReadTimes());
        for (var i = 0; i < 10; i++)
        {
            var t = (2 * (i % 5)) + 1;
            Assert.Equal((0.01 * (i / 5)) + (0.001 * t), times[i], 12);
            Assert.Equal(1e-3 * (-65 + (10 * (1 - Math.Exp(-t / 20.0)))), read[2 * i], 1e-8);
            Assert.Equal(read[2 * i], read[(2 * i) + 1]);
        }

        Assert.Equal([0.001, 0.004, 0.007, 0.01, 0.011, 0.014, 0.017, 0.02], results.Series.Single(static s => s.Path == "/processing/simulate/odd").ReadTimes().Select(static t => Math.Round(t, 9)));
        Assert.Equal([200.0, 200.0 / 3, 200.0, 200.0 / 3], results.Series.Single(static s => s.Path == "/processing/simulate/rates_relay").Read().Select(static r => Math.Round(r, 9)), (x, y) => Math.Abs(x - y) < 1e-6);

        var report = File.ReadAllText(Path.Combine(place["out"], "report.html"));
        Assert.Contains("\"rasters\":[{\"name\":\"relay\",\"isInput\":false,\"rows\":3,\"stride\":1,\"x\":[2,4,4,7],\"y\":[1,0,2,1]", report, StringComparison.Ordinal);
        Assert.Contains("class=\"trial-plot\"", report, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(place["out"], "checkpoints")));
    }
}
