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
}
