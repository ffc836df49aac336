using System.Text.Json.Nodes;
using BrainModular.Formats.Tests.Nwb;

namespace BrainModular.EndToEnd;

/// <summary>A folder with a configuration and a recording, deleted afterwards.</summary>
internal sealed class ExperimentFolder : IDisposable
{
    /// <summary>Twenty milliseconds of a cell: done in no time.</summary>
    public const string Simulation = """
        {
          "stages": {
            "simulate": {
              "neuron": { "type": "hodgkin-huxley" },
              "stimulus": { "amplitude": "0.5 nA" },
              "duration": "20 ms", "timeStep": "0.05 ms",
            },
          },
        }
        """;

    /// <summary>A fit of a passive-looking cell to the recording beside it.</summary>
    public const string Fit = """
        {
          "stages": {
            "fit": {
              "neuron": { "type": "leaky-integrate-and-fire" },
              "recording": { "path": "cell.nwb" },
              "starts": 2,
            },
          },
        }
        """;

    private const int Samples = 400;

    public ExperimentFolder(string config)
    {
        Root = Directory.CreateTempSubdirectory("brain-run-").FullName;
        Config = Path.Combine(Root, "experiment.json");
        File.WriteAllText(Config, config);
    }

    public string Root { get; }

    public string Config { get; }

    public string In(string name) => Path.Combine(Root, name);

    /// <summary>Writes a recording of three sweeps of a passive membrane under a current step.</summary>
    /// <param name="change">What is to be wrong with the potential, in volts.</param>
    /// <param name="unit">The unit that the file gives the potential.</param>
    public void WriteRecording(Action<double[]>? change = null, string unit = "volts")
    {
        using var file = new SmallNwb(In("cell.nwb"));
        for (var sweep = 0u; sweep < 3; sweep++)
        {
            var current = Enumerable.Range(0, Samples).Select(i => i is >= 100 and < 300 ? (sweep + 1) * 2e-11 : 0.0).ToArray();
            var potential = new double[Samples];
            potential[0] = -0.07;
            for (var i = 1; i < Samples; i++)
            {
                potential[i] = potential[i - 1] + (1e-4 / 0.02 * (-0.07 - potential[i - 1] + (1e8 * current[i - 1])));
            }

            change?.Invoke(potential);
            file.Series($"/acquisition/response_{sweep}", "CurrentClampSeries", potential, unit, sweep, rate: 10_000);
            file.Series($"/stimulus/presentation/stimulus_{sweep}", "CurrentClampStimulusSeries", current, "amperes", sweep, rate: 10_000);
        }

        file.Writer.Commit();
    }

    public static JsonNode Summary(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))!;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
