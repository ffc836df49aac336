using System.Text.Json.Nodes;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Tracing;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>The uncertainty's part of <c>summary.json</c>.</summary>
internal static class UncertaintySummary
{
    public static JsonObject Of(ModelDefinition model, FitUncertainty uncertainty)
    {
        var laplace = uncertainty.Laplace;
        return new()
        {
            ["type"] = uncertainty.Type,
            ["likelihood"] = Of(laplace.Likelihood, laplace.Parameters.Count),
            ["parameters"] = new JsonObject(laplace.Estimates.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Free.Name, Of(model.FindParameter(e.Free.Name)!.Unit, e)))),
            ["correlation"] = new JsonObject
            {
                ["parameters"] = new JsonArray([.. laplace.Parameters.Select(static p => (JsonNode?)p.Name)]),
                ["matrix"] = new JsonArray([.. laplace.Correlation.Select(static row => new JsonArray([.. row.Select(static r => FitSummary.Number(r))]))]),
            },
            ["eigenvalues"] = new JsonArray([.. laplace.Eigenvalues.Select(static e => FitSummary.Number(e))]),
            ["flat"] = new JsonArray([.. laplace.Flat.Select(static f => new JsonObject
            {
                ["eigenvalue"] = FitSummary.Number(f.Eigenvalue),
                ["direction"] = new JsonObject(f.Components.Select(static c => KeyValuePair.Create(c.Name, FitSummary.Number(c.Part)))),
            })]),
            ["profiles"] = uncertainty.Profiles.Count == 0 ? null : new JsonObject(uncertainty.Profiles.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Free.Name, Of(model.FindParameter(p.Free.Name)!.Unit, p)))),
            ["sample"] = uncertainty.Sample is { } sample ? Of(model, sample) : null,
            ["predictive"] = new JsonObject
            {
                ["inside"] = FitSummary.Number(uncertainty.Inside),
                ["sweeps"] = new JsonArray([.. uncertainty.Bands.Select(static b => new JsonObject { ["sweep"] = b.Sweep.Number, ["inside"] = FitSummary.Number(b.Inside) })]),
            },
            ["asymmetry"] = FitSummary.Number(laplace.Asymmetry),
            ["warnings"] = new JsonArray([.. uncertainty.Warnings.Select(static w => (JsonNode?)w.ToString())]),
        };
    }

    /// <summary>A difference of values in the unit that is shown: without the offset that a unit such as degC has.</summary>
    public static double Scaled(Unit unit, double difference) => unit.Export(difference) - unit.Export(0);

    private static JsonObject Of(Likelihood likelihood, int parameters) => likelihood is GaussianLikelihood noise
        ? new()
        {
            ["noise"] = "gaussian",
            ["standardDeviation"] = $"{noise.Deviation(parameters):R} mV",
            ["samples"] = FitSummary.Number(noise.Samples),
            ["correlationTime"] = FitSummary.Number(noise.CorrelationTime),
            ["effectiveSamples"] = FitSummary.Number(noise.EffectiveSamples),
        }
        : new() { ["noise"] = "of the loss" };

    private static JsonObject Of(Unit unit, ParameterEstimate estimate) => new()
    {
        ["value"] = FitSummary.Number(unit.Export(estimate.Value)),
        ["standardError"] = FitSummary.Number(estimate.StandardError is { } error ? Scaled(unit, error) : null),
        ["lower"] = FitSummary.Number(estimate.Lower is { } lower ? unit.Export(lower) : null),
        ["upper"] = FitSummary.Number(estimate.Upper is { } upper ? unit.Export(upper) : null),
        ["unit"] = unit.Symbol,
    };

    private static JsonObject Of(Unit unit, ParameterProfile profile) => new()
    {
        ["lower"] = FitSummary.Number(profile.Lower is { } lower ? unit.Export(lower) : null),
        ["upper"] = FitSummary.Number(profile.Upper is { } upper ? unit.Export(upper) : null),
        ["unit"] = unit.Symbol,
        ["values"] = new JsonArray([.. profile.Points.Select(p => FitSummary.Number(unit.Export(p.Value)))]),
        ["nats"] = new JsonArray([.. profile.Points.Select(static p => FitSummary.Number(p.Nats))]),
    };

    private static JsonObject Of(ModelDefinition model, PosteriorSample sample) => new()
    {
        ["chains"] = sample.Chains,
        ["draws"] = sample.Draws.Count,
        ["divergences"] = sample.Divergences,
        ["cutOff"] = sample.CutOff,
        ["parameters"] = new JsonObject(sample.Parameters.Select(p =>
        {
            var unit = model.FindParameter(p.Name)!.Unit;
            return KeyValuePair.Create<string, JsonNode?>(p.Name, new JsonObject
            {
                ["mean"] = FitSummary.Number(unit.Export(p.Mean)),
                ["standardDeviation"] = FitSummary.Number(Scaled(unit, p.Deviation)),
                ["lower"] = FitSummary.Number(unit.Export(p.Lower)),
                ["median"] = FitSummary.Number(unit.Export(p.Median)),
                ["upper"] = FitSummary.Number(unit.Export(p.Upper)),
                ["unit"] = unit.Symbol,
                ["rHat"] = FitSummary.Number(p.RHat),
                ["bulkSize"] = FitSummary.Number(p.BulkSize),
                ["tailSize"] = FitSummary.Number(p.TailSize),
            });
        })),
    };
}
