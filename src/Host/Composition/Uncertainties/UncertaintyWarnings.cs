using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Fitting.Uncertainty.Sampling;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>What keeps figures of uncertainty from being trusted, and what to do about it.</summary>
internal static class UncertaintyWarnings
{
    /// <summary>Where gradients are exact and the loss is smooth, the Hessian is symmetric but for rounding.</summary>
    private const double LargestAsymmetry = 0.05;

    /// <summary>A parameter that is off by 0.3 of its standard error costs this much, in nats.</summary>
    private const double LargestDecrement = 0.05;

    private const double LargestRHat = 1.01;
    private const double FewestDraws = 400;

    public static IEnumerable<Diagnostic> Of(FitPlan plan, LaplaceApproximation laplace, Assessment train)
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

    public static IEnumerable<Diagnostic> Of(ParameterProfile profile)
    {
        if (profile.Points.Min(static p => p.Nats) is < -LargestDecrement and var least)
        {
            yield return new(
                "BM2813", string.Create(CultureInfo.InvariantCulture, $"the profile of {profile.Free.Name} found a likelihood that is {-least:g3} nats above the fit's: the fit has missed its best parameters, and intervals lie beside them"),
                Cure: "give the fit more starts or iterations");
        }

        if (profile.Lower is null || profile.Upper is null)
        {
            yield return new(
                "BM2814", $"the profile of {profile.Free.Name} stays within 1.92 nats {(profile.Upper is null ? profile.Lower is null ? "from bound to bound" : "up to its upper bound" : "down to its lower bound")}: the recording does not limit it there",
                Cure: $"widen the bounds of {profile.Free.Name}, give another parameter a value of its own, or fit more sweeps");
        }
    }

    public static IEnumerable<Diagnostic> Of(PosteriorSample sample)
    {
        if (sample.Divergences > 0)
        {
            yield return new(
                "BM2815", $"{sample.Divergences} of {sample.Draws.Count} trajectories of the sampler diverged: it may have missed parts of the posterior", Cure: "raise 'acceptance', such as to 0.95; a loss that jumps diverges with any");
        }

        if (sample.CutOff > 0)
        {
            yield return new(
                "BM2818", $"{sample.CutOff} of {sample.Draws.Count} trajectories of the sampler were cut off after {(1 << NoUTurnChain.DeepestTree) - 1} steps before they turned back: draws are worth less than they cost",
                Cure: "give parameters that the recording does not determine values of their own, or raise 'warmUp'");
        }

        if (sample.Parameters.Where(static p => !(p.RHat < LargestRHat) || p.BulkSize < FewestDraws || p.TailSize < FewestDraws).Select(static p => p.Name).ToList() is { Count: > 0 } names)
        {
            yield return new(
                "BM2816", $"the chains do not agree yet on {string.Join(", ", names)}: R-hat of 1.01 or more, or fewer than 400 effective draws", Cure: "raise 'draws' and 'warmUp'");
        }
    }
}
