using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Features;
using BrainModular.Plugins.Tests.Neurons;
using BrainModular.Plugins.Tests.Optimizers;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Conductances of a Hodgkin-Huxley neuron from what its spikes are like, without any sample of its potential.</summary>
public sealed class FeatureFitTests
{
    private const double TimeStep = 0.025;
    private static readonly string[] Wanted = ["spike_count", "time_to_first_spike", "AP_amplitude", "spike_half_width", "AHP_depth", "all_ISI_values"];

    [Fact]
    public void Features_of_spikes_give_the_conductances()
    {
        var plan = Plan();
        Assert.All(plan.Train, static s => Assert.InRange(SweepFeatures.Recorded(s)["spike_count"]![0], 3, 40));
        using var fit = new RecordingFit(plan);
        var result = fit.Run(static _ => { });

        Assert.True(result.InitialLoss > 0.3, $"{result.InitialLoss}");
        Assert.True(result.Best.Loss < 1e-3, $"{result.Best.Loss} after {result.InitialLoss}");
        Assert.Equal(0.2, result.Best.Values["gNa"] / 100, 0.01);
        Assert.Equal(0.6, result.Best.Values["gK"] / 10, 0.03);
        Assert.True(result.SimulatedSteps >= result.Best.Evaluations * plan.Train.Sum(static s => (long)s.Steps));
    }

    [Fact]
    public void The_other_loss_is_added_with_its_weight()
    {
        var plan = Plan() with { Free = [] };
        FitResult Fitted(FeatureObjective? features)
        {
            using var fit = new RecordingFit(plan with { Features = features });
            return fit.Run(static _ => { });
        }

        FeatureTarget[] targets = [.. Wanted.Select(static n => new FeatureTarget(n, null, null, 1))];
        var (features, voltage, both) = (Fitted(new(targets, 1, IsAlone: true)).Best.Loss, Fitted(null).Best.Loss, Fitted(new(targets, 0.5, IsAlone: false)));
        Assert.Equal(voltage + (0.5 * features), both.Best.Loss, 1e-9);
        Assert.Equal(voltage, both.Parts[0], 1e-9);
        Assert.Equal(features, both.Parts[1], 1e-12);
        Assert.Equal(0.25 * features, Fitted(new(targets, 0.25, IsAlone: true)).Best.Loss, 1e-12);
    }

    [Fact]
    public void An_optimiser_that_needs_gradients_is_refused()
    {
        using var fit = new RecordingFit(Plan() with { Optimizer = static () => Drive.Create("l-bfgs-b") });
        Assert.Equal("BM2711", Assert.Throws<DiagnosticException>(() => fit.Run(static _ => { })).Diagnostics[0].Id);
    }

    private static FitPlan Plan()
    {
        var model = EngineRun.Model("hodgkin-huxley");
        PreparedSweep[] sweeps = [.. new[] { 0.4, 0.7 }.Select((amplitude, i) => Recorded(model, i + 1, amplitude))];
        return TinyFit.Plan(starts: 1, model: model, free: [new("gNa", 5, 60, Models.ParameterScale.Logarithmic), new("gK", 1, 20, Models.ParameterScale.Logarithmic)]) with
        {
            Train = sweeps,
            InitialFromData = false,
            Optimizer = static () => Drive.Create("nelder-mead", ("maxEvaluations", 90)),
            Start = new Dictionary<string, double> { ["gNa"] = 35, ["gK"] = 10 },
            Features = new([.. Wanted.Select(static n => new FeatureTarget(n, null, null, 1))], 1, IsAlone: true),
        };
    }

    /// <summary>200 ms, of which the current is on from 20 to 180 ms, into a neuron with gNa 20 uS and gK 6 uS.</summary>
    private static PreparedSweep Recorded(Engine.Tracing.ModelDefinition model, int number, double amplitude)
    {
        const int steps = 8000;
        double[] current = [.. Enumerable.Range(0, steps).Select(t => t is >= 800 and < 7200 ? amplitude : 0)];
        var run = EngineRun.Of(model, "exponential-euler", TimeStep, steps * TimeStep, t => current[(int)Math.Round(t / TimeStep)], ("gNa", 20), ("gK", 6));
        return new(number, TimeStep, current, run["V"], [.. current.Select(static _ => true)], [.. run.Spikes.Select(static s => (int)Math.Round(s / TimeStep))], run["V"][0]);
    }
}
