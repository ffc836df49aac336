using System.Text.Json.Nodes;
using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting;

namespace BrainModular.Host.Composition;

/// <summary>The features of a sweep as <c>summary.json</c> has them: of each the mean over spikes, modelled and recorded, and how far recorded spikes differ in it, null where there is none.</summary>
internal static class FeatureSummary
{
    /// <summary>The features that a fit minimises.</summary>
    public static IReadOnlyList<string> Fitted(FitPlan plan) => [.. (plan.Features?.Targets ?? []).Select(static t => t.Name)];

    /// <param name="of">The features of a sweep.</param>
    /// <param name="fitted">Those that are told of beside the ones that every fit tells of.</param>
    public static JsonObject Of((FeatureSet Recorded, FeatureSet Model) of, IReadOnlyList<string> fitted) => new(SweepFeatures.Reported.Union(fitted).Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject
    {
        ["model"] = FitSummary.Number(of.Model.Mean(name)),
        ["recorded"] = FitSummary.Number(of.Recorded.Mean(name)),
        ["recordedDeviation"] = FitSummary.Number(of.Recorded.Deviation(name)),
        ["unit"] = FeatureCatalog.Find(name)!.Unit,
    })));
}
