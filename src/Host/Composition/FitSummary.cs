using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Composition.Uncertainties;

namespace BrainModular.Host.Composition;

/// <summary>A fit's part of <c>summary.json</c>.</summary>
internal static class FitSummary
{
    public static JsonObject Of(
        ComposedFit fit, FitResult result, IReadOnlyDictionary<string, double> values, Assessment train, Assessment? test,
        FitUncertainty? uncertainty, IReadOnlyList<Diagnostic> warnings, double seconds)
    {
        var unit = fit.Plan.Loss.Unit;
        var perEngine = unit.Export(1);
        return new()
        {
            ["type"] = "fit",
            ["neuron"] = fit.Neuron.Type,
            ["loss"] = Number(result.Best.Loss * perEngine),
            ["initialLoss"] = Number(result.InitialLoss * perEngine),
            ["lossUnit"] = unit.Symbol,
            ["losses"] = result.Parts.Count == 0 ? null : Losses(fit.Plan, result.Parts, static (loss, value) => new JsonObject { ["value"] = Number(value), ["unit"] = loss.Unit.Symbol, ["weight"] = loss.Weight }),
            ["spikesDuringFit"] = fit.Plan.RecordedSpikes ? "recording" : "model",
            ["parameters"] = Parameters(fit, values, result.Best.Values),
            ["starts"] = new JsonArray([.. result.Starts.Select(s => new JsonObject
            {
                ["loss"] = Number(s.Loss * perEngine),
                ["parameters"] = new JsonObject(s.Values.Select(v => KeyValuePair.Create<string, JsonNode?>(v.Key, Quantity(fit.Plan.Model, v.Key, v.Value)))),
                ["evaluations"] = s.Evaluations,
                ["status"] = s.Status.ToString().ToLowerInvariant(),
                ["reason"] = s.Reason,
            })]),
            ["train"] = Of(train, fit.Plan.SpikePrecision, FeatureSummary.Fitted(fit.Plan)),
            ["test"] = test is null ? null : Of(test, fit.Plan.SpikePrecision, FeatureSummary.Fitted(fit.Plan)),
            ["uncertainty"] = uncertainty is null ? null : UncertaintySummary.Of(fit.Plan.Model, uncertainty),
            ["warnings"] = new JsonArray([.. warnings.Select(static w => (JsonNode?)w.ToString())]),
            ["evaluations"] = result.SearchEvaluations + result.Starts.Sum(static s => s.Evaluations),
            ["simulatedSteps"] = result.SimulatedSteps,
            ["electrode"] = fit.Recording.Electrode is { Resistance: > 0 } e ? new JsonObject { ["resistance"] = $"{e.Resistance:R} MOhm", ["timeConstant"] = $"{e.TimeConstant:R} ms" } : null,
            ["junctionPotential"] = fit.Recording.JunctionPotential == 0 ? null : $"{fit.Recording.JunctionPotential:R} mV",
            ["sampleInterval"] = $"{fit.Recording.SampleInterval:R} ms",
            ["timeStep"] = $"{fit.Recording.TimeStep:R} ms",
            ["seconds"] = seconds,
        };
    }

    /// <summary>A number, or null where it is none: JSON knows no NaN.</summary>
    public static JsonNode? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;

    /// <summary>What each loss of a weighted sum is, by its name.</summary>
    /// <param name="plan">The fit.</param>
    /// <param name="parts">The losses in engine units.</param>
    /// <param name="entry">What is said of a loss and its value in its unit.</param>
    public static JsonObject Losses(FitPlan plan, IReadOnlyList<double> parts, Func<FittedLoss, double, JsonNode?> entry) =>
        new(plan.Losses.Zip(parts, (loss, value) => KeyValuePair.Create(loss.Name, entry(loss, loss.Unit.Export(value)))));

    private static JsonObject Parameters(ComposedFit fit, IReadOnlyDictionary<string, double> values, IReadOnlyDictionary<string, double> fitted) =>
        new(fit.Plan.Model.Parameters.Select(p =>
        {
            var entry = Quantity(fit.Plan.Model, p.Name, values[p.Name]);
            entry["fitted"] = fitted.ContainsKey(p.Name);
            var (lower, upper) = fit.Neuron.Bounds[p.Name];
            entry["lower"] = Number(p.Unit.Export(lower));
            entry["upper"] = Number(p.Unit.Export(upper));
            return KeyValuePair.Create<string, JsonNode?>(p.Name, entry);
        }));

    /// <summary>A parameter's value with its unit.</summary>
    public static JsonObject Quantity(ModelDefinition model, string name, double value)
    {
        var unit = model.FindParameter(name)!.Unit;
        return new() { ["value"] = Number(unit.Export(value)), ["unit"] = unit.Symbol };
    }

    private static JsonObject Of(Assessment assessment, double precision, IReadOnlyList<string> fitted) => new()
    {
        ["explainedVariance"] = Number(assessment.ExplainedVariance),
        ["passiveExplainedVariance"] = Number(assessment.PassiveExplainedVariance),
        ["gamma"] = Number(assessment.Scores.Gamma),
        ["reliability"] = Number(assessment.Scores.Reliability),
        ["gammaByReliability"] = Number(assessment.Scores.Gamma / assessment.Scores.Reliability),
        ["similarity"] = Number(assessment.Scores.Similarity),
        ["sweeps"] = new JsonArray([.. assessment.Sweeps.Select(s =>
        {
            var spikes = SpikeComparison.Of(s, precision);
            return new JsonObject
            {
                ["sweep"] = s.Sweep.Number,
                ["spikes"] = spikes.Model.Count,
                ["recordedSpikes"] = spikes.Recorded.Count,
                ["explainedVariance"] = Number(s.ExplainedVariance),
                ["gamma"] = Number(spikes.Gamma),
                ["victorPurpura"] = Number(spikes.VictorPurpura),
                ["vanRossum"] = Number(spikes.VanRossum),
                ["rate"] = Number(spikes.Model.Rate),
                ["recordedRate"] = Number(spikes.Recorded.Rate),
                ["intervalVariation"] = Number(spikes.Model.IntervalVariation),
                ["recordedIntervalVariation"] = Number(spikes.Recorded.IntervalVariation),
                ["firstSpikeLatency"] = Number(spikes.Model.Latency),
                ["recordedFirstSpikeLatency"] = Number(spikes.Recorded.Latency),
                ["features"] = FeatureSummary.Of(s.Features, fitted),
            };
        })]),
    };
}
