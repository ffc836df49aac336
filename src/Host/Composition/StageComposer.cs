using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Random;

namespace BrainModular.Host.Composition;

/// <summary>
/// From a configuration to stages that can run: components are made, models traced, recordings read. Every fault of every stage is
/// collected, so that a configuration is mended in one go; this is all that validation does.
/// </summary>
internal sealed class StageComposer(ComponentFactory components, Faults faults)
{
    /// <param name="config">The configuration.</param>
    /// <param name="random">The run's random stream.</param>
    /// <returns>The stages in order; those that faults keep from being made are missing.</returns>
    public IReadOnlyList<IStage> Compose(ExperimentConfig config, IRandomStream random)
    {
        var stages = new List<IStage>();
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
        FitConfig fit => new FitComposer(components, faults).Compose(fit, threads, random) is { } composed ? new FitStage(fit.Name, composed) : null,
        SimulateConfig simulate => Simulate(simulate),
        ExportConfig export => new ExportStage(export),
        _ => throw new InvalidOperationException($"no stage is made of {stage.GetType().Name}"),
    };

    private SimulateStage? Simulate(SimulateConfig config)
    {
        var before = faults.Found.Count;
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
        var earlier = config.Stages.TakeWhile(s => s != stage).Where(static s => s is FitConfig or SimulateConfig).Select(static s => s.Name).ToList();
        var wrong = stage.From.Where(f => !earlier.Contains(f) || (stage is SimulateConfig && config.Stages.First(s => s.Name == f) is not FitConfig)).ToList();
        foreach (var name in wrong)
        {
            faults.Add(
                "BM2323", $"stage {stage.Name} takes from '{name}', which gives it no model", stage.Section.PlaceOf("from"),
                stage is SimulateConfig ? "a fit before it" : "a fit or a simulation before it", NearestNames.Cure(name, earlier));
        }

        return wrong.Count == 0;
    }
}
