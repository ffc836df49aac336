using System.CommandLine;
using BrainModular.Host.Composition;

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
            var experiment = Experiment.Load(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? [], parsed.GetValue(plugin) ?? []);
            PluginReport.WarnOfFailures(experiment.Catalog, Console.Error);
            foreach (var stranger in experiment.Catalog.Strangers)
            {
                Console.Out.WriteLine($"plugin {stranger.Name} {stranger.Version} {stranger.Path} ({stranger.Source})");
            }

            Console.Out.WriteLine($"{experiment.Config.File} is valid: {string.Join(", ", experiment.Config.Stages.Select(s => s.Name))}");
            return 0;
        });
        return command;
    }
}
