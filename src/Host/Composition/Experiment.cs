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
    public static Experiment Load(string path, IReadOnlyList<string> set, IReadOnlyList<string> plugins)
    {
        var faults = new Faults();
        var config = ConfigLoader.Load(path, [.. set.Select(s => SetOption.Parse(s, Directory.GetCurrentDirectory()))], faults);
        var catalog = PluginCatalog.Load(PluginDiscovery.Run(config.Folder, config.Plugins, plugins));
        var components = new ComponentFactory(catalog);
        if (faults.Any)
        {
            CheckComponents(config, components, faults);
        }

        faults.ThrowIfAny();
        var random = new PhiloxStream(config.Seed);
        var stages = new StageComposer(components, faults).Compose(config, random);
        faults.ThrowIfAny();
        return new(config, catalog, random, stages);
    }

    // A configuration with holes cannot be composed, but its components can be made, so that their faults are named in the same go.
    private static void CheckComponents(ExperimentConfig config, ComponentFactory components, Faults faults)
    {
        foreach (var stage in config.Stages)
        {
            var (neuron, surrogate) = (stage.Section.Find<ComponentConfig>("neuron"), stage.Section.Find<ComponentConfig>("surrogate"));
            if (neuron is not null && surrogate is not null)
            {
                new NeuronComposer(components, faults).Compose(neuron, neuron.Host.Find<ParameterSetting[]>("parameters") ?? [], surrogate);
            }

            var composed = neuron is null ? [] : neuron.Host.Components.Append(neuron).Append(surrogate).ToArray();
            foreach (var component in stage.Section.Components.Where(c => c.Type is not null && !composed.Contains(c)))
            {
                components.Check(component, faults);
            }
        }
    }
}
