using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Fitting.Uncertainty.Sampling;
using BrainModular.Engine.Statistics;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Host.Reports;
using BrainModular.Random;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>Estimates the uncertainties of a fit.</summary>
/// <param name="asked">What is estimated.</param>
/// <param name="fitted">The fit.</param>
/// <param name="checkpoint">Where the state of profiles or a sampler is kept, from which a resumed run goes on.</param>
/// <param name="progress">Told how far it is, warnings and the result.</param>
internal sealed class UncertaintyEstimator(ComposedUncertainty asked, FitPlan fitted, FitCheckpoint checkpoint, IStageProgress progress)
{
    /// <summary>How many draws of parameters predict the potential.</summary>
    private const int PredictiveDraws = 200;

    private const int TransitionsPerMetric = 50;
    private readonly FitPlan plan = fitted with { Model = asked.Model, Loss = asked.Loss };
    private readonly IRandomStream random = fitted.Random.Split("uncertainty");

    /// <param name="best">The fitted parameters in engine units.</param>
    /// <param name="values">All parameters with them.</param>
    /// <param name="train">The model beside the fitted sweeps.</param>
    /// <param name="test">The sweeps held out.</param>
    /// <param name="cancel">Ends it early, with its state in the checkpoint.</param>
    public FitUncertainty Estimate(
        IReadOnlyDictionary<string, double> best, IReadOnlyDictionary<string, double> values, Assessment train, IReadOnlyList<PreparedSweep> test, CancellationToken cancel)
    {
        using var likelihood = new FitLikelihood(plan);
        var laplace = LaplaceApproximation.At(likelihood, best);
        var profiles = asked.Config.Type == UncertaintySchema.Profile ? Profiles(likelihood, laplace, cancel) : [];
        var sample = asked.Config.Type == UncertaintySchema.Sampler ? Sample(likelihood, laplace, cancel) : null;
        var draws = sample is null ? laplace.Draws(PredictiveDraws, random.Split("draws")) : Thinned(sample.Draws);
        IReadOnlyList<PreparedSweep> predicted = test.Count > 0 ? test : [.. train.Sweeps.Select(static s => s.Sweep)];
        progress.Report(null, "predicting");
        var bands = new PredictiveBands(plan, values, [.. laplace.Estimates.Select(static e => e.Free.Name)], draws, laplace.Likelihood).Of(predicted, random.Split("predictive"), cancel);
        IReadOnlyList<Diagnostic> warnings = [.. UncertaintyWarnings.Of(plan, laplace, train), .. profiles.SelectMany(UncertaintyWarnings.Of), .. sample is null ? [] : UncertaintyWarnings.Of(sample)];
        foreach (var warning in warnings)
        {
            progress.Warn(warning.ToString());
        }

        progress.Tell($"parameters: {string.Join(", ", laplace.Estimates.Select(e => Text(plan.Model, e)))}");
        return new(asked.Config.Type, laplace, profiles, sample, bands, warnings);
    }

    private IReadOnlyList<ParameterProfile> Profiles(FitLikelihood likelihood, LaplaceApproximation laplace, CancellationToken cancel)
    {
        var names = laplace.Parameters.Select(static p => p.Name).Where(n => asked.Config.Parameters?.Contains(n) ?? true).ToList();
        var profile = new ProfileLikelihood(likelihood, laplace, asked.Optimizer, random.Split("profile"));
        if (checkpoint.Uncertainty.Length > 0)
        {
            using var reader = new BinaryReader(new MemoryStream(checkpoint.Uncertainty));
            profile.Restore(names, reader);
        }

        return profile.Of(names, rays =>
        {
            progress.Report(null, $"profile likelihood, {profile.Fitted} points, {rays} rays running");
            progress.Metric(new JsonObject { ["profilePoints"] = profile.Fitted });
            checkpoint.Lines++;
            checkpoint.Save(profile.Save, cancel.IsCancellationRequested || !profile.IsRunning);
            cancel.ThrowIfCancellationRequested();
        });
    }

    private PosteriorSample Sample(FitLikelihood likelihood, LaplaceApproximation laplace, CancellationToken cancel)
    {
        var (config, posterior) = (asked.Config, new FitPosterior(likelihood, laplace));
        var sampler = new NoUTurnSampler(posterior.Dimensions, new(config.Chains, config.WarmUp, config.Draws, config.Acceptance), random.Split("sampler"));
        if (checkpoint.Uncertainty.Length > 0)
        {
            using var reader = new BinaryReader(new MemoryStream(checkpoint.Uncertainty));
            sampler.Restore(reader);
        }

        sampler.Run(posterior.Starts(config.Chains, random.Split("starts")), posterior.Evaluate, () =>
        {
            var total = config.WarmUp + config.Draws;
            progress.Report(sampler.Done / (double)total, $"{config.Chains} chains, {(sampler.Done <= config.WarmUp ? "warm-up" : "draws")}, {sampler.Divergences.Sum()} divergences");
            if (sampler.Done % TransitionsPerMetric == 0)
            {
                progress.Metric(new JsonObject { ["transition"] = sampler.Done, ["divergences"] = sampler.Divergences.Sum() });
                checkpoint.Lines++;
            }

            checkpoint.Save(sampler.Save, cancel.IsCancellationRequested || sampler.Done == total);
            cancel.ThrowIfCancellationRequested();
        });
        List<double[][]> chains = [.. sampler.Draws.Select(c => c.Select(posterior.Values).ToArray())];
        return new(
            [.. likelihood.Free.Select((f, i) => Of(f.Name, [.. chains.Select(c => c.Select(d => d[i]).ToArray())]))],
            [.. chains.SelectMany(static c => c)], config.Chains, sampler.Divergences.Sum(), sampler.CutOff.Sum());
    }

    private static SampledParameter Of(string name, IReadOnlyList<double[]> chains)
    {
        var mean = chains.Average(static c => c.Average());
        return new(
            name, mean, Math.Sqrt(chains.Average(c => c.Average(x => (x - mean) * (x - mean)))),
            ChainStatistics.Quantile(chains, 0.025), ChainStatistics.Quantile(chains, 0.5), ChainStatistics.Quantile(chains, 0.975),
            ChainStatistics.RHat(chains), ChainStatistics.BulkSize(chains), ChainStatistics.TailSize(chains));
    }

    private static IReadOnlyList<double[]> Thinned(IReadOnlyList<double[]> draws) =>
        draws.Count <= PredictiveDraws ? draws : [.. Enumerable.Range(0, PredictiveDraws).Select(i => draws[(int)((i + 0.5) * draws.Count / PredictiveDraws)])];

    private static string Text(ModelDefinition model, ParameterEstimate estimate)
    {
        var unit = model.FindParameter(estimate.Free.Name)!.Unit;
        var error = estimate.StandardError is { } e ? $" ± {NumberText.Number(UncertaintySummary.Scaled(unit, e))}" : " at its bound";
        return $"{estimate.Free.Name} {NumberText.Number(unit.Export(estimate.Value))}{error} {NumberText.Unit(unit.Symbol)}";
    }
}
