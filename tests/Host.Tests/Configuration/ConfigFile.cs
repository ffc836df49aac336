using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;

namespace BrainModular.Host;

/// <summary>A configuration file in a folder of its own, deleted afterwards.</summary>
internal sealed class ConfigFile : IDisposable
{
    public const string Minimal = """
        {
          "stages": {
            "fit": {
              "neuron": { "type": "hodgkin-huxley" },
              "recording": { "path": "cell.nwb" },
            },
          },
        }
        """;

    public ConfigFile(string text)
    {
        Folder = Directory.CreateTempSubdirectory("brain-config-").FullName;
        Path = System.IO.Path.Combine(Folder, "experiment.json");
        File.WriteAllText(Path, text);
    }

    public string Folder { get; }

    public string Path { get; }

    /// <summary>Loads it, with options given as on a command line that was typed in <c>/typed</c>.</summary>
    public (ExperimentConfig Config, IReadOnlyList<Diagnostic> Faults) Load(params string[] set)
    {
        var faults = new Faults();
        var config = ConfigLoader.Load(Path, [.. set.Select(s => SetOption.Parse(s, "/typed"))], faults);
        return (config, faults.Found);
    }

    public static IReadOnlyList<Diagnostic> FaultsOf(string text, params string[] set)
    {
        using var file = new ConfigFile(text);
        return file.Load(set).Faults;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
