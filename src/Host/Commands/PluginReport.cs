using BrainModular.Host.Plugins;

namespace BrainModular.Host.Commands;

/// <summary>Plugins as text.</summary>
internal static class PluginReport
{
    /// <summary>Name, version, path and offers of each plugin, and what failed and why.</summary>
    public static void Write(PluginCatalog catalog, TextWriter output)
    {
        foreach (var plugin in catalog.Plugins)
        {
            output.WriteLine($"{plugin.Name} {plugin.Version} (contracts {plugin.Contract}, {plugin.Source})");
            output.WriteLine($"  {plugin.Path}");
            var components = catalog.Components.Where(c => c.Plugin == plugin).ToArray();
            var width = components.Select(c => c.Name.Length).DefaultIfEmpty().Max();
            foreach (var component in components)
            {
                output.WriteLine($"  {component.Noun,-10} {component.Name.PadRight(width)}  {component.Summary}");
            }

            output.WriteLine();
        }

        foreach (var failure in catalog.Failures)
        {
            output.WriteLine($"FAILED {failure.Path} ({failure.Source})");
            output.WriteLine($"  {failure.Reason.Id}: {failure.Reason.Problem}");
            if (failure.Reason.Cure is { } cure)
            {
                output.WriteLine($"  to mend it: {cure}");
            }

            output.WriteLine();
        }
    }

    /// <summary>A failed plugin that the run turns out not to need is worth a warning, no more.</summary>
    public static void WarnOfFailures(PluginCatalog catalog, TextWriter error)
    {
        foreach (var failure in catalog.Failures)
        {
            error.WriteLine($"warning: the plugin {failure.Path} is left out: {failure.Reason.Problem}");
        }
    }
}
