using System.CommandLine;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Commands;

/// <summary><c>brain validate CONFIG</c>: everything that would keep an experiment from running, without running it.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var config = CommandOptions.Config();
        var set = CommandOptions.Set();
        var plugin = CommandOptions.Plugin();
        var command = new Command("validate", "Checks an experiment and names every fault with its place.") { config, set, plugin };
        command.SetAction(parsed =>
        {
            var source = ExperimentSource.Read(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? [], parsed.GetValue(plugin) ?? []);
            PluginReport.WarnOfFailures(source.Catalog, Console.Error);
            Check(source);
            foreach (var stranger in source.Catalog.Strangers)
            {
                Console.Out.WriteLine($"plugin {stranger.Name} {stranger.Version} {stranger.Path} ({stranger.Source})");
            }

            var recordings = source.Recordings.Count > 0 ? $", for {source.Recordings.Count} recordings" : "";
            Console.Out.WriteLine($"{source.Config.File} is valid: {string.Join(", ", source.Config.Stages.Select(s => s.Name))}{recordings}");
            return 0;
        });
        return command;
    }

    /// <summary>Composes the experiment, or that of each of its recordings.</summary>
    private static void Check(ExperimentSource source)
    {
        if (!source.Config.HasRecordings)
        {
            source.Compose();
            return;
        }

        var faults = new Faults();
        foreach (var recording in source.Recordings)
        {
            faults.Collect(() => source.Compose(recording));
        }

        faults.ThrowIfAny();
    }
}
