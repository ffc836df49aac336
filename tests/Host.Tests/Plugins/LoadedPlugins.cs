using BrainModular.Host.Plugins;

namespace BrainModular.Host;

/// <summary>The catalogue of the built-in plugins and of those named.</summary>
internal static class LoadedPlugins
{
    public static PluginCatalog With(params string[] named) => PluginCatalog.Load(PluginDiscovery.Run(null, [], named));
}
