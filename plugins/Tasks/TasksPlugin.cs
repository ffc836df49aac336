using BrainModular.Plugins;
using BrainModular.Plugins.Tasks;
using BrainModular.Tasks;

[assembly: BrainModularPlugin(typeof(TasksPlugin))]

namespace BrainModular.Plugins.Tasks;

/// <summary>The built-in tasks.</summary>
public sealed class TasksPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog) =>
        catalog.Add<ITask>(
            "evidence-accumulation", "More cues on the left or on the right, answered after a delay", static s => new EvidenceAccumulation(s));
}
