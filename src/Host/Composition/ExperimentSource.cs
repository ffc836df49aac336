using BrainModular.Diagnostics;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;

namespace BrainModular.Host.Composition;

/// <summary>A checked configuration with the plugins that it asks for, of which experiments are made: one, or one for each of several recordings.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Catalog">What the plugins offer.</param>
/// <param name="Recordings">The recordings of its key 'recordings'; none where it has no such key.</param>
internal sealed record ExperimentSource(ExperimentConfig Config, PluginCatalog Catalog, IReadOnlyList<NamedRecording> Recordings)
{
    /// <summary>From a file to a configuration and plugins. All faults that need no recording are reported together.</summary>
    /// <param name="path">The configuration.</param>
    /// <param name="set">The <c>--set</c> options, as typed.</param>
    /// <param name="plugins">DLLs and folders of <c>--plugin</c>.</param>
    /// <exception cref="DiagnosticException">Everything that is wrong with it.</exception>
    public static ExperimentSource Read(string path, IReadOnlyList<string> set, IReadOnlyList<string> plugins)
    {
        var faults = new Faults();
        var config = ConfigLoader.Load(path, [.. set.Select(s => SetOption.Parse(s, Directory.GetCurrentDirectory()))], faults);
        var catalog = PluginCatalog.Load(PluginDiscovery.Run(config.Folder, config.Plugins, plugins));
        IReadOnlyList<NamedRecording> recordings = config.HasRecordings ? RecordingList.Named(config, faults) : [];
        if (faults.Any || config.HasRecordings)
        {
            CheckComponents(config, new(catalog), faults);
        }

        faults.ThrowIfAny();
        return new(config, catalog, recordings);
    }

    /// <summary>The experiment, of one recording at most.</summary>
    /// <exception cref="DiagnosticException">BM2015: there are several recordings; or all faults of the experiment.</exception>
    public Experiment Compose() => Recordings.Count switch
    {
        0 => Compose(Config, EdgeLimit.None),
        1 => Compose(Recordings[0]),
        _ => throw new DiagnosticException(
            "BM2015", $"the experiment is one of {Recordings.Count} recordings, and this takes a single one", Config.Section.PlaceOf(RecordingList.Key), "one recording",
            $"choose one: --set {RecordingList.Key}={Recordings[0].File}"),
    };

    /// <summary>The experiment of one of the recordings.</summary>
    /// <exception cref="DiagnosticException">All faults of it.</exception>
    public Experiment Compose(NamedRecording recording) => Compose(Alone(recording), EdgeLimit.None);

    /// <summary>Finds what would keep the experiment, or that of any of its recordings, from running.</summary>
    /// <returns>What was not looked at, in words; empty where all was.</returns>
    /// <exception cref="DiagnosticException">All faults of it.</exception>
    public string Check()
    {
        var (faults, limit) = (new Faults(), EdgeLimit.ForChecks);
        if (!Config.HasRecordings)
        {
            faults.Collect(() => Compose(Config, limit));
        }

        foreach (var recording in Recordings)
        {
            faults.Collect(() => Compose(Alone(recording), limit));
        }

        faults.ThrowIfAny();
        return limit.LeftOut;
    }

    private ExperimentConfig Alone(NamedRecording recording)
    {
        var faults = new Faults();
        var config = ConfigLoader.For(Config, recording, faults);
        faults.ThrowIfAny();
        return config;
    }

    private Experiment Compose(ExperimentConfig config, EdgeLimit limit)
    {
        var faults = new Faults();
        var random = new PhiloxStream(config.Seed);
        var stages = new StageComposer(new(Catalog), faults, limit).Compose(config, random);
        faults.ThrowIfAny();
        return new(config, Catalog, random, stages);
    }

    // A configuration with holes cannot be composed, but its components can be made, so that their faults are named in the same go; and where it is composed for each of several recordings only,
    // so that their settings are known when it is written down.
    private static void CheckComponents(ExperimentConfig config, ComponentFactory components, Faults faults)
    {
        foreach (var stage in config.Stages)
        {
            var (neuron, surrogate) = (stage.Section.Find<ComponentConfig>("neuron"), stage.Section.Find<ComponentConfig>("surrogate"));
            if (neuron is not null && surrogate is not null)
            {
                new NeuronComposer(components, faults).Compose(neuron, neuron.Host.Find<ParameterSetting[]>("parameters") ?? [], surrogate);
            }

            if (config.HasRecordings && stage.Section.Find<ComponentConfig>("recording") is { Type: null, Settings.Count: > 0 } recording)
            {
                faults.Add("BM2017", "settings of a loader that is chosen for each of several recordings", recording.Place, "the loader's 'type' beside them", "add it; brain plugins lists loaders");
            }

            var composed = neuron is null ? [] : neuron.Host.Components.Append(neuron).Append(surrogate).ToArray();
            foreach (var component in stage.Section.Components.Where(c => c.Type is not null && !composed.Contains(c) && !LossSchema.IsOfFeatures(c)))
            {
                components.Check(component, faults);
            }
        }
    }
}
