using System.CommandLine;
using BrainModular.Diagnostics;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;

namespace BrainModular.Host.Commands;

/// <summary><c>brain describe NAME</c>: a component's settings, parameters and variables, with <c>config</c> every key of a configuration, with <c>features</c> every electrophysiological feature.</summary>
internal static class DescribeCommand
{
    private const string ConfigName = "config";
    private const string FeaturesName = "features";

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A component's name, such as hodgkin-huxley, or 'config' or 'features'." };
        var plugin = CommandOptions.Plugin();
        var command = new Command("describe", "Describes a component of a plugin, with 'config' every key of a configuration, with 'features' every electrophysiological feature.") { name, plugin };
        command.SetAction(parsed =>
        {
            switch (parsed.GetRequiredValue(name))
            {
                case ConfigName:
                    SchemaReport.Write(ExperimentSchema.Experiment, Console.Out);
                    break;
                case FeaturesName:
                    FeatureReport.Write(Console.Out);
                    break;
                case var component:
                    Describe(PluginsCommand.Load(null, parsed.GetValue(plugin) ?? []), component);
                    break;
            }

            return 0;
        });
        return command;
    }

    private static void Describe(PluginCatalog catalog, string name)
    {
        var components = catalog.Components.Where(c => c.Name == name).ToArray();
        if (components.Length == 0)
        {
            throw new DiagnosticException("BM1301", $"there is no component '{name}'", cure: NearestNames.Cure(name, [.. catalog.Components.Select(c => c.Name), ConfigName, FeaturesName]));
        }

        foreach (var component in components)
        {
            ComponentReport.Write(component, catalog, Console.Out);
        }
    }
}
