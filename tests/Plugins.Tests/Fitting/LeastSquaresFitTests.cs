using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Fits by forward sensitivities.</summary>
public sealed class LeastSquaresFitTests
{
    [Fact]
    public void Every_start_finds_the_parameters_and_threads_change_no_bit()
    {
        // More candidates than a block of lanes holds.
        var (one, three) = (Fitted(starts: 40, threads: 1), Fitted(starts: 40, threads: 3));
        Assert.All(one.Starts, static s =>
        {
            Assert.InRange(s.Loss, 0, 1e-16);
            Assert.Equal(13, s.Values["tauM"], 1e-6);
            Assert.Equal(70, s.Values["R"], 1e-6);
            Assert.Equal(-68, s.Values["EL"], 1e-6);
        });
        Assert.Equal(one.Starts.Select(static s => s.Loss), three.Starts.Select(static s => s.Loss));
        Assert.Equal(one.Starts.SelectMany(static s => s.Values.Values), three.Starts.SelectMany(static s => s.Values.Values));
        Assert.Equal((40 * 8 * 600) + one.Starts.Sum(static s => s.Evaluations * 600L), one.SimulatedSteps, 9 * 600.0);
    }

    [Fact]
    public void Coupling_is_annealed_as_with_any_optimiser() => Assert.InRange(Fitted(3, 1, new(0.02, 3)).Best.Loss, 0, 1e-16);

    [Fact]
    public void A_negative_factor_of_a_square_is_named()
    {
        var plan = TinyFit.Plan();
        using var fit = new RecordingFit(plan with
        {
            Loss = ModelTracer.Trace("by-potential", new TimesPotential(), plan.Model, TinyFit.Surrogate), Optimizer = static () => Optimizers.Drive.Create("levenberg-marquardt"),
        });
        var fault = Assert.Throws<DiagnosticException>(() => fit.Run(static _ => { })).Diagnostics[0];
        Assert.Equal("BM2718", fault.Id);
        Assert.Contains("by-potential", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("l-bfgs-b", fault.Cure, StringComparison.Ordinal);
    }

    private static FitResult Fitted(int starts, int threads, Coupling? coupling = null)
    {
        var plan = TinyFit.Plan(starts, threads, coupling, optimizer: "levenberg-marquardt");
        using var fit = new RecordingFit(plan with { Optimizer = static () => Optimizers.Drive.Create("levenberg-marquardt") });
        return fit.Run(static _ => { });
    }

    /// <summary>A recorded potential, which is negative, times the squared error.</summary>
    private sealed class TimesPotential : ILoss
    {
        public void Define(ILossScope scope) =>
            scope.Add(scope.Data("V") / (1 * Units.mV) * Functions.Power(scope.Model("V") - scope.Data("V"), 2), Units.mV * Units.mV);
    }
}
