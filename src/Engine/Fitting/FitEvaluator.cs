using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting.Features;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>What a fit minimises, compiled: the weighted sum of its losses over all sweeps, for many candidates side by side, with the coupling of the round.</summary>
internal sealed class FitEvaluator : IDisposable
{
    private readonly FitPlan plan;
    private readonly List<Trace> traces = [];
    private readonly LossEvaluator evaluator;
    private readonly FeatureEvaluator? features;
    private readonly LossParts? parts;
    private GaussNewtonEvaluator? squares;

    public FitEvaluator(FitPlan plan)
    {
        this.plan = plan;
        var stimulus = FitPlan.StimulusPort(plan.Model);
        var coupled = plan.Coupling is null ? null : stimulus;
        var step = StepFunction.Build(plan.Model, plan.Loss, coupled, plan.StepOptions);
        var program = new TrainingProgram(TrainingFunctions.Derive(step), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default);
        var aligning = SpikeAlignment.SimulatorOf(plan, coupled);
        Free = [.. program.Functions.Parameters.Select(name => plan.Free.First(f => f.Name == name))];
        try
        {
            traces.AddRange(plan.Train.Select(s => FitTrace.Of(s, stimulus, step, plan, aligning)));
            evaluator = new(program, traces, Free, plan.Threads);
            features = plan.Features is null ? null : new(plan, Free);
            parts = plan.Losses.Count > 1 ? new(plan, traces, Free, features) : null;
        }
        catch
        {
            features?.Dispose();
            traces.ForEach(static t => t.Dispose());
            throw;
        }
    }

    /// <summary>The free parameters that the step depends on, in the order of coordinates.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>How many steps were simulated so far, over all candidates and sweeps.</summary>
    public long SimulatedSteps => evaluator.SimulatedSteps + (features?.SimulatedSteps ?? 0);

    /// <summary>Goes on counting steps from there.</summary>
    public void CountFrom(long simulatedSteps) => evaluator.SimulatedSteps = simulatedSteps;

    /// <summary>Compiles what optimisers need beside losses and gradients, where that has not been done.</summary>
    /// <exception cref="DiagnosticException">BM2714: they need a sum of squares, and the loss is none.</exception>
    public void PrepareFor(EvaluationNeeds needs)
    {
        if (plan.Features is null && needs.HasFlag(EvaluationNeeds.GaussNewton))
        {
            squares ??= new(plan, traces, Free);
        }
    }

    /// <summary>Sets coupling and weights. While the data hold the model, all samples count alike: nothing else says then what makes a spike.</summary>
    /// <param name="conductance">The coupling's, in uS.</param>
    public void Couple(double conductance)
    {
        evaluator.TotalWeight = 0;
        foreach (var (sweep, trace) in plan.Train.Zip(traces))
        {
            var weights = sweep.Weights(conductance > 0 ? 1 : plan.SpikeWeight, plan.SpikeWindow);
            trace.SetConstant("coupling", conductance);
            trace.SetSignal("weight", weights);
            evaluator.TotalWeight += weights.Sum();
        }
    }

    /// <summary>Evaluates candidates, given as coordinates.</summary>
    /// <exception cref="DiagnosticException">BM2711: gradients of features. BM2718: a square has a negative factor in the loss.</exception>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates, EvaluationNeeds needs)
    {
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

    /// <summary>What each of the plan's losses is, in engine units and before its weight; empty where there is one alone.</summary>
    /// <param name="point">The candidate's coordinates.</param>
    public IReadOnlyList<double> PartsOf(double[] point) => parts?.Of(point, evaluator.TotalWeight) ?? [];

    public void Dispose()
    {
        evaluator.Dispose();
        features?.Dispose();
        squares?.Dispose();
        traces.ForEach(static t => t.Dispose());
    }

    private IReadOnlyList<Evaluation> EvaluateSquares(IReadOnlyList<double[]> candidates)
    {
        evaluator.SimulatedSteps += candidates.Count * traces.Sum(static t => (long)t.Steps);
        var found = squares!.Evaluate(candidates, evaluator.TotalWeight);
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
