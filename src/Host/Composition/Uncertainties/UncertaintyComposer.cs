using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Optimizers;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>How uncertainties are estimated, ready to be.</summary>
/// <param name="Config">What is asked for.</param>
/// <param name="Model">The fit's model with exact gradients: its spikes without a surrogate.</param>
/// <param name="Loss">The fit's loss on it.</param>
/// <param name="Optimizer">Makes what fits the other parameters of a profile.</param>
internal sealed record ComposedUncertainty(UncertaintyConfig Config, ModelDefinition Model, LossDefinition Loss, Func<IOptimizer> Optimizer);

/// <summary>Refuses what cannot be estimated before anything is fitted.</summary>
internal static class UncertaintyComposer
{
    /// <returns>What is asked for; null: nothing, or nothing that could be made.</returns>
    public static ComposedUncertainty? Compose(FitConfig config, ComposedNeuron neuron, ComposedLosses losses, FitPlan plan, ComponentFactory components, Faults faults)
    {
        if (config.Uncertainty is not { } asked)
        {
            return null;
        }

        if (plan.Free.Count == 0)
        {
            faults.Add("BM2803", "there is no uncertainty where no parameter is fitted", asked.Section.Place, "at least one parameter in 'free'", "name one, or remove 'uncertainty'");
        }

        foreach (var (key, type) in UncertaintySchema.Own.Where(o => o.Type != asked.Type && asked.Section.IsGiven(o.Key)))
        {
            faults.Add("BM2811", $"'{key}' belongs to the uncertainty {type}, and the type is {asked.Type}", asked.Section.PlaceOf(key), cure: $"remove it, or set \"type\": \"{type}\"");
        }

        var free = plan.Free.Select(static f => f.Name).ToList();
        foreach (var unknown in (asked.Parameters ?? []).Except(free))
        {
            faults.Add("BM2812", $"'{unknown}' is no parameter that is fitted", asked.Section.PlaceOf("parameters"), $"one of {string.Join(", ", free)}", NearestNames.Cure(unknown, free));
        }

        ComposedUncertainty? composed = null;
        faults.Collect(() =>
        {
            FitLikelihood.Require(plan);
            var optimizer = ExperimentSchema.ProfileOptimizer();
            if (components.Create<ISurrogate>(ExperimentSchema.NoSurrogate(), faults) is { } none && components.Create<IOptimizer>(optimizer, faults) is not null)
            {
                var model = neuron.DefinedWith(none);
                composed = new(asked, model, losses.Define(model, none), () => ComponentFactory.Create(components.Catalog.Get<IOptimizer>(optimizer.Type!, optimizer.TypePlace), optimizer, new Faults()));
            }
        });
        return composed;
    }
}
