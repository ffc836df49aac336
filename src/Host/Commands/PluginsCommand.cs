using System.CommandLine;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;

namespace BrainModular.Host.Commands;

/// <summary><c>brain plugins [CONFIG]</c>: what is there, and what failed and why.</summary>
internal static class PluginsCommand
{
    public static Command Create()
    {
        var config = new Argument<string?>("CONFIG") { Description = "A configuration whose plugins are listed, too.", Arity = ArgumentArity.ZeroOrOne };
        var plugin = CommandOptions.Plugin();
        var command = new Command("plugins", "Lists the plugins, what each offers, and which failed and why.") { config, plugin };
        command.SetAction(parsed =>
        {
            PluginReport.Write(Load(parsed.GetValue(config), parsed.GetValue(plugin) ?? []), Console.Out);
            return 0;
        });
        return command;
    }

    /// <summary>The catalogue, with the plugins of a configuration where one is named; its other faults do not matter here.</summary>
    public static PluginCatalog Load(string? config, IReadOnlyList<string> plugins)
    {
        var loaded = config is null ? null : ConfigLoader.Load(config, [], new());
        return PluginCatalog.Load(PluginDiscovery.Run(loaded?.Folder, loaded?.Plugins ?? [], plugins));
    }
}
