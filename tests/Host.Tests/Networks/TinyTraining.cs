using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;

namespace BrainModular.Host;

/// <summary>A network of 20 cells that learns in a moment which side a cue is on.</summary>
internal static class TinyTraining
{
    public const string Task = """
        { "type": "evidence-accumulation", "cues": 1, "cue": "30 ms", "gap": "5 ms", "delay": "10 ms", "recall": "15 ms", "channels": 5, "cueRate": "200 Hz", "recallRate": "100 Hz" }
        """;

    public const string Text = $$"""
        {
          "threads": 2,
          "stages": {
            "train": {
              "network": {
                "rescaling": { "offset": "-60 mV", "scale": "20 mV" },
                "synapses": {
                  "exc": { "type": "exponential-conductance", "parameters": { "E": 3, "tau": "10 ms" } },
                  "inh": { "type": "exponential-conductance", "parameters": { "E": "-120 mV", "tau": { "normal": ["10 ms", "1 ms"] } } },
                },
                "populations": {
                  "E": {
                    "count": 16,
                    "neuron": {
                      "type": "generalized-integrate-and-fire", "threshold": "fixed",
                      "parameters": { "tauV": "20 ms", "Vrest": 0, "Vth": 1, "Vreset": 0, "A1": 0, "A2": -1, "tauI2": { "uniform": ["50 ms", "150 ms"] } },
                    },
                  },
                  "I": { "count": 4, "neuron": { "type": "leaky-integrate-and-fire" } },
                  "out": { "neuron": { "type": "leaky-readout" } },
                },
                "projections": {
                  "in-E": { "from": "input", "to": "E", "synapse": "exc", "sign": "positive" },
                  "in-I": { "from": "input", "to": "I", "synapse": "exc", "sign": "positive" },
                  "E-E": { "from": "E", "to": "E", "synapse": "exc", "sign": "positive", "connectome": { "type": "fixed-probability", "probability": 0.3 }, "weights": { "scale": 0.5 } },
                  "I-E": { "from": "I", "to": "E", "synapse": "inh", "sign": "positive", "delay": "2 ms" },
                  "E-out": { "from": "E", "to": "out" },
                },
              },
              "task": {{Task}},
              "optimizer": { "type": "adam", "learningRate": 0.02 },
              "batch": 24, "maxTrials": 720, "validationTrials": 48, "validateEvery": 5, "evaluationTrials": 100,
            },
          },
        }
        """;

    /// <summary>The text with one piece put in the place of another.</summary>
    public static string With(string old, string now)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        return Text.Replace(old, now, StringComparison.Ordinal);
    }

    /// <summary>The text with further stages after the training.</summary>
    public static string Then(string stages) => Text[..Text.LastIndexOf("  },\n}", StringComparison.Ordinal)] + stages + "  },\n}";

    public static Experiment Load(string text, params string[] plugins)
    {
        using var file = new ConfigFile(text);
        return Experiment.Load(file.Path, [], plugins);
    }

    public static IReadOnlyList<Diagnostic> FaultsOf(string text, params string[] plugins) => Assert.Throws<DiagnosticException>(() => Load(text, plugins)).Diagnostics;

    public static ComposedTraining Compose(string text, params string[] plugins) => Assert.IsType<TrainStage>(Load(text, plugins).Stages[0]).Training;

    /// <summary>Runs an experiment's stages as the command does.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="folder">Where its checkpoints lie.</param>
    /// <param name="cancelAfter">After how many lines of metrics it is interrupted; null for never.</param>
    public static (Dictionary<string, StageOutcome> Outcomes, List<string> Metrics) Run(Experiment experiment, string folder, int? cancelAfter = null, int threads = 2)
    {
        var outcomes = new Dictionary<string, StageOutcome>();
        using var cancel = new CancellationTokenSource();
        var progress = new KeptProgress(cancel, cancelAfter);
        foreach (var stage in experiment.Stages)
        {
            var context = new StageContext(folder, Path.Combine(folder, stage.Name), threads, experiment.Random.Split(stage.Name), outcomes, progress);
            outcomes[stage.Name] = stage.Run(context, cancel.Token);
        }

        return (outcomes, progress.Lines);
    }

    /// <summary>Keeps metrics, and interrupts after some of them.</summary>
    private sealed class KeptProgress(CancellationTokenSource cancel, int? after) : IStageProgress
    {
        public List<string> Lines { get; } = [];

        public void Report(double? fraction, string text) => Assert.True(fraction is null or (>= 0 and <= 1.1), text);

        public void Metric(JsonObject line)
        {
            Lines.Add(line.ToJsonString());
            if (Lines.Count == after)
            {
                cancel.Cancel();
            }
        }

        public void KeepMetrics(int lines)
        {
        }

        public void Warn(string text) => Lines.Add(text);

        public void Tell(string text) => Lines.Add(text);
    }
}
