using BrainModular.Engine.Kernels.Random;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;

namespace BrainModular.Host.Composition;

/// <summary>A checked experiment: its configuration, the plugins' catalogue, and its stages ready to run.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Catalog">What the plugins offer.</param>
/// <param name="Random">The root of the run's random streams.</param>
/// <param name="Stages">The stages in order.</param>
internal sealed record Experiment(ExperimentConfig Config, PluginCatalog Catalog, PhiloxStream Random, IReadOnlyList<IStage> Stages)
{
    /// <summary>From a file to a checked experiment: configuration, plugins, components, stages. All faults are reported together.</summary>
    /// <param name="path">The configuration.</param>
    /// <param name="set">The <c>--set</c> options, as typed.</param>
    /// <param name="plugins">DLLs and folders of <c>--plugin</c>.</param>
    /// <exception cref="Diagnostics.DiagnosticException">Everything that is wrong with it.</exception>
    public static Experiment Load(string path, IReadOnlyList<string> set, IReadOnlyList<string> plugins) => ExperimentSource.Read(path, set, plugins).Compose();
}
