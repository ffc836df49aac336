using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Standard errors and intervals of fitted parameters beside what theory says of them.</summary>
public sealed class LaplaceTests
{
    private static readonly string[] Names = ["tauM", "R", "EL"];

    [Fact]
    public void Standard_errors_are_those_of_the_Fisher_information()
    {
        var laplace = Fitted(NoisyPassiveCell.Plan(seed: 3, deviation: 0.01));
        var noise = Assert.IsType<GaussianLikelihood>(laplace.Likelihood);
        Assert.Equal(2 * NoisyPassiveCell.Steps, noise.Samples);
        Assert.InRange(noise.CorrelationTime, 1, 1.3);
        Assert.Equal(0.01, noise.Deviation(3), 0.0006);

        // The size of the noise is estimated; what it is multiplied by is theory's.
        var expected = NoisyPassiveCell.StandardErrors(noise.Deviation(3) * Math.Sqrt(noise.CorrelationTime));
        Assert.All(Names.Zip(expected), e => Assert.Equal(e.Second, Of(laplace, e.First).StandardError!.Value, 2e-3 * e.Second));
        Assert.InRange(laplace.Asymmetry, 0, 1e-6);
        Assert.Empty(laplace.Flat);
        Assert.All(laplace.Correlation.SelectMany(static row => row), static r => Assert.InRange(r, -1, 1));
    }

    /// <summary>Of 95 % intervals about 95 % hold the true value; without the correction, of those under correlated noise fewer than half would.</summary>
    [Theory]
    [InlineData(0, 1, 1.2)]
    [InlineData(0.9, 15, 25)]
    public void Intervals_hold_the_true_values_as_often_as_they_say(double memory, double shortest, double longest)
    {
        const int seeds = 40;
        var (held, heldWithout, time) = (0, 0, 0.0);
        for (var seed = 0; seed < seeds; seed++)
        {
            var laplace = Fitted(NoisyPassiveCell.Plan((ulong)seed + 100, deviation: 0.3, memory));
            var noise = (GaussianLikelihood)laplace.Likelihood;
            time += noise.CorrelationTime / seeds;
            foreach (var (name, truth) in NoisyPassiveCell.Truth)
            {
                var estimate = Of(laplace, name);
                held += truth > estimate.Lower && truth < estimate.Upper ? 1 : 0;
                heldWithout += Math.Abs(truth - estimate.Value) * Math.Sqrt(noise.CorrelationTime) < LaplaceApproximation.Quantile * estimate.StandardError ? 1 : 0;
            }
        }

        Assert.InRange(time, shortest, longest);
        Assert.InRange(held / (3.0 * seeds), 0.9, 0.995);
        Assert.True(memory == 0 || heldWithout < 0.6 * 3 * seeds, $"{heldWithout} of {3 * seeds}");
    }

    /// <summary>Two parameters whose product alone has an effect: the direction of their quotient is named.</summary>
    [Fact]
    public void A_combination_that_the_recording_does_not_determine_is_named()
    {
        var model = ModelTracer.Trace("product", new ProductModel(), TinyFit.Surrogate);
        var laplace = Fitted(NoisyPassiveCell.Plan(seed: 3, deviation: 0.1) with
        {
            Model = model,
            Loss = ModelTracer.Trace("voltage-mean-squared-error", RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, TinyFit.Surrogate),
            Free = [new("a", 0.1, 10, ParameterScale.Logarithmic), new("b", 0.1, 10, ParameterScale.Logarithmic)],
            Start = new Dictionary<string, double>(),
        });
        var flat = Assert.Single(laplace.Flat);
        Assert.Equal(["a", "b"], flat.Components.Select(static c => c.Name).Order());
        Assert.InRange(flat.Components[0].Part * flat.Components[1].Part, -0.51, -0.45);
        Assert.InRange(flat.Eigenvalue / laplace.Eigenvalues[0], -1e-4, 1e-4);
        Assert.InRange(laplace.Correlation[0][1], -1, -0.99);

        // The bounds alone say where the quotient is, and so the intervals end within them.
        Assert.All(laplace.Estimates, static e => Assert.True(e.Lower > e.Free.Lower && e.Upper < e.Free.Upper && e.Upper / e.Lower > 5));
    }

    [Fact]
    public void A_parameter_at_its_bound_is_held_there()
    {
        var plan = NoisyPassiveCell.Plan(seed: 3, deviation: 0.1);
        var laplace = Fitted(plan with { Free = [.. plan.Free.Select(static f => f.Name == "R" ? f with { Lower = 1, Upper = 60 } : f)], Start = new Dictionary<string, double>() });
        var (held, free) = (Of(laplace, "R"), Of(laplace, "EL"));
        Assert.Equal((60.0, null, null), (held.Value, held.StandardError, held.Upper));
        Assert.Equal(["EL", "tauM"], laplace.Parameters.Select(static p => p.Name).Order());
        Assert.True(free.StandardError > 0);
    }

    /// <summary>N spikes at a constant rate determine its logarithm with a standard error of 1 / sqrt(N).</summary>
    [Fact]
    public void A_likelihood_has_a_scale_of_its_own()
    {
        var model = ModelTracer.Trace("poisson", new PoissonModel(), TinyFit.Surrogate);
        var plan = NoisyPassiveCell.Plan(seed: 3, deviation: 0.1);
        int[] spikes = [.. Enumerable.Range(0, 20).Select(static i => 7 + (i * 27))];
        plan = plan with
        {
            Model = model,
            Train = [plan.Train[0] with { Spikes = spikes, Current = new double[NoisyPassiveCell.Steps], InitialPotential = -68 }],
            Loss = ModelTracer.Trace("spike-likelihood", RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("spike-likelihood"), model, TinyFit.Surrogate),
            Free = [new("p", -10, 5, ParameterScale.Linear)],
            Start = new Dictionary<string, double>(),
        };
        var laplace = Fitted(plan);

        // With the probability q = 1 - exp(-lambda dt) of a spike in each of n steps, the information on ln lambda is n (lambda dt)^2 (1 - q) / q.
        var q = spikes.Length / (double)NoisyPassiveCell.Steps;
        var information = NoisyPassiveCell.Steps * Math.Pow(Math.Log(1 - q), 2) * (1 - q) / q;
        Assert.Equal(Math.Log(-Math.Log(1 - q) / TinyFit.TimeStep), laplace.Estimates[0].Value, 1e-5);
        Assert.Equal(1 / Math.Sqrt(information), laplace.Estimates[0].StandardError!.Value, 1e-4);
        Assert.Equal(1 / Math.Sqrt(spikes.Length), laplace.Estimates[0].StandardError!.Value, 0.01);
    }

    [Fact]
    public void A_loss_that_is_no_likelihood_is_refused()
    {
        var plan = NoisyPassiveCell.Plan(seed: 3, deviation: 0.1);
        LossDefinition Traced(ILoss loss) => ModelTracer.Trace("other", loss, plan.Model, TinyFit.Surrogate);
        Refused(() => FitLikelihood.Require(plan with { Loss = Traced(RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("spike-aware")) }), "states of its own");
        Refused(() => FitLikelihood.Require(plan with { Loss = Traced(new AbsoluteLoss()) }), "is in mV");

        // In the unit of a squared error, and yet none: found out where it is computed.
        using var fit = new FitLikelihood(plan with { Loss = Traced(new TwiceLoss()) });
        Refused(() => fit.LikelihoodAt(fit.PointOf(NoisyPassiveCell.Truth)), "where the mean squared difference of potentials is");
    }

    private static void Refused(Action action, string because)
    {
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(action).Diagnostics);
        Assert.Equal("BM2801", fault.Id);
        Assert.Contains(because, fault.Problem, StringComparison.Ordinal);
    }

    private static LaplaceApproximation Fitted(FitPlan plan)
    {
        using var fit = new RecordingFit(plan);
        var best = fit.Run(static _ => { }).Best;
        using var likelihood = new FitLikelihood(plan);
        return LaplaceApproximation.At(likelihood, best.Values);
    }

    private static ParameterEstimate Of(LaplaceApproximation laplace, string name) => laplace.Estimates.Single(e => e.Free.Name == name);

    private sealed class AbsoluteLoss : ILoss
    {
        public void Define(ILossScope scope) => scope.Add(Max(scope.Model("V") - scope.Data("V"), scope.Data("V") - scope.Model("V")), mV);
    }

    private sealed class TwiceLoss : ILoss
    {
        public void Define(ILossScope scope) => scope.Add(2 * Power(scope.Model("V") - scope.Data("V"), 2), mV * mV);
    }

    internal sealed class ProductModel : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var a = scope.Parameter("a", 0.8, (0.1 * one, 10 * one), "a factor", ParameterScale.Logarithmic);
            var b = scope.Parameter("b", 0.9, (0.1 * one, 10 * one), "a factor", ParameterScale.Logarithmic);
            var i = scope.Input("I", nA, "current");
            var v = scope.State("V", -73 * mV, mV, "potential");
            v.Rate = (-68 * mV - v + (70 * MOhm * a * b * i)) / (13 * ms);
        }
    }

    private sealed class PoissonModel : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var p = scope.Parameter("p", -1, (-10 * one, 5 * one), "the logarithm of the rate in kHz");
            var i = scope.Input("I", nA, "current");
            var v = scope.State("V", -68 * mV, mV, "potential");
            v.Rate = (-68 * mV - v + (70 * MOhm * i)) / (13 * ms);
            scope.Spike("spike", -1 * one);
            scope.Output("logHazard", p + ((v + (68 * mV)) / (10 * mV)), one, "the logarithm of the rate in kHz");
        }
    }
}
