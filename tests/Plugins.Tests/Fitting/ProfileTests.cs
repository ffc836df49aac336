using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Fitting.Uncertainty.Sampling;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Statistics;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Losses;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Profiles and draws of the parameters of a passive membrane beside closed forms and Laplace's approximation.</summary>
public sealed class ProfileTests
{
    /// <summary>With the time constant known, V is linear in R and EL: the mean squared residual grows by (x / s)^2 / (n - 2) at x from the best, and the interval's end is where n / 2 of its logarithm is 1.92.</summary>
    [Fact]
    public void Interval_of_a_linear_model_ends_where_its_likelihood_ratio_does()
    {
        var plan = NoisyPassiveCell.Plan(seed: 5, deviation: 0.3);
        plan = plan with { Free = [.. plan.Free.Where(static f => f.Name != "tauM")], Fixed = new Dictionary<string, double> { ["tauM"] = NoisyPassiveCell.TimeConstant } };
        var (laplace, profiles) = Profiled(plan, ["EL", "R"]);
        var n = ((GaussianLikelihood)laplace.Likelihood).EffectiveSamples;
        foreach (var profile in profiles)
        {
            var estimate = laplace.Estimates.Single(e => e.Free == profile.Free);
            var half = estimate.StandardError!.Value * Math.Sqrt((n - 2) * (Math.Exp(2 * ProfileLikelihood.Threshold / n) - 1));
            Assert.Equal(estimate.Value - half, profile.Lower!.Value, 0.01 * half);
            Assert.Equal(estimate.Value + half, profile.Upper!.Value, 0.01 * half);
            Assert.InRange(profile.Points.Count, 7, 12);
            Assert.All(profile.Points, p => Assert.Equal(
                n / 2 * Math.Log(1 + (Math.Pow((p.Value - estimate.Value) / estimate.StandardError.Value, 2) / (n - 2))), p.Nats, 2e-3));
        }
    }

    [Fact]
    public void Profile_of_what_is_not_determined_reaches_its_bounds()
    {
        var model = ModelTracer.Trace("product", new LaplaceTests.ProductModel(), TinyFit.Surrogate);
        var (_, profiles) = Profiled(
            NoisyPassiveCell.Plan(seed: 3, deviation: 0.1) with
            {
                Model = model,
                Loss = ModelTracer.Trace("voltage-mean-squared-error", RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, TinyFit.Surrogate),
                Free = [new("a", 0.5, 2, ParameterScale.Logarithmic), new("b", 0.1, 10, ParameterScale.Logarithmic)],
                Start = new Dictionary<string, double>(),
            },
            ["a"]);
        var profile = Assert.Single(profiles);
        Assert.Equal((null, null), (profile.Lower, profile.Upper));
        Assert.Equal(0.5, profile.Points[0].Value, 1e-5);
        Assert.Equal(2, profile.Points[^1].Value, 1e-5);
        Assert.All(profile.Points, static p => Assert.InRange(p.Nats, -0.01, 0.05));
    }

    /// <summary>Where the likelihood is nearly normal, draws have Laplace's moments.</summary>
    [Fact]
    public void Draws_agree_with_the_curvature_at_the_best_parameters()
    {
        var plan = NoisyPassiveCell.Plan(seed: 5, deviation: 0.3);
        using var fit = new RecordingFit(plan);
        using var likelihood = new FitLikelihood(plan);
        var laplace = LaplaceApproximation.At(likelihood, fit.Run(static _ => { }).Best.Values);
        var posterior = new FitPosterior(likelihood, laplace);
        var sampler = new NoUTurnSampler(posterior.Dimensions, new(4, 150, 250, 0.8), new PhiloxStream(1));
        sampler.Run(posterior.Starts(4, new PhiloxStream(2)), posterior.Evaluate, static () => { });
        Assert.Equal(0, sampler.Divergences.Sum());
        for (var i = 0; i < posterior.Dimensions; i++)
        {
            IReadOnlyList<double[]> chains = [.. sampler.Draws.Select(c => c.Select(d => posterior.Values(d)[i]).ToArray())];
            var estimate = laplace.Estimates[i];
            var size = ChainStatistics.BulkSize(chains);
            Assert.InRange(ChainStatistics.RHat(chains), 0.99, 1.02);
            Assert.InRange(size, 300, 10_000);
            var mean = chains.SelectMany(static c => c).Average();
            Assert.Equal(estimate.Value, mean, 4 * estimate.StandardError!.Value / Math.Sqrt(size) + (0.05 * estimate.StandardError.Value));
            Assert.Equal(estimate.StandardError.Value, Math.Sqrt(chains.SelectMany(static c => c).Average(x => (x - mean) * (x - mean))), 0.15 * estimate.StandardError.Value);
        }
    }

    [Fact]
    public void A_profile_restored_between_points_ends_with_the_same_bits()
    {
        string[] names = ["EL", "R"];
        var plan = NoisyPassiveCell.Plan(seed: 5, deviation: 0.3);
        using var fit = new RecordingFit(plan);
        using var likelihood = new FitLikelihood(plan);
        var laplace = LaplaceApproximation.At(likelihood, fit.Run(static _ => { }).Best.Values);
        ProfileLikelihood Made() => new(likelihood, laplace, static () => Optimizers.Drive.Create("l-bfgs-b", ("gtol", 1e-5)), new PhiloxStream(1));
        var saved = new List<byte[]>();
        var straight = Made();
        var expected = straight.Of(names, _ => saved.Add(Saved(straight)));
        Assert.InRange(saved.Count, 3, 40);
        foreach (var state in saved)
        {
            var restored = Made();
            using var reader = new BinaryReader(new MemoryStream(state));
            restored.Restore(names, reader);
            Assert.Equal(state.Length, reader.BaseStream.Position);
            Assert.Equal(state, Saved(restored));
            var left = 0;
            var found = restored.Of(names, _ => left++);
            Assert.Equal(saved.Count - 1 - saved.IndexOf(state), left);
            Assert.All(expected.Zip(found), static pair => Assert.Equal((pair.First.Lower, pair.First.Upper), (pair.Second.Lower, pair.Second.Upper)));
            Assert.All(expected.Zip(found), static pair => Assert.Equal(pair.First.Points, pair.Second.Points));
        }
    }

    /// <summary>The data are the model's own: what the fit leaves of them is rounding in the end, and its own distance from there before.</summary>
    [Theory]
    [InlineData(100, 0, "BM2802", "rounding")]
    [InlineData(3, 1e-30, "BM2817", "has not come to rest")]
    public void Data_without_noise_have_no_posterior(int iterations, double ftol, string id, string says)
    {
        var plan = NoisyPassiveCell.Plan(seed: 5, deviation: 0) with
        {
            Start = new Dictionary<string, double> { ["R"] = 60, ["tauM"] = 15, ["EL"] = -66 },
            Optimizer = () => Optimizers.Drive.Create("l-bfgs-b", ("maxIterations", iterations), ("ftol", ftol), ("gtol", 0.0)),
        };
        using var fit = new RecordingFit(plan);
        using var likelihood = new FitLikelihood(plan);
        var best = fit.Run(static _ => { }).Best;
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => new FitPosterior(likelihood, LaplaceApproximation.At(likelihood, best.Values))).Diagnostics);
        Assert.Equal(id, fault.Id);
        Assert.Contains(says, fault.Problem, StringComparison.Ordinal);
    }

    private static byte[] Saved(ProfileLikelihood profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            profile.Save(writer);
        }

        return stream.ToArray();
    }

    private static (LaplaceApproximation Laplace, IReadOnlyList<ParameterProfile> Profiles) Profiled(FitPlan plan, string[] names)
    {
        using var fit = new RecordingFit(plan);
        using var likelihood = new FitLikelihood(plan);
        var laplace = LaplaceApproximation.At(likelihood, fit.Run(static _ => { }).Best.Values);
        return (laplace, new ProfileLikelihood(likelihood, laplace, static () => Optimizers.Drive.Create("l-bfgs-b", ("gtol", 1e-5)), new PhiloxStream(1)).Of(names, static _ => { }));
    }
}
