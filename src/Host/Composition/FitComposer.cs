using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Losses;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Host.Composition;

/// <summary>A fit, ready to run.</summary>
internal sealed record ComposedFit(ComposedNeuron Neuron, ComposedRecording Recording, FitPlan Plan);

/// <summary>Puts a fit together from its configuration: neuron, recording, loss, optimiser. Every fault is collected.</summary>
internal sealed class FitComposer(ComponentFactory components, Faults faults)
{
    /// <returns>The fit, or null where faults keep it from being run.</returns>
    public ComposedFit? Compose(FitConfig config, int threads, IRandomStream random)
    {
        var neuron = new NeuronComposer(components, faults).Compose(config.Neuron, config.Parameters, config.Surrogate);
        var recording = new RecordingComposer(components, faults).Compose(config.Recording, config.Stepping.TimeStep);
        var loss = components.Create<ILoss>(config.Loss, faults);
        var optimizer = components.Create<IOptimizer>(config.Optimizer, faults);
        if (config.Search is { } search)
        {
            components.Create<IOptimizer>(search, faults);
        }

        if (neuron is null || recording is null || loss is null || optimizer is null)
        {
            return null;
        }

        LossDefinition? definition = null;
        faults.Collect(() => definition = ModelTracer.Trace(config.Loss.Type!, loss, neuron.Model, neuron.Surrogate));
        var free = Free(config, neuron);
        if (definition is null || free.Count == 0)
        {
            return null;
        }

        var names = free.Select(static f => f.Name).ToHashSet();
        var plan = new FitPlan(
            neuron.Model,
            definition,
            recording.Train,
            free,
            neuron.Values.Where(v => !names.Contains(v.Key)).ToDictionary(),
            neuron.Values.Where(v => names.Contains(v.Key)).ToDictionary(),
            config.Starts,
            OptimizerOf(config.Optimizer),
            Integrator.All.First(i => i.Name == config.Stepping.Integrator),
            config.InitialFromData,
            config.Coupling is { } c ? new(c.Conductance.InEngineUnits, c.Rounds) : null,
            config.Stepping.IsDouble ? Precision.Double : Precision.Single,
            threads,
            random)
        {
            Search = config.Search is { } component ? OptimizerOf(component) : null,
            SpikeWeight = config.SpikeWeight,
        };
        return new(neuron, recording, plan);
    }

    /// <summary>Makes optimisers of a configuration that was found to be valid.</summary>
    private Func<IOptimizer> OptimizerOf(ComponentConfig config)
    {
        var component = components.Catalog.Get<IOptimizer>(config.Type!, config.TypePlace);
        return () => ComponentFactory.Create(component, config, new Faults());
    }

    private IReadOnlyList<FreeParameter> Free(FitConfig config, ComposedNeuron neuron)
    {
        var parameters = neuron.Model.Parameters;
        foreach (var unknown in (config.Free ?? []).Where(name => neuron.Model.FindParameter(name) is null))
        {
            faults.Add(
                "BM2301", $"{neuron.Model.Name} has no parameter '{unknown}' to fit", config.Section.PlaceOf("free"),
                cure: NearestNames.Cure(unknown, [.. parameters.Select(static p => p.Name)]));
        }

        IReadOnlyList<FreeParameter> free =
            [.. parameters.Where(p => config.Free?.Contains(p.Name) ?? !neuron.Fixed.Contains(p.Name)).Select(neuron.Free)];
        if (free.Count == 0 && !faults.Any)
        {
            faults.Add("BM2305", "no parameter is left to fit", config.Place, "at least one parameter without a value of its own", "name some under 'free'");
        }

        return free;
    }
}
