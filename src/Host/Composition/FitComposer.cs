using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Composition.Uncertainties;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition;

/// <summary>A fit, ready to run.</summary>
/// <param name="Neuron">The neuron.</param>
/// <param name="Recording">The recording.</param>
/// <param name="Plan">The fit.</param>
/// <param name="From">The earlier fit from whose values it goes on; null: none.</param>
/// <param name="Own">The parameters that this stage gives values of their own.</param>
internal sealed record ComposedFit(ComposedNeuron Neuron, ComposedRecording Recording, FitPlan Plan, string? From, IReadOnlySet<string> Own)
{
    /// <summary>How uncertainties are estimated; null: not at all.</summary>
    public ComposedUncertainty? Uncertainty { get; init; }

    /// <summary>Whether the configuration says which parameters are free; else all are to which it gives no value.</summary>
    public bool NamesFree { get; init; }

    /// <summary>What is compared in place of the plan's optimiser, search and starts; none where the configuration names none.</summary>
    public IReadOnlyList<Fitter> Fitters { get; init; } = [];

    /// <summary>The plan with the values that an earlier fit came to, but for those that this stage gives itself.</summary>
    public FitPlan PlanAfter(IReadOnlyDictionary<string, double> earlier)
    {
        var free = Plan.Free.Select(static f => f.Name).ToHashSet();
        var taken = earlier.Where(e => Plan.Model.FindParameter(e.Key) is not null && !Own.Contains(e.Key)).ToList();
        return Plan with
        {
            Fixed = Merged(Plan.Fixed, taken.Where(e => !free.Contains(e.Key))),
            Start = Merged(Plan.Start, taken.Where(e => free.Contains(e.Key))),
        };
    }

    private static Dictionary<string, double> Merged(IReadOnlyDictionary<string, double> values, IEnumerable<KeyValuePair<string, double>> over)
    {
        var merged = values.ToDictionary();
        foreach (var (name, value) in over)
        {
            merged[name] = value;
        }

        return merged;
    }
}

/// <summary>Puts a fit together from its configuration: neuron, recording, loss, optimiser. Every fault is collected.</summary>
internal sealed class FitComposer(ComponentFactory components, Faults faults)
{
    private static readonly string[] NotBesideShooting = ["coupling", "horizon", "jitter"];

    /// <param name="config">The configuration.</param>
    /// <param name="earlier">The fit in its 'from'; null: none, or none that could be made.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="random">The stage's random stream.</param>
    /// <returns>The fit, or null where faults keep it from being run.</returns>
    public ComposedFit? Compose(FitConfig config, ComposedFit? earlier, int threads, IRandomStream random)
    {
        var neuron = config.Neuron is { } given ? new NeuronComposer(components, faults).Compose(given, config.Parameters, config.Surrogate) : earlier?.Neuron;
        var recording = config.Recording is { } file ? new RecordingComposer(components, faults).Compose(file, config.Stepping.TimeStep) : earlier?.Recording;
        var losses = new LossComposer(components, faults).Compose(config);
        var fitters = new FitterComposer(components, faults).Compose(config);
        var optimizer = components.Create<IOptimizer>(config.Optimizer, faults);
        if (config.Search is { } search)
        {
            components.Create<IOptimizer>(search, faults);
        }

        if (neuron is null || recording is null || losses is null || optimizer is null)
        {
            return null;
        }

        LossDefinition? definition = null;
        faults.Collect(() => definition = losses.Define(neuron.Model, neuron.Surrogate));
        var free = Free(config, neuron);
        if (definition is null || (free.Count == 0 && config.Free is null))
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
            FitterComposer.OptimizerOf(components, config.Optimizer),
            Integrator.All.First(i => i.Name == config.Stepping.Integrator),
            config.InitialFromData,
            config.Coupling is { } c ? new(c.Conductance.InEngineUnits, c.Rounds) : null,
            config.Stepping.IsDouble ? Precision.Double : Precision.Single,
            threads,
            random)
        {
            Horizon = config.Horizon is { } h ? new(h.First.InEngineUnits, h.Rounds) : null,
            Shooting = config.Shooting is { } s ? new(s.Segment.InEngineUnits, s.Rounds) : null,
            Jitter = Jitter(config, neuron, free),
            Search = config.Search is { } component ? FitterComposer.OptimizerOf(components, component) : null,
            SpikeWeight = config.SpikeWeight,
            SpikeWindow = config.SpikeWindow is { } w ? new(w.Before.InEngineUnits, w.After.InEngineUnits) : SpikeWindow.Subthreshold,
            RecordedSpikes = config.RecordedSpikes,
            HeldResets = config.HeldResets,
            SpikePrecision = config.SpikePrecision.InEngineUnits,
        };
        plan = config.ValuesFromRecording ? RecordedValues.In(plan, config.SpikeWindow is not null) : plan;
        plan = new FeatureComposer(components, faults).WithFeatures(plan, config, losses, recording.Path);
        if (!faults.Any)
        {
            new FitterComposer(components, faults).RequireSquares(config, plan);
        }

        if (plan is { RecordedSpikes: true, HeldResets: true })
        {
            faults.Add(
                "BM2313", "'resetGradient' is of the model's own resets, and 'spikes' takes those of the recording", config.Section.PlaceOf("resetGradient"), "one of them",
                "leave 'resetGradient' out: recorded spikes have no gradient");
        }

        if (plan.RecordedSpikes)
        {
            faults.Collect(() => RecordedSpikes.In(plan.Model));
        }

        if (plan.Shooting is not null && !faults.Any)
        {
            RequireSegments(config, plan);
        }

        var own = config.Neuron is null ? [] : neuron.Values.Keys.ToHashSet();
        return new(neuron, recording, plan, config.From.Count > 0 ? config.From[0] : null, own)
        {
            NamesFree = config.Free is not null, Fitters = fitters, Uncertainty = UncertaintyComposer.Compose(config, neuron, losses, plan, components, faults),
        };
    }

    private void RequireSegments(FitConfig config, FitPlan plan)
    {
        var place = config.Section.PlaceOf("shooting");
        foreach (var other in NotBesideShooting.Where(config.Section.IsGiven))
        {
            faults.Add("BM2317", $"'shooting' and '{other}' do not go together", place, "one of them", "remove the other");
        }

        if (plan.Optimizer().Needs.HasFlag(EvaluationNeeds.GaussNewton))
        {
            faults.Add("BM2317", $"{config.Optimizer.Type} needs residuals, and gaps between segments are in the loss alone", place, "an optimiser that needs gradients alone", "take l-bfgs-b");
        }

        faults.Collect(() => SegmentedSweeps.Require(plan));
    }

    private Jitter? Jitter(FitConfig config, ComposedNeuron neuron, IReadOnlyList<FreeParameter> free)
    {
        if (config.Jitter is not { } jitter)
        {
            return null;
        }

        var (name, width) = (jitter.Get<string>("parameter"), jitter.Get<Quantity>("halfWidth"));
        if (free.FirstOrDefault(f => f.Name == name) is not { } jittered)
        {
            faults.Add("BM2315", $"'{name}' is no parameter that is fitted", jitter.PlaceOf("parameter"), "one of those under 'free'", NearestNames.Cure(name, [.. free.Select(static f => f.Name)]));
            return null;
        }

        if (jittered.Scale != ParameterScale.Linear)
        {
            faults.Add("BM2315", $"the scale of '{name}' is logarithmic", jitter.PlaceOf("parameter"), "a parameter on a linear scale, such as a threshold", "choose another");
        }

        if (neuron.Model.FindParameter(name)!.Unit is var unit && (unit.Dimension != width.Dimension || width.InEngineUnits <= 0))
        {
            faults.Add("BM2302", $"{width} is no width of values of {name}", jitter.PlaceOf("halfWidth"), $"a quantity above 0 in {unit.Symbol}", "correct the number or its unit");
        }

        return new(name, width.InEngineUnits, (int)jitter.Get<long>("points"));
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
        if (free.Count == 0 && config.Free is null && !faults.Any)
        {
            faults.Add("BM2305", "no parameter is left to fit", config.Place, "at least one parameter without a value of its own", "name some under 'free'");
        }

        return free;
    }
}
