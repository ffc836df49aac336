using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>How well a recording determines fitted parameters.</summary>
/// <param name="Type">The method that was asked for.</param>
/// <param name="Laplace">The curvature at the best parameters, from which the other methods begin.</param>
/// <param name="Warnings">What keeps the figures from being trusted.</param>
internal sealed record FitUncertainty(string Type, LaplaceApproximation Laplace, IReadOnlyList<Diagnostic> Warnings);

/// <summary>Estimates the uncertainties of a fit.</summary>
internal static class UncertaintyEstimator
{
    /// <summary>Where gradients are exact and the loss is smooth, the Hessian is symmetric but for rounding.</summary>
    private const double LargestAsymmetry = 0.05;

    /// <summary>A parameter that is off by 0.3 of its standard error costs this much, in nats.</summary>
    private const double LargestDecrement = 0.05;

    /// <param name="asked">What is estimated.</param>
    /// <param name="fitted">The fit.</param>
    /// <param name="result">Where it ended.</param>
    /// <param name="train">The model beside the fitted sweeps.</param>
    /// <param name="progress">Told warnings and the result.</param>
    public static FitUncertainty Estimate(ComposedUncertainty asked, FitPlan fitted, FitResult result, Assessment train, IStageProgress progress)
    {
        var plan = fitted with { Model = asked.Model, Loss = asked.Loss };
        using var likelihood = new FitLikelihood(plan);
        var laplace = LaplaceApproximation.At(likelihood, result.Best.Values);
        IReadOnlyList<Diagnostic> warnings = [.. WarningsOf(plan, laplace, train)];
        foreach (var warning in warnings)
        {
            progress.Warn(warning.ToString());
        }

        progress.Tell($"parameters: {string.Join(", ", laplace.Estimates.Select(e => Text(plan.Model, e)))}");
        return new(asked.Config.Type, laplace, warnings);
    }

    private static IEnumerable<Diagnostic> WarningsOf(FitPlan plan, LaplaceApproximation laplace, Assessment train)
    {
        foreach (var held in laplace.Estimates.Where(static e => e.StandardError is null))
        {
            yield return new(
                "BM2804", $"{held.Free.Name} lies at a bound: it has no standard error, and those of the others hold with it there", Cure: $"widen the bounds of {held.Free.Name}, or give it a value of its own");
        }

        foreach (var name in plan.Free.Select(static f => f.Name).Except(laplace.Estimates.Select(static e => e.Free.Name)))
        {
            yield return new("BM2805", $"the loss does not depend on {name}, so the recording says nothing of it", Cure: $"give {name} a value of its own");
        }

        foreach (var flat in laplace.Flat)
        {
            yield return new(
                "BM2806", string.Create(CultureInfo.InvariantCulture, $"the recording hardly determines {flat} (eigenvalue {flat.Eigenvalue:g3}, the largest {laplace.Eigenvalues[0]:g3})"),
                Cure: flat.Components.Count > 1 ? "give one of these parameters a value of its own, or fit sweeps that tell them apart" : $"give {flat.Components[0].Name} a value of its own, or fit sweeps on which it acts");
        }

        if (laplace.Likelihood is GaussianLikelihood noise && noise.EffectiveSamples < 2 * laplace.Parameters.Count)
        {
            yield return new(
                "BM2807", string.Create(CultureInfo.InvariantCulture, $"the residuals are worth {noise.EffectiveSamples:0.0} independent samples, for {laplace.Parameters.Count} parameters: intervals give no more than an order of magnitude"),
                Cure: "fit more or longer sweeps, or a model that follows them more closely");
        }

        if (!plan.RecordedSpikes && train.Sweeps.Any(static s => s.Spikes.Length > 0))
        {
            yield return new(
                "BM2808", "the model fires on its own in fitted sweeps: the loss jumps where a spike comes a step earlier, which no curvature tells of, and intervals come out too narrow",
                Cure: "let recorded spikes reset the model (\"spikes\": \"recording\")");
        }

        if (!(laplace.Asymmetry < LargestAsymmetry))
        {
            yield return new(
                "BM2809", string.Create(CultureInfo.InvariantCulture, $"the Hessian is asymmetric by {100 * laplace.Asymmetry:0} %: the loss is not smooth around the best parameters, or its gradients are not exact"),
                Cure: "use float64, or let recorded spikes reset the model (\"spikes\": \"recording\")");
        }

        if (!(laplace.Decrement < LargestDecrement))
        {
            yield return new(
                "BM2810", string.Create(CultureInfo.InvariantCulture, $"the fit has not come to rest: its likelihood rises by about {laplace.Decrement:g3} nats further on, which moves parameters beside their standard errors"),
                Cure: "let the optimiser go on (maxIterations, ftol), with the surrogate none, whose gradients are exact");
        }
    }

    private static string Text(ModelDefinition model, ParameterEstimate estimate)
    {
        var unit = model.FindParameter(estimate.Free.Name)!.Unit;
        var error = estimate.StandardError is { } e ? $" ± {NumberText.Number(UncertaintySummary.Scaled(unit, e))}" : " at its bound";
        return $"{estimate.Free.Name} {NumberText.Number(unit.Export(estimate.Value))}{error} {NumberText.Unit(unit.Symbol)}";
    }
}
