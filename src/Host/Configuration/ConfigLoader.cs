using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>From a file and <c>--set</c> options to a checked configuration.</summary>
internal static class ConfigLoader
{
    /// <summary>Reads a configuration; faults of keys and values are added, and the values that have them left out.</summary>
    /// <exception cref="DiagnosticException">The file or an option cannot be read at all.</exception>
    public static ExperimentConfig Load(string path, IReadOnlyList<SetOption> options, Faults faults)
    {
        var root = ConfigParser.ReadFile(path, faults);
        foreach (var option in options)
        {
            root = option.ApplyTo(root);
        }

        return root is ConfigObject o
            ? new(path, Named(path, ExperimentSchema.Experiment.Read(StagedFit.Expanded(RecordingList.Prepared(o), faults), faults)))
            : throw new DiagnosticException("BM2005", $"a configuration cannot be {root.Description}", root.Place, "an object with the key 'stages'");
    }

    /// <summary>The configuration for one of its recordings; faults are added.</summary>
    public static ExperimentConfig For(ExperimentConfig config, NamedRecording recording, Faults faults) =>
        new(config.File, ExperimentSchema.Experiment.Read(RecordingList.For(config.Section.Node, recording), faults));

    // The name outlives the file: the resolved configuration lies in another one.
    private static ConfigSection Named(string path, ConfigSection section) => section.Values.ContainsKey("name")
        ? section
        : section with { Values = new Dictionary<string, object>(section.Values) { ["name"] = Path.GetFileNameWithoutExtension(path) } };
}
