using System.CommandLine;
using BrainModular.Host.Composition;

namespace BrainModular.Host.Commands;

/// <summary><c>brain validate CONFIG</c>: what would keep an experiment from running, without running it, and what was too large to be looked at.</summary>
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
            var leftOut = source.Check();
            foreach (var stranger in source.Catalog.Strangers)
            {
                Console.Out.WriteLine($"plugin {stranger.Name} {stranger.Version} {stranger.Path} ({stranger.Source})");
            }

            var recordings = source.Recordings.Count > 0 ? $", for {source.Recordings.Count} recordings" : "";
            Console.Out.WriteLine($"{source.Config.File} is valid: {string.Join(", ", source.Config.Stages.Select(s => s.Name))}{recordings}");
            if (leftOut.Length > 0)
            {
                Console.Out.WriteLine(leftOut);
            }

            return 0;
        });
        return command;
    }
}
