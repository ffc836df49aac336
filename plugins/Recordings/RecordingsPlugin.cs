using BrainModular.Plugins;
using BrainModular.Plugins.Recordings;
using BrainModular.Recordings;

[assembly: BrainModularPlugin(typeof(RecordingsPlugin))]

namespace BrainModular.Plugins.Recordings;

/// <summary>The built-in loaders of recordings.</summary>
public sealed class RecordingsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog) =>
        catalog.Add<IRecordingLoader>("nwb", "Patch-clamp sweeps of an NWB 2 file", _ => new NwbRecordingLoader());
}
