using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Fitting;

/// <summary>The fitted sweeps as far as a round takes them, with what evaluates candidates there.</summary>
internal sealed class FitReach : IDisposable
{
    private readonly FitPlan plan;
    private readonly List<Trace> traces = [];

    /// <param name="plan">The fit.</param>
    /// <param name="reach">How much of each sweep is taken, in ms; null: all.</param>
    /// <param name="step">The model's step with its loss.</param>
    /// <param name="program">The same, compiled.</param>
    /// <param name="aligning">What runs the model before its spikes are aligned; null where its loss aligns none.</param>
    /// <param name="free">The parameters to change, in the order of coordinates.</param>
    public FitReach(FitPlan plan, double? reach, StepFunction step, TrainingProgram program, Simulator? aligning, IReadOnlyList<FreeParameter> free)
    {
        (this.plan, Reach) = (plan, reach);
        var stimulus = FitPlan.StimulusPort(plan.Model);
        try
        {
            traces.AddRange(plan.Train.Select(s => FitTrace.Of(Part(s), stimulus, step, plan, aligning)));
            Losses = new(program, traces, free, plan.Threads);
        }
        catch
        {
            traces.ForEach(static t => t.Dispose());
            throw;
        }
    }

    /// <summary>How much of each sweep is taken, in ms; null: all.</summary>
    public double? Reach { get; }

    public IReadOnlyList<Trace> Traces => traces;

    /// <summary>Losses and gradients.</summary>
    public LossEvaluator Losses { get; }

    /// <summary>Sums of squares, once something needs them.</summary>
    public GaussNewtonEvaluator? Squares { get; set; }

    /// <summary>Sets coupling and weights. While the data hold the model, all samples count alike: nothing else says then what makes a spike.</summary>
    /// <param name="conductance">The coupling's, in uS.</param>
    public void Couple(double conductance)
    {
        Losses.TotalWeight = 0;
        foreach (var (sweep, trace) in plan.Train.Zip(traces))
        {
            var weights = sweep.Weights(conductance > 0 ? 1 : plan.SpikeWeight, plan.SpikeWindow)[..trace.Steps];
            trace.SetConstant("coupling", conductance);
            trace.SetSignal("weight", weights);
            Losses.TotalWeight += weights.Sum();
        }
    }

    public void Dispose()
    {
        Losses.Dispose();
        Squares?.Dispose();
        traces.ForEach(static t => t.Dispose());
    }

    /// <summary>At least one step is run.</summary>
    private PreparedSweep Part(PreparedSweep sweep) => Reach is { } length && Math.Max(1, (int)Math.Round(length / sweep.TimeStep)) is var steps && steps < sweep.Steps ? sweep.Before(steps) : sweep;
}
