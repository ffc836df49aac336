using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Composition.Simulations;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Simulations;

/// <summary>Networks in a stage <c>simulate</c>, held against closed forms and published counts.</summary>
public sealed class SimulationTests : IDisposable
{
    private readonly SimulationRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_cancelled_run_whose_report_cannot_be_written_is_a_cancelled_one_all_the_same()
    {
        run.Write("experiment.json", SimulationRun.Relay("""{ "count": 3, "poisson": "20 Hz" }""", "\"duration\": \"2 ms\""));
        var experiment = Experiment.Load(Path.Combine(run.Folder, "experiment.json"), [], []);
        var folder = RunFolder.Create(Path.Combine(run.Folder, "out"), "out", DateTimeOffset.UnixEpoch);
        folder.Begin(experiment.Config.Resolved([]), static () => new JsonObject { ["started"] = "2000-01-01T00:00:00Z", ["commandLine"] = new JsonArray("brain") });
        Directory.CreateDirectory(folder.Report);
        using var error = new StringWriter();
        Assert.ThrowsAny<OperationCanceledException>(() => new ExperimentRunner(experiment, folder, new(error, isTerminal: false), threads: 1).Run(new CancellationToken(canceled: true)));
        var summary = JsonNode.Parse(File.ReadAllBytes(folder.Summary))!;
        Assert.Equal("cancelled", (string?)summary["status"]);
        Assert.Contains(folder.Report, (string)summary["faults"]![0]!, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.tmp"));
    }

    /// <summary>V = EL + R I (1 - exp(-t / tauM)) until the threshold, then again after tref: a period of tref + tauM log(R I / (R I - Vth + EL)).</summary>
    [Fact]
    public void A_cell_under_a_current_step_charges_and_fires_as_the_closed_form()
    {
        var outcome = run.Run("""
            {
              "stages": {
                "simulate": {
                  "duration": "1 s",
                  "inputs": { "electrode": { "count": 2, "step": { "amplitude": "1 nA", "start": "10 ms", "duration": "900 ms" } } },
                  "network": {
                    "timeStep": "0.01 ms", "precision": "float64",
                    "populations": {
                      "cells": { "count": 2, "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "tauM": "20 ms", "R": "100 MOhm", "EL": "-65 mV", "Vth": "-50 mV", "Vreset": "-65 mV", "tref": "2 ms" } } },
                    },
                    "projections": {
                      "current": { "from": "electrode", "to": "cells", "connectome": { "type": "one-to-one" }, "weights": { "distribution": "uniform", "low": 0.1, "high": 0.2 } },
                    },
                  },
                  "record": { "variables": { "V": { "population": "cells", "variable": "V", "units": "0-1", "interval": "0.1 ms" } } },
                },
              },
            }
            """);
        var weights = outcome.Simulation.Program.Weights("current", outcome.Simulation.Program.InitialCoordinates());
        Assert.All(weights, static w => Assert.InRange(w, 0.1, 0.2));
        var expected = 0;
        for (var cell = 0; cell < 2; cell++)
        {
            var drive = 100 * weights[cell];
            var first = drive > 15 ? 20 * Math.Log(drive / (drive - 15)) : double.PositiveInfinity;
            var spikes = double.IsInfinity(first) ? 0 : 1 + (int)((900 - first) / (first + 2));
            Assert.InRange(outcome.Recording.Spikes("cells").CountOfUnit[cell], spikes - 1, spikes + 1);
            expected += spikes;

            // Sample i is V at the end of step 10 i.
            for (var i = 100; 0.1 * i < Math.Min(10 + first, 200); i++)
            {
                Assert.Equal(-65 + (drive * (1 - Math.Exp(-((0.1 * i) + 0.01 - 10) / 20))), outcome.Recording.Traces[0][0][cell][i], 1e-9);
            }
        }

        Assert.True(expected > 5);
        Assert.Equal(1000.0, (double)outcome.Summary["simulatedMs"]!, 9);
        Assert.Equal(outcome.Recording.Count / 2.0, (double)outcome.Summary["rates"]!["cells"]!, 9);
        Assert.Equal(outcome.Recording.Count, (long)outcome.Summary["spikes"]!);
    }

    [Fact]
    public void Random_spikes_have_their_rate_are_independent_and_belong_to_their_trial()
    {
        const string Poisson = """{ "count": 200, "poisson": "20 Hz" }""";
        var outcome = run.Run(SimulationRun.Relay(Poisson, "\"duration\": \"2 s\", \"trials\": 20", 200));
        var counts = outcome.Recording.Spikes("relay").CountOfUnit;

        // Several spikes of a step are one of a relay: of 40,000 steps 1 - exp(-0.02) have one, 792 +- sqrt(792 x 0.98); of their spread over 200 channels the standard error is 10 % of the variance.
        var (mean, variance) = (counts.Average(), counts.Average(c => (c - counts.Average()) * (c - counts.Average())));
        var expected = 40000 * (1 - Math.Exp(-0.02));
        Assert.InRange(mean, expected - (4 * Math.Sqrt(expected * 0.98 / 200)), expected + (4 * Math.Sqrt(expected * 0.98 / 200)));
        Assert.InRange(variance, expected * 0.98 * 0.6, expected * 0.98 * 1.4);
        Assert.Equal(20, (double)outcome.Summary["rates"]!["relay"]!, 0.3);
        Assert.Equal(40000.0, (double)outcome.Summary["simulatedMs"]!, 6);

        var single = run.Run(SimulationRun.Relay(Poisson, "\"duration\": \"2 s\"", 200));
        Assert.Equal(Spikes(single), Spikes(outcome).Where(static s => s.StartsWith("0 ", StringComparison.Ordinal)));
        Assert.NotEqual(Spikes(single), Spikes(run.Run(SimulationRun.Relay(Poisson, "\"duration\": \"2 s\", \"seed\": 2", 200))));
        var rates = Enumerable.Range(0, 20).SelectMany(trial => outcome.Recording.Rates(outcome.Simulation.Spiking[0], trial)).ToList();
        Assert.Equal((20 * 200, 20.0), (rates.Count, Math.Round(rates.Average(), 0)));
    }

    /// <summary>An exponential current of weight w adds w for each spike: over a long time constant the sum counts them, be they rare or several in a step.</summary>
    [Theory]
    [InlineData(50)]
    [InlineData(3000)]
    public void Random_spikes_of_one_step_add_up(double rate)
    {
        var outcome = run.Run($$"""
            {
              "stages": {
                "simulate": {
                  "duration": "1 s", "inputs": { "in": { "count": 300, "poisson": "{{rate}} Hz" } },
                  "network": {
                    "precision": "float64", "synapses": { "s": { "type": "exponential-current", "parameters": { "tau": "1000 ms" } } },
                    "populations": { "cells": { "count": 300, "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "Vth": "0 mV", "R": "1 MOhm" } } } },
                    "projections": { "p": { "from": "in", "to": "cells", "synapse": "s", "connectome": { "type": "one-to-one" }, "weights": { "distribution": "constant", "value": 1 } } },
                  },
                  "record": { "variables": { "I": { "population": "cells", "variable": "s.I", "units": "0-299" } } },
                },
              },
            }
            """);

        // Of each of 1000 steps as many as are Poisson-distributed, times what is left of them.
        double[] sums = [.. outcome.Recording.Traces[0][0].Select(static unit => unit[^1])];
        double Left(int power) => rate / 1000 * Enumerable.Range(0, 1000).Sum(age => Math.Exp(-power * age / 1000.0));
        var (mean, variance) = (Left(1), Left(2));
        Assert.InRange(sums.Average(), mean - (4 * Math.Sqrt(variance / 300)), mean + (4 * Math.Sqrt(variance / 300)));
        Assert.InRange(sums.Average(s => (s - sums.Average()) * (s - sums.Average())) / variance, 0.65, 1.35);
    }

    [Fact]
    public void Spikes_of_a_table_come_in_at_their_steps_and_what_is_rounded_or_left_out_is_said()
    {
        run.Write("spikes.csv", "timestamps,node_ids\n0.003,1\n0.0104,0\n0.0106,2\n0.003,2\n0.5,0\n");
        var outcome = run.Run(SimulationRun.Relay("""{ "count": 3, "spikes": { "path": "spikes.csv", "timeUnit": "s" } }""", "\"duration\": \"20 ms\""));
        Assert.Equal(["0 3 1", "0 3 2", "0 10 0", "0 11 2"], Spikes(outcome));
        Assert.Equal(
            ["input in: 2 of 4 spikes lie between time steps of 1 ms; each falls into the nearest one", "input in: 1 of 5 spikes lie outside of the 20 ms that are simulated"],
            outcome.Summary["notes"]!.AsArray().Select(static n => (string)n!));

        run.Write("spikes.txt", "when population who\n3 a 1\n4 b 1\n");
        var table = """{ "count": 3, "spikes": { "path": "spikes.txt", "timeUnit": "ms", "timeColumn": "1", "nodeColumn": "who", "delimiter": "space", "population": "b" } }""";
        Assert.Equal(["0 4 1"], Spikes(run.Run(SimulationRun.Relay(table, "\"duration\": \"20 ms\""))));
    }

    [Theory]
    [InlineData("spikes.csv", "timestamps;node_ids\n3;1\n4;0\n")]
    [InlineData("spikes.csv", "timestamps\tnode_ids\n3\t1\n4\t0\n")]
    [InlineData("spikes.tsv", "timestamps\tnode_ids\n3\t1\n4\t0\n")]
    [InlineData("spikes.txt", "timestamps  node_ids\n3   1\n4   0\n")]
    public void What_stands_between_the_cells_of_a_table_of_spikes_is_told_by_the_table(string name, string text)
    {
        run.Write(name, text);
        var outcome = run.Run(SimulationRun.Relay($"{{ \"count\": 3, \"spikes\": {{ \"path\": \"{name}\", \"timeUnit\": \"ms\" }} }}", "\"duration\": \"20 ms\""));
        Assert.Equal([1, 1, 0], outcome.Recording.Spikes("relay").CountOfUnit);
    }

    /// <summary>Intervals of 10 ms have no variation, those of 10 and 30 ms in turn one of 10 / 20; whoever spikes together is correlated by 1, the spikes before the warm-up are in no figure.</summary>
    [Fact]
    public void Figures_of_spikes_are_those_of_their_definitions()
    {
        IEnumerable<(int Time, int Node)> spikes =
        [
            .. Enumerable.Range(10, 90).Select(static i => (i * 10, 0)),
            .. Enumerable.Range(10, 90).Select(static i => (i * 10, 1)),
            .. Enumerable.Range(5, 45).SelectMany(static i => new[] { ((i * 40) + 1, 2), ((i * 40) + 11, 2) }).Where(static s => s.Item1 < 1000),
            .. Enumerable.Range(0, 50).Select(static i => (i, 2)),
        ];
        run.Write("spikes.csv", "timestamps,node_ids\n" + string.Join('\n', spikes.Order().Select(static s => $"{s.Time},{s.Node}")));
        SimulationOutcome Run(int nodes) => run.Run(SimulationRun.Relay(
            "{ \"count\": 4, \"spikes\": { \"path\": \"spikes.csv\", \"timeUnit\": \"ms\" } }".Replace("\"count\": 4", $"\"count\": {nodes}", StringComparison.Ordinal),
            "\"duration\": \"1 s\", \"record\": { \"warmUp\": \"100 ms\" }", nodes));
        var summary = Run(4).Summary;
        var counted = spikes.Count(static s => s.Time >= 100);
        Assert.Equal(counted / 4.0 / 0.9, (double)summary["rates"]!["relay"]!, 1e-9);
        Assert.Equal((0 + 0 + 0.5) / 3, (double)summary["intervalVariation"]!["relay"]!, 0.005);

        // Counts of 2 ms of units 0 and 1 are the same: a correlation of 1; with unit 2, which never spikes in the same bin, that of their means.
        double[] Counts(int node) => [.. Enumerable.Range(0, 450).Select(bin => (double)spikes.Count(s => s.Node == node && s.Time >= 100 && (s.Time - 100) / 2 == bin))];
        double Correlation(double[] a, double[] b) => a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum()
            / Math.Sqrt(a.Sum(x => (x - a.Average()) * (x - a.Average())) * b.Sum(y => (y - b.Average()) * (y - b.Average())));
        Assert.Equal((1 + (2 * Correlation(Counts(0), Counts(2)))) / 3, (double)summary["correlation"]!["relay"]!, 1e-9);
    }

    [Fact]
    public void Without_an_input_nothing_spikes() =>
        Assert.Equal(0, run.Run(SimulationRun.Relay("""{ "count": 3 }""", "\"duration\": \"20 ms\"")).Recording.Count);

    /// <summary>Intervals of units in two trials vary by 0 and 1/3, and by 0.6: the mean over units is taken in each trial, and that of the trials after it.</summary>
    [Fact]
    public void The_variation_of_intervals_is_that_of_the_units_of_each_trial()
    {
        var simulation = run.Run(SimulationRun.Relay("{ \"count\": 3 }", "\"duration\": \"20 ms\", \"trials\": 2")).Simulation;
        IEnumerable<StoredSpike> Train(int trial, int unit, params int[] steps) => steps.Select(step => new StoredSpike(trial, step, unit));
        var of = PopulationSpikes.Of([.. Train(0, 0, 0, 10, 20, 30), .. Train(0, 1, 0, 10, 30, 40, 60), .. Train(1, 0, 0, 10, 50, 60, 100), .. Train(1, 2, 5, 9)], 3, simulation);
        Assert.Equal((((0 + (1 / 3.0)) / 2) + 0.6) / 2, of.IntervalVariation!.Value, 1e-12);
    }

    /// <summary>What a unit sends itself or another without delay arrives in the next step.</summary>
    [Fact]
    public void Connections_of_a_population_with_itself_take_at_least_a_step()
    {
        run.Write("edges.csv", "source,target,weight,delay\n0,0,2,0\n0,1,2,0.04\n1,2,2,0.5\n");
        var outcome = run.Run(Recurrent(3, "{ \"type\": \"edge-list\", \"path\": \"edges.csv\" }"));
        Assert.Equal([1, 1, 5], outcome.Simulation.Network.Projections.First(static p => p.Name == "own").Connections!.Delay!.Select(static d => (int)d));
        Assert.Contains("projection own: 2 of 3 connections have a delay that is nearer to 0 than to a time step, and take one time step", outcome.Simulation.Notes);
    }

    [SkippableTheory]
    [InlineData("connectivity/connectivity_66.zip")]
    [InlineData("connectivity/connectivity_76.zip")]
    [InlineData("connectivity/connectivity_80.zip")]
    [InlineData("connectivity/connectivity_96.zip")]
    [InlineData("connectivity/paupau.zip")]
    [InlineData("macaque/connectivity_84.zip")]
    [InlineData("h5/Connectivity_74.h5")]
    public void Connectivities_of_the_virtual_brain_can_be_recurrent(string file)
    {
        var path = RealData.Require(["connectome-tvb", .. file.Split('/')]);
        var own = run.Run(Recurrent(null, $"{{ \"type\": \"tvb\", \"path\": \"{path}\" }}")).Simulation.Network.Projections.First(static p => p.Name == "own");
        Assert.All(own.Connections!.Delay!, static steps => Assert.True(steps > 0));
    }

    [Fact]
    public void Parameters_are_read_off_a_table_of_nodes_in_the_configurations_folder()
    {
        Directory.CreateDirectory(Path.Combine(run.Folder, "data"));
        run.Write("data/weights.csv", "0,1,0\n0,0,1\n1,0,0\n");
        run.Write("cells.csv", "name,charge,current,hold\na,4,2,0\nb,9,3,1\nc,20,4,2\n");
        var text = SimulationRun.Relay("{ \"count\": 3 }", "\"duration\": \"2 ms\"")
            .Replace("\"tref\": \"0 ms\", \"tau\": \"0.1 ms\"", "\"tref\": { \"attribute\": \"hold\", \"unit\": \"ms\" }, \"tau\": { \"attribute\": \"charge\", \"per\": \"current\", \"unit\": \"pC/nA\" }", StringComparison.Ordinal)
            .Replace("\"projections\": {", "\"projections\": { \"ring\": { \"from\": \"relay\", \"to\": \"relay\", \"connectome\": { \"type\": \"matrix\", \"path\": \"data/weights.csv\", \"nodes\": \"cells.csv\" } },", StringComparison.Ordinal);
        var cells = run.Run(text).Simulation.Network.Population("relay");
        Assert.Equal([2.0, 3, 5], cells.Values["tau"].Select(static v => Math.Round(v, 9)));
        Assert.Equal([0.0, 1, 2], cells.Values["tref"]);
        Assert.Equal("BM2302", Assert.Single(run.FaultsOf(text.Replace("pC/nA", "pC/mV", StringComparison.Ordinal))).Id);
        Assert.Equal("BM2304", Assert.Single(run.FaultsOf(text.Replace("\"unit\": \"ms\"", "\"unit\": \"s\"", StringComparison.Ordinal))).Id);
        Assert.Equal("BM2640", Assert.Single(run.FaultsOf(text.Replace("\"attribute\": \"hold\"", "\"attribute\": \"held\"", StringComparison.Ordinal))).Id);
        Assert.Equal("BM3001", Assert.Single(run.FaultsOf(text.Replace("\"cells.csv\"", "\"data/cells.csv\"", StringComparison.Ordinal)), static f => f.Id == "BM3001").Id);
    }

    /// <summary>An event-driven simulation has 4322 spikes; NEURON's numbers of the cells are those of the circuit's own files.</summary>
    [SkippableFact]
    public void The_sonata_example_spikes_as_often_as_an_event_driven_simulation_of_it()
    {
        var data = RealData.Require("sonata-spec-examples");
        Directory.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Path.Combine(run.Folder, "sonata")).FullName, "examples"), data);
        var text = File.ReadAllText(Path.Combine(RealData.Repository, "examples", "sonata", "experiment.json"));
        var outcome = run.Run(text);
        Assert.InRange((long)outcome.Summary["spikes"]!, 4322 * 0.99, 4322 * 1.01);
        var cells = outcome.Simulation.Network.Population("v1");
        Assert.Equal((300, 90, 30), (cells.Count, outcome.Simulation.Network.CountOf("lgn"), outcome.Simulation.Network.CountOf("tw")));
        Assert.Equal([7.0, 24.0], cells.Values["tau"].Distinct().Order().Select(static tau => Math.Round(tau, 9)));
        Assert.All(cells.Values["tref"], static tref => Assert.Equal(3, tref, 9));
        Assert.Equal(2, outcome.Simulation.Notes.Count);

        var fault = Assert.Single(run.FaultsOf(text.Replace("dynamics_params/tau", "dynamics_params/tau_m", StringComparison.Ordinal)));
        Assert.Equal(("BM2640", "stages.simulate.network.populations.v1.neuron.parameters.tau"), (fault.Id, fault.Place.Path));
        Assert.Contains("dynamics_params/tau,", fault.Expected, StringComparison.Ordinal);
    }

    /// <summary>Stepped by the closed form of membrane and synapse together, with NEST's order of events, they are 18,756.</summary>
    [SkippableFact]
    public void Point_neurons_spike_as_often_as_in_closed_form()
    {
        var data = RealData.Require();
        var text = File.ReadAllText(Path.Combine(RealData.Repository, "bench", "studies", "point-neurons.json"));
        var outcome = run.Run(text.Replace("../../../shared/data", data.Replace('\\', '/'), StringComparison.Ordinal));
        Assert.InRange((long)outcome.Summary["spikes"]!, 18_756 * 0.995, 18_756 * 1.005);
        Assert.Equal((300, 100), (outcome.Simulation.Network.Population("internal").Count, outcome.Simulation.Network.CountOf("external")));
    }

    private static List<string> Spikes(Composition.Simulations.SimulationOutcome outcome) =>
        [.. outcome.Recording.Spikes("relay").Read().Select(static s => $"{s.Trial} {s.Step} {s.Unit}")];

    /// <summary>Cells of one population that are connected with each other.</summary>
    private static string Recurrent(int? count, string connectome) => $$"""
        {
          "stages": {
            "simulate": {
              "network": {
                "timeStep": "0.1 ms",
                "populations": { "relay": { {{(count is { } given ? $"\"count\": {given}, " : "")}}"neuron": { "type": "intfire1" } } },
                "projections": { "own": { "from": "relay", "to": "relay", "connectome": {{connectome}}, "weights": { "distribution": "connectome" } } },
              },
              "duration": "1 ms",
            },
          },
        }
        """;
}
