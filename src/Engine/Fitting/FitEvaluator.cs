using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting.Features;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>What a fit minimises, compiled: the weighted sum of its losses over all sweeps, for many candidates side by side, as the round has it.</summary>
internal sealed class FitEvaluator : IDisposable
{
    private readonly FitPlan plan;
    private readonly StepFunction step;
    private readonly TrainingProgram program;
    private readonly Simulator? aligning;
    private readonly JitteredLoss jitter;
    private readonly FeatureEvaluator? features;
    private readonly LossParts? parts;
    private FitReach reach;
    private FitRound current = FitRound.Free;
    private SegmentedSweeps? segmented;
    private bool needsSquares;

    public FitEvaluator(FitPlan plan)
    {
        this.plan = plan;
        var coupled = plan.Coupling is null ? null : FitPlan.StimulusPort(plan.Model);
        step = StepFunction.Build(plan.Model, plan.Loss, coupled, plan.StepOptions);
        program = new TrainingProgram(TrainingFunctions.Derive(step), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default);
        aligning = SpikeAlignment.SimulatorOf(plan, coupled);
        Free = [.. program.Functions.Parameters.Select(name => plan.Free.First(f => f.Name == name))];
        jitter = new(Free, plan.Jitter);
        reach = Reach(FitRound.Free);
        try
        {
            features = plan.Features is null ? null : new(plan, jitter.Widened);
            parts = plan.Losses.Count > 1 ? new(plan, jitter.Widened, features) : null;
        }
        catch
        {
            features?.Dispose();
            reach.Dispose();
            throw;
        }
    }

    /// <summary>The free parameters that the step depends on, in the order of coordinates.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>How many steps were simulated so far, over all candidates and sweeps.</summary>
    public long SimulatedSteps => reach.Losses.SimulatedSteps + (features?.SimulatedSteps ?? 0);

    /// <summary>Goes on counting steps from there.</summary>
    public void CountFrom(long simulatedSteps) => reach.Losses.SimulatedSteps = simulatedSteps;

    /// <summary>Compiles what optimisers need beside losses and gradients, where that has not been done.</summary>
    /// <exception cref="DiagnosticException">BM2714: they need a sum of squares, and the loss is none.</exception>
    public void PrepareFor(EvaluationNeeds needs)
    {
        if (plan.Features is null && needs.HasFlag(EvaluationNeeds.GaussNewton))
        {
            needsSquares = true;
            reach.Squares ??= new(plan, reach.Traces, jitter.Widened);
        }
    }

    /// <summary>Goes over to a round.</summary>
    /// <param name="round">The round.</param>
    /// <param name="initialLoss">The loss that the fit began with, by which gaps between segments are counted.</param>
    public void Enter(FitRound round, double initialLoss)
    {
        if (round.Reach != current.Reach || round.Joining > 0 != current.Joining > 0)
        {
            var next = Reach(round);
            next.Losses.SimulatedSteps = reach.Losses.SimulatedSteps;
            reach.Dispose();
            reach = next;
        }

        current = round;
        reach.Enter(round.Conductance, round.Joining * (double.IsFinite(initialLoss) ? initialLoss : 1));
    }

    /// <summary>Of candidates that are parameters alone those of this round, which may have more coordinates.</summary>
    public IReadOnlyList<double[]> Extend(IReadOnlyList<double[]> points) => current.Joining > 0 ? segmented!.Extend(points) : points;

    /// <summary>Evaluates candidates, given as coordinates.</summary>
    /// <exception cref="DiagnosticException">BM2711: gradients of features. BM2718: a square has a negative factor in the loss.</exception>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates, EvaluationNeeds needs)
    {
        var spread = jitter.Spread(candidates);
        return jitter.Mean(EvaluateEach(spread, needs));
    }

    /// <summary>What each of the plan's losses is over whole sweeps, in engine units and before its weight; empty where there is one alone, and in rounds that take less.</summary>
    /// <param name="point">The candidate's coordinates.</param>
    public IReadOnlyList<double> PartsOf(double[] point) => current is { Reach: null, Joining: 0 } ? parts?.Of(jitter.Centre(point), reach.Traces, reach.Losses.TotalWeight) ?? [] : [];

    public void Dispose()
    {
        reach.Dispose();
        features?.Dispose();
    }

    private FitReach Reach(FitRound round)
    {
        if (round.Joining > 0)
        {
            segmented ??= new(plan, Free, step.States);
            return segmented.Reach();
        }

        var made = new FitReach(plan, FitReach.First(plan.Train, round.Reach), step, program, aligning, jitter.Widened);
        try
        {
            made.Squares = needsSquares ? new(plan, made.Traces, jitter.Widened) : null;
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private IReadOnlyList<Evaluation> EvaluateEach(IReadOnlyList<double[]> candidates, EvaluationNeeds needs)
    {
        var evaluator = reach.Losses;
        if (features is null)
        {
            return needs.HasFlag(EvaluationNeeds.GaussNewton) ? EvaluateSquares(candidates) : evaluator.Evaluate(candidates, needs.HasFlag(EvaluationNeeds.Gradient));
        }

        if (needs != EvaluationNeeds.Loss)
        {
            throw new DiagnosticException(
                "BM2711", "the optimiser needs gradients, which features have not got", expected: "an optimiser that needs the loss alone",
                cure: "take cma-es, nelder-mead, particle-swarm or differential-evolution");
        }

        var (weight, ofFeatures) = (plan.Features!.Weight, features.Evaluate(candidates));
        return plan.Features.IsAlone
            ? [.. ofFeatures.Select(f => new Evaluation(weight * f.Loss))]
            : [.. evaluator.Evaluate(candidates, withGradient: false).Zip(ofFeatures, (e, f) => new Evaluation(e.Loss + (weight * f.Loss)))];
    }

    private IReadOnlyList<Evaluation> EvaluateSquares(IReadOnlyList<double[]> candidates)
    {
        var evaluator = reach.Losses;
        evaluator.SimulatedSteps += candidates.Count * reach.Traces.Sum(static t => (long)t.Steps);
        var found = reach.Squares!.Evaluate(candidates, evaluator.TotalWeight);
        int[] unknown = [.. Enumerable.Range(0, found.Count).Where(i => double.IsNaN(found[i].Loss))];
        if (unknown.Length > 0 && evaluator.Evaluate([.. unknown.Select(i => candidates[i])], withGradient: false).Any(static e => double.IsFinite(e.Loss)))
        {
            // Of a negative factor no root can be taken.
            throw new DiagnosticException(
                "BM2718", $"the loss {plan.Loss.Model.Name} multiplies a square by what is negative at some sample, so it is no sum of squares, which the optimiser needs",
                expected: "factors of squares, such as recorded values, that are nowhere negative", cure: "take an optimiser that needs the gradient alone, such as l-bfgs-b, or another loss");
        }

        return found;
    }
}
