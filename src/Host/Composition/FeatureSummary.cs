using System.Text.Json.Nodes;
using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting;

namespace BrainModular.Host.Composition;

/// <summary>The features of a sweep as <c>summary.json</c> has them: of each the mean over spikes, modelled and recorded, null where there is none.</summary>
internal static class FeatureSummary
{
    public static JsonObject Of((FeatureSet Recorded, FeatureSet Model) of) => new(SweepFeatures.Reported.Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject
    {
        ["model"] = FitSummary.Number(of.Model.Mean(name)),
        ["recorded"] = FitSummary.Number(of.Recorded.Mean(name)),
        ["unit"] = FeatureCatalog.Find(name)!.Unit,
    })));
}
