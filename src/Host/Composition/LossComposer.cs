using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Losses;
using BrainModular.Models;

namespace BrainModular.Host.Composition;

/// <summary>The losses of a fit, made.</summary>
/// <param name="Weighted">Those that are traced beside the model; where features are fitted alone, the one that stands in for them.</param>
/// <param name="Features">The loss of features; null: there is none.</param>
/// <param name="IsAlone">Whether features are fitted alone.</param>
internal sealed record ComposedLosses(IReadOnlyList<WeightedLoss> Weighted, LossConfig? Features, bool IsAlone)
{
    /// <summary>Their definition for a model. Features have no unit, so what stands beside them counts as numbers.</summary>
    public LossDefinition Define(ModelDefinition model, ISurrogate surrogate) => ModelTracer.Trace(Weighted, model, surrogate, asNumbers: Features is not null);
}

/// <summary>Makes the losses that a fit's configuration names.</summary>
internal sealed class LossComposer(ComponentFactory components, Faults faults)
{
    /// <returns>The losses; null where a fault keeps them from being made.</returns>
    public ComposedLosses? Compose(FitConfig config)
    {
        if (config.Losses.Count == 0)
        {
            faults.Add("BM2715", "the list of losses is empty, so nothing is minimised", config.Section.PlaceOf("loss"), "at least one loss", "name one, or leave 'loss' out");
        }

        var features = config.Losses.Where(static l => l.IsOfFeatures).ToList();
        foreach (var second in features.Skip(1))
        {
            faults.Add("BM2716", "features stand in the list of losses twice", second.Place, "one loss of the type features", "put all features into one, each with its own 'weight'");
        }

        foreach (var loss in config.Losses.Where(static l => l.IsOfFeatures == (l.Features.Count == 0)))
        {
            faults.Add(
                "BM2717", loss.IsOfFeatures ? "the loss features names no feature" : $"'features' belong to the loss features, and the type is {loss.Component.Type}", loss.Place,
                """{ "type": "features", "features": { "NAME": {} } }""", "brain describe features lists them");
        }

        var alone = features.Count > 0 && features.Count == config.Losses.Count;
        var named = alone ? [new LossConfig(LossSchema.Default())] : config.Losses.Where(static l => !l.IsOfFeatures).ToList();
        var made = named.Select(l => (Config: l, Loss: components.Create<ILoss>(l.Component, faults))).ToList();
        return made.Count == 0 || made.Any(static m => m.Loss is null) ? null
            : new([.. made.Select(static m => new WeightedLoss(m.Config.Component.Type!, m.Loss!, m.Config.Weight))], features.FirstOrDefault(), alone);
    }
}
