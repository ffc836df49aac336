using BrainModular.Diagnostics;
using BrainModular.Host.Composition;
using BrainModular.Host.Composition.Simulations;

namespace BrainModular.Host.Simulations;

/// <summary>A configuration with files beside it, in a folder that is deleted afterwards, whose simulations are run as the command does.</summary>
internal sealed class SimulationRun : IDisposable
{
    private readonly List<SimulationOutcome> outcomes = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("brain-simulation-").FullName;

    /// <summary>Cells that pass on every spike of an input: an event is more than the threshold, and nothing is left of it after a step.</summary>
    public static string Relay(string input, string keys, int count = 3) => $$"""
        {
          "stages": {
            "simulate": {
              "network": {
                "populations": { "relay": { "count": {{count}}, "neuron": { "type": "intfire1", "parameters": { "tref": "0 ms", "tau": "0.1 ms" } } } },
                "projections": { "feed": { "from": "in", "to": "relay", "connectome": { "type": "one-to-one" }, "weights": { "distribution": "constant", "value": 2 } } },
              },
              "inputs": { "in": {{input}} },
              {{keys}}
            },
          },
        }
        """;

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public SimulationOutcome Run(string text, int threads = 2)
    {
        Write("experiment.json", text);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, $"run-{outcomes.Count}")).FullName;
        var outcome = (SimulationOutcome)TinyTraining.Run(Experiment.Load(Path.Combine(Folder, "experiment.json"), [], []), folder, threads: threads).Outcomes["simulate"];
        outcomes.Add(outcome);
        return outcome;
    }

    public IReadOnlyList<Diagnostic> FaultsOf(string text)
    {
        Write("experiment.json", text);
        return Assert.Throws<DiagnosticException>(() => Experiment.Load(Path.Combine(Folder, "experiment.json"), [], [])).Diagnostics;
    }

    public void Dispose()
    {
        outcomes.ForEach(static o => o.Release());
        Directory.Delete(Folder, recursive: true);
    }
}
