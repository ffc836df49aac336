using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Losses;
using BrainModular.Models;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>How uncertainties are estimated, ready to be.</summary>
/// <param name="Config">What is asked for.</param>
/// <param name="Model">The fit's model with exact gradients: its spikes without a surrogate.</param>
/// <param name="Loss">The fit's loss on it.</param>
internal sealed record ComposedUncertainty(UncertaintyConfig Config, ModelDefinition Model, LossDefinition Loss);

/// <summary>Refuses what cannot be estimated before anything is fitted.</summary>
internal static class UncertaintyComposer
{
    /// <returns>What is asked for; null: nothing, or nothing that could be made.</returns>
    public static ComposedUncertainty? Compose(FitConfig config, ComposedNeuron neuron, ILoss loss, FitPlan plan, ComponentFactory components, Faults faults)
    {
        if (config.Uncertainty is not { } asked)
        {
            return null;
        }

        if (plan.Free.Count == 0)
        {
            faults.Add("BM2803", "there is no uncertainty where no parameter is fitted", asked.Section.Place, "at least one parameter in 'free'", "name one, or remove 'uncertainty'");
        }

        ComposedUncertainty? composed = null;
        faults.Collect(() =>
        {
            FitLikelihood.Require(plan);
            if (components.Create<ISurrogate>(ExperimentSchema.NoSurrogate(), faults) is { } none)
            {
                var model = neuron.DefinedWith(none);
                composed = new(asked, model, ModelTracer.Trace(config.Loss.Type!, loss, model, none));
            }
        });
        return composed;
    }
}
