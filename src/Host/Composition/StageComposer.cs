using BrainModular.Diagnostics;
using BrainModular.Export;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Composition.Simulations;
using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;
using BrainModular.Random;

namespace BrainModular.Host.Composition;

/// <summary>
/// From a configuration to stages that can run: components are made, models traced, recordings read. Every fault of every stage is
/// collected, so that a configuration is mended in one go; this is all that validation does, with as many connections as the limit lets it read.
/// </summary>
internal sealed class StageComposer(ComponentFactory components, Faults faults, EdgeLimit limit)
{
    private readonly Dictionary<string, ComposedTraining> trainings = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> fitted = [];
    private readonly Dictionary<string, ComposedFit> composedFits = [];
    private readonly List<string> fits = [];
    private readonly List<string> trainingNames = [];
    private int exports;

    /// <param name="config">The configuration.</param>
    /// <param name="random">The run's random stream.</param>
    /// <returns>The stages in order; those that faults keep from being made are missing.</returns>
    public IReadOnlyList<IStage> Compose(ExperimentConfig config, IRandomStream random)
    {
        var stages = new List<IStage>();
        exports = config.Stages.Count(static s => s is ExportConfig);
        foreach (var stage in config.Stages)
        {
            if (CheckFrom(stage, config) && Compose(stage, config.Threads, random.Split(stage.Name)) is { } made)
            {
                stages.Add(made);
            }
        }

        return stages;
    }

    private IStage? Compose(StageConfig stage, int threads, IRandomStream random) => stage switch
    {
        FitConfig fit => Fit(fit, threads, random),
        SimulateConfig simulate => simulate.OfNetwork.Network is not null || simulate.From.Any(trainingNames.Contains) ? Simulate(simulate.OfNetwork, simulate.From, random) : Simulate(simulate),
        TrainConfig train => Train(train, random),
        EvaluateConfig evaluate => new EvaluateComposer(components, faults).Compose(evaluate, trainings.GetValueOrDefault(evaluate.From[0])),
        ExportConfig export => Export(export),
        _ => throw new InvalidOperationException($"no stage is made of {stage.GetType().Name}"),
    };

    private FitStage? Fit(FitConfig config, int threads, IRandomStream random)
    {
        fits.Add(config.Name);
        var earlier = config.From.Select(f => composedFits.GetValueOrDefault(f)).FirstOrDefault();
        if (new FitComposer(components, faults).Compose(config, earlier, threads, random) is not { } composed)
        {
            return null;
        }

        new FitterComposer(components, faults).RequireFits(config, composed.Plan, composedFits);
        composedFits[config.Name] = composed;
        fitted[config.Name] = composed.Neuron.StartingValues;
        return new(config.Name, composed);
    }

    private TrainStage? Train(TrainConfig config, IRandomStream random)
    {
        trainingNames.Add(config.Name);
        var earlier = config.From.Select(f => trainings.GetValueOrDefault(f)).FirstOrDefault();
        if (new TrainComposer(components, faults, limit).Compose(config, earlier, new(fitted, fits), random) is not { } training)
        {
            return null;
        }

        trainings[config.Name] = training;
        return new(training);
    }

    private SimulationStage? Simulate(SimulationConfig config, IReadOnlyList<string> from, IRandomStream random)
    {
        var trained = from.Select(f => trainings.GetValueOrDefault(f)).FirstOrDefault();
        return new SimulationComposer(components, faults, limit).Compose(config, trained, new(fitted, fits), random) is { } simulation ? new(simulation) : null;
    }

    private IStage Export(ExportConfig config)
    {
        var training = config.From.Select(f => trainings.GetValueOrDefault(f)).FirstOrDefault(static t => t is not null);
        if (config.Nir && training is not null)
        {
            foreach (var fault in NirExport.Check(training.Network.Definition, new(training.Network.Readout, NetworkComposer.ReadoutState)))
            {
                faults.Add(fault with { Place = config.Section.PlaceOf("nir") });
            }
        }
        else if (config.Nir && !config.From.Any(trainingNames.Contains))
        {
            faults.Add("BM2705", $"stage {config.Name} takes from no training, and only networks are written in the Neuromorphic Intermediate Representation", config.Section.PlaceOf("nir"), "a training in 'from'", "remove it");
        }

        // By the stage where there are several, so that none overwrites another's files.
        var name = exports > 1 ? RunFolder.FileName(config.Name) : "model";
        return training is null ? new ExportStage(config, name) : new NetworkExportStage(config, name);
    }

    private SimulateStage? Simulate(SimulateConfig config)
    {
        var before = faults.Found.Count;
        foreach (var key in SimulationConfig.Keys.Where(config.Section.IsGiven))
        {
            faults.Add("BM2641", $"stage {config.Name} simulates a single model, which has no '{key}'", config.Section.PlaceOf(key), "a 'network', or a training in 'from'", "add one, or remove the key");
        }

        var neuron = config.Neuron is null ? null : new NeuronComposer(components, faults).Compose(config.Neuron, config.Parameters, config.Surrogate);
        var recording = config.Recording is null ? null : new RecordingComposer(components, faults).Compose(config.Recording, config.Stepping.TimeStep);
        if (config.Neuron is null && config.From.Count == 0)
        {
            faults.Add("BM2320", $"stage {config.Name} has no model", config.Place, "a 'neuron', or a fit in 'from'", "name one");
        }

        if (config.Stimulus is not null && config.Duration is null)
        {
            faults.Add("BM2321", $"stage {config.Name} has a stimulus but no duration", config.Place, "how long to simulate", "add \"duration\": \"1 s\"");
        }

        if (config.Stimulus is null && config.Recording is null && config.From.Count == 0)
        {
            faults.Add("BM2322", $"stage {config.Name} has no stimulus", config.Place, "a 'stimulus', a 'recording', or a fit in 'from'", "name one");
        }

        return faults.Found.Count == before ? new(config.Name, config, neuron, recording) : null;
    }

    /// <summary>Whether a stage's 'from' names stages that come before it and have a model to give.</summary>
    private bool CheckFrom(StageConfig stage, ExperimentConfig config)
    {
        var givers = config.Stages.TakeWhile(s => s != stage).Where(s => Gives(s, stage)).Select(static s => s.Name).ToList();
        var wrong = stage.From.Where(f => !givers.Contains(f)).ToList();
        foreach (var name in wrong)
        {
            faults.Add(
                "BM2323", $"stage {stage.Name} takes from '{name}', which gives it no model", stage.Section.PlaceOf("from"),
                stage switch
                {
                    SimulateConfig => "a fit or a training before it",
                    TrainConfig or EvaluateConfig => "a training before it",
                    FitConfig => "a fit before it",
                    _ => "a fit, a simulation or a training before it",
                },
                NearestNames.Cure(name, givers));
        }

        if (stage.From.Count > 1 && (stage is FitConfig or TrainConfig or EvaluateConfig || (stage is SimulateConfig && stage.From.Any(trainingNames.Contains))))
        {
            faults.Add("BM2323", $"stage {stage.Name} takes from {stage.From.Count} stages", stage.Section.PlaceOf("from"), stage is FitConfig ? "one fit before it" : "one training before it", "name one");
            return false;
        }

        return wrong.Count == 0;
    }

    private static bool Gives(StageConfig giver, StageConfig taker) => taker switch
    {
        SimulateConfig => giver is FitConfig or TrainConfig,
        TrainConfig or EvaluateConfig => giver is TrainConfig,
        FitConfig => giver is FitConfig,
        _ => giver is FitConfig or SimulateConfig or TrainConfig,
    };
}
