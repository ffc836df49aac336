using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Recordings;

namespace BrainModular.Host.Composition;

/// <summary>A checked experiment: its configuration, the plugins' catalogue, and its stages ready to run.</summary>
internal sealed record Experiment(ExperimentConfig Config, PluginCatalog Catalog, IReadOnlyList<IStage> Stages)
{
    /// <summary>From a file to a checked experiment: configuration, plugins, components, stages. All faults are reported together.</summary>
    /// <param name="path">The configuration.</param>
    /// <param name="set">The <c>--set</c> options, as typed.</param>
    /// <param name="plugins">DLLs and folders of <c>--plugin</c>.</param>
    /// <param name="compose">Composes each stage.</param>
    /// <exception cref="Diagnostics.DiagnosticException">Everything that is wrong with it.</exception>
    public static Experiment Load(string path, IReadOnlyList<string> set, IReadOnlyList<string> plugins, StageComposer compose)
    {
        var faults = new Faults();
        var config = ConfigLoader.Load(path, [.. set.Select(s => SetOption.Parse(s, Directory.GetCurrentDirectory()))], faults);
        var catalog = PluginCatalog.Load(PluginDiscovery.Run(config.Folder, config.Plugins, plugins));
        var components = new ComponentFactory(catalog);
        if (faults.Any)
        {
            // A configuration with holes cannot be composed, but its components can be checked, so that they are complained of in the same go.
            foreach (var component in config.Stages.SelectMany(s => s.Components))
            {
                Check(components, component, faults);
            }
        }

        faults.ThrowIfAny();
        var stages = new List<IStage>();
        foreach (var stage in config.Stages)
        {
            faults.Collect(() => stages.AddRange(compose(stage, config, components, faults) is { } composed ? [composed] : []));
        }

        faults.ThrowIfAny();
        return new(config, catalog, stages);
    }

    private static void Check(ComponentFactory components, ComponentConfig config, Faults faults)
    {
        if (config.Contract == typeof(INeuronModel))
        {
            ConfiguredNeuron.Make(components, config, null, faults);
        }
        else if (config.Type is null)
        {
            return; // The host chooses the loader when it has the file.
        }
        else if (config.Contract == typeof(ISurrogate))
        {
            components.Create<ISurrogate>(config, faults);
        }
        else if (config.Contract == typeof(ILoss))
        {
            components.Create<ILoss>(config, faults);
        }
        else if (config.Contract == typeof(IOptimizer))
        {
            components.Create<IOptimizer>(config, faults);
        }
        else
        {
            components.Create<IRecordingLoader>(config, faults);
        }
    }
}
