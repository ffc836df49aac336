using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Losses and gradients of many candidates at once.</summary>
public sealed class LossEvaluatorTests : IDisposable
{
    private readonly FitPlan plan = TinyFit.Plan();
    private readonly TrainingProgram program;
    private readonly List<Trace> traces;

    public LossEvaluatorTests()
    {
        var step = StepFunction.Build(plan.Model, plan.Loss, null, new(
            TinyFit.TimeStep, plan.Integrator, plan.Fixed, plan.Free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement), InitialFromData: ["V"], SharedInputs: true));
        program = new(TrainingFunctions.Derive(step), TinyFit.TimeStep, Precision.Double, CompileOptions.Default);
        traces = [.. plan.Train.Select(static s => new Trace(
            s.Steps,
            new Dictionary<string, double[]> { ["I"] = s.Current, ["data.V"] = s.Potential, ["weight"] = [.. s.Current.Select(static _ => 1.0)] },
            new Dictionary<string, double> { ["data.initial.V"] = s.InitialPotential },
            Precision.Double))];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_candidate_of_a_large_batch_has_the_bits_that_it_has_alone(int threads)
    {
        var candidates = Candidates(700);
        using var evaluator = Evaluator(threads);
        var together = evaluator.Evaluate(candidates, withGradient: true);
        using var alone = Evaluator(1);
        Assert.All(new[] { 0, 127, 128, 511, 699 }, c =>
        {
            var expected = Assert.Single(alone.Evaluate([candidates[c]], withGradient: true));
            Assert.Equal(expected.Loss, together[c].Loss);
            Assert.Equal(expected.Gradient, together[c].Gradient);
            Assert.Contains(expected.Gradient!, static g => Math.Abs(g) > 1e-3);
        });
    }

    [Fact]
    public void Segments_that_are_run_again_change_no_bit_of_a_batch()
    {
        using var stored = Evaluator(1);
        using var again = Evaluator(1, memoryBudget: 0);
        using var onTwo = Evaluator(2, memoryBudget: 0);
        var candidates = Candidates(130);
        var expected = stored.Evaluate(candidates, withGradient: true);
        Assert.All(new[] { again, onTwo }, evaluator => Assert.All(
            expected.Zip(evaluator.Evaluate(candidates, withGradient: true)),
            static pair => Assert.Equal((pair.First.Loss, string.Join(' ', pair.First.Gradient!)), (pair.Second.Loss, string.Join(' ', pair.Second.Gradient!)))));

        // Of one thread: of two, how many came to take memory of their own is not the same in every run.
        Assert.True(again.Bytes < stored.Bytes / 4, $"{again.Bytes} bytes instead of {stored.Bytes}");
    }

    [Fact]
    public void Memory_is_kept_as_fewer_candidates_are_left_and_more_come_again()
    {
        var candidates = Candidates(24);
        using var evaluator = Evaluator(1);
        var expected = evaluator.Evaluate(candidates, withGradient: true);
        for (var left = 23; left > 0; left--)
        {
            evaluator.Evaluate([.. candidates.Take(left)], withGradient: true);
        }

        var kept = evaluator.Bytes;
        foreach (var count in new[] { 3, 24, 1, 17, 9 })
        {
            var found = evaluator.Evaluate([.. candidates.Take(count)], withGradient: true);
            Assert.Equal(expected.Take(count).Select(static e => e.Loss), found.Select(static e => e.Loss));
            Assert.Equal(expected.Take(count).SelectMany(static e => e.Gradient!), found.SelectMany(static e => e.Gradient!));
        }

        Assert.Equal(kept, evaluator.Bytes);
    }

    [Fact]
    public void A_loss_that_depends_on_no_state_is_refused()
    {
        var loss = ModelTracer.Trace("of-the-data-alone", new DataLoss(), plan.Model, TinyFit.Surrogate);
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => new RecordingFit(plan with { Loss = loss }).Dispose()).Diagnostics);
        Assert.Equal("BM2308", fault.Id);
        Assert.Contains("of-the-data-alone depends on no state of leaky-integrate-and-fire", fault.Problem, StringComparison.Ordinal);
    }

    public void Dispose() => traces.ForEach(static t => t.Dispose());

    private LossEvaluator Evaluator(int threads, long memoryBudget = 1 << 28) =>
        new(program, traces, [.. program.Functions.Parameters.Select(n => plan.Free.First(f => f.Name == n))], threads, memoryBudget);

    private static List<double[]> Candidates(int count)
    {
        var random = new PhiloxStream(3);
        return [.. Enumerable.Range(0, count).Select(_ => new[] { random.Uniform(), random.Uniform(), random.Uniform() })];
    }

    private sealed class DataLoss : ILoss
    {
        public void Define(ILossScope scope) => scope.Add(scope.Data("V"), Symbolics.Units.mV);
    }
}
