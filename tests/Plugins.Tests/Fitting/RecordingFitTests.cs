using BrainModular.Engine.Fitting;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Optimizers;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Fits that are saved, restored, spread over threads, coupled to the data, and told of losses that are not numbers.</summary>
public sealed class RecordingFitTests
{
    private static readonly Coupling Pull = new(0.1, 3);

    [Fact]
    public void Tiny_fit_finds_the_parameters_that_made_its_sweeps()
    {
        using var fit = new RecordingFit(TinyFit.Plan() with { Optimizer = static () => Optimizers.Drive.Create("l-bfgs-b") });
        var best = fit.Run(static _ => { }).Best;
        Assert.Equal(70, best.Values["R"], 1e-2);
        Assert.Equal(-68, best.Values["EL"], 1e-3);
        Assert.InRange(best.Loss, 0, 1e-9);
    }

    [Theory]
    [InlineData("l-bfgs-b")]
    [InlineData("adam")]
    public void Fit_restored_at_any_point_ends_with_the_same_bits(string optimizer)
    {
        var saved = new List<byte[]>();
        using var straight = new RecordingFit(TinyFit.Plan(coupling: Pull, optimizer: optimizer));
        var progress = new List<FitProgress>();
        var expected = straight.Run(p =>
        {
            progress.Add(p);
            saved.Add(TinyFit.Saved(straight));
        });
        Assert.Equal([0, 1, 2], progress.Select(static p => p.Round).Distinct());
        Assert.True(saved.Count > 15);
        for (var at = 0; at < saved.Count; at += at < 3 ? 1 : 4)
        {
            using var restored = new RecordingFit(TinyFit.Plan(coupling: Pull, optimizer: optimizer));
            Restore(restored, saved[at]);
            Assert.Equal(saved[at], TinyFit.Saved(restored));
            var further = new List<FitProgress>();
            AssertSame(expected, restored.Run(further.Add));
            Assert.Equal(progress.Skip(at + 1), further);
        }
    }

    [Fact]
    public void Fit_that_is_stopped_by_its_progress_goes_on_where_it_was()
    {
        using var straight = new RecordingFit(TinyFit.Plan());
        var expected = straight.Run(static _ => { });
        using var stopped = new RecordingFit(TinyFit.Plan());
        Assert.Throws<OperationCanceledException>(() => stopped.Run(static p => throw new OperationCanceledException()));
        using var restored = new RecordingFit(TinyFit.Plan());
        Restore(restored, TinyFit.Saved(stopped));
        AssertSame(expected, restored.Run(static _ => { }));
    }

    [Fact]
    public void Fit_that_begins_anew_with_another_plan_comes_to_what_a_fresh_one_does()
    {
        var other = TinyFit.Plan(starts: 5, coupling: Pull, optimizer: "adam") with
        {
            Random = new PhiloxStream(9), Search = static () => Optimizers.Drive.Create("cma-es", ("maxEvaluations", 30)),
            Start = new Dictionary<string, double> { ["R"] = 44 },
        };
        using var fresh = new RecordingFit(other);
        var expected = fresh.Run(static _ => { });
        using var again = new RecordingFit(TinyFit.Plan(coupling: Pull));
        var first = again.Run(static _ => { });
        again.Restart(other);
        AssertSame(expected with { SimulatedSteps = first.SimulatedSteps + expected.SimulatedSteps }, again.Run(static _ => { }));
        Assert.Equal(first.SimulatedSteps + expected.SimulatedSteps, again.SimulatedSteps);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Number_of_threads_does_not_change_a_bit(int threads)
    {
        // Six starts draw 40 points, which are two blocks of candidates for each of the two sweeps.
        using var one = new RecordingFit(TinyFit.Plan(starts: 6));
        using var several = new RecordingFit(TinyFit.Plan(starts: 6, threads: threads));
        Assert.True(5 * 8 > LossEvaluator.Block);
        AssertSame(one.Run(static _ => { }), several.Run(static _ => { }));
    }

    /// <summary>The square root of a negative number makes the loss of half of all candidates NaN.</summary>
    [Theory]
    [InlineData("l-bfgs-b")]
    [InlineData("adam")]
    public void Loss_that_is_not_a_number_fails_a_candidate_and_not_the_fit(string optimizer)
    {
        using var fit = new RecordingFit(RootPlan(optimizer, start: 0.2));
        var result = fit.Run(static _ => { });
        Assert.True(double.IsFinite(result.InitialLoss));
        Assert.True(result.Best.Loss <= result.InitialLoss);
        Assert.InRange(result.Best.Values["p"], 0, 1);
        Assert.All(result.Starts.Zip(result.Starts.Skip(1)), static pair => Assert.True(pair.First.Loss <= pair.Second.Loss || !double.IsFinite(pair.Second.Loss)));
    }

    [Theory]
    [InlineData("l-bfgs-b")]
    [InlineData("adam")]
    public void Start_without_a_finite_loss_is_reported_as_failed(string optimizer)
    {
        using var fit = new RecordingFit(RootPlan(optimizer, start: -0.7) with { Starts = 1 });
        var result = fit.Run(static _ => { });
        Assert.False(double.IsFinite(result.InitialLoss));
        Assert.False(double.IsFinite(result.Best.Loss));
        Assert.Equal(OptimizerStatus.Failed, result.Best.Status);
        Assert.NotEmpty(result.Best.Reason);
    }

    [Fact]
    public void Coupling_is_divided_by_4_each_round_and_gone_in_the_last()
    {
        Assert.Equal([1, 0.25, 0.0625, 0], new Coupling(1, 4).Schedule);
        Assert.Equal([0], new Coupling(1, 1).Schedule);
    }

    private static FitPlan RootPlan(string optimizer, double start)
    {
        var model = ModelTracer.Trace("root", new RootModel(), TinyFit.Surrogate);
        return TinyFit.Plan(starts: 4, model: model, free: [new("p", -1, 1, ParameterScale.Linear)], optimizer: optimizer) with
        {
            Start = new Dictionary<string, double> { ["p"] = start },
        };
    }

    private static void Restore(RecordingFit fit, byte[] state)
    {
        using var reader = new BinaryReader(new MemoryStream(state));
        fit.Restore(reader);
        Assert.Equal(state.Length, reader.BaseStream.Position);
    }

    private static void AssertSame(FitResult expected, FitResult actual)
    {
        Assert.Equal(expected.InitialLoss, actual.InitialLoss);
        Assert.Equal(expected.Starts.Count, actual.Starts.Count);
        foreach (var (e, a) in expected.Starts.Zip(actual.Starts))
        {
            Assert.Equal((e.Loss, e.Evaluations, e.Status, e.Reason), (a.Loss, a.Evaluations, a.Status, a.Reason));
            Assert.Equal(e.Values, a.Values);
            Assert.Equal(e.History, a.History);
        }
    }

    private sealed class RootModel : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var p = scope.Parameter("p", 0.2, (-1 * one, 1 * one), "its root scales the input");
            var i = scope.Input("I", nA, "current");
            var v = scope.State("V", -68 * mV, mV, "potential");
            v.Rate = (-68 * mV - v + (100 * MOhm * Sqrt(p) * i)) / (13 * ms);
        }
    }
}
