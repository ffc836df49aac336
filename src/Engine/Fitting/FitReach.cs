using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Fitting;

/// <summary>The fitted sweeps as far as a round takes them, with what evaluates candidates there.</summary>
internal sealed class FitReach : IDisposable
{
    private readonly FitPlan plan;
    private readonly IReadOnlyList<FitPiece> pieces;
    private readonly List<Trace> traces = [];

    /// <param name="plan">The fit.</param>
    /// <param name="pieces">What is run.</param>
    /// <param name="step">The model's step with its loss.</param>
    /// <param name="program">The same, compiled.</param>
    /// <param name="aligning">What runs the model before its spikes are aligned; null where its loss aligns none.</param>
    /// <param name="free">What changes, in the order of coordinates.</param>
    /// <param name="columns">For each piece, which coordinate each of the program's parameters is; null: they are the coordinates.</param>
    public FitReach(
        FitPlan plan, IReadOnlyList<FitPiece> pieces, StepFunction step, TrainingProgram program, Simulator? aligning, IReadOnlyList<FreeParameter> free, IReadOnlyList<int[]>? columns = null)
    {
        (this.plan, this.pieces) = (plan, pieces);
        var stimulus = FitPlan.StimulusPort(plan.Model);
        try
        {
            traces.AddRange(pieces.Select(p => FitTrace.Of(p.Sweep, stimulus, step, plan, aligning)));
            Losses = new(program, traces, free, plan.Threads, columns: columns);
        }
        catch
        {
            traces.ForEach(static t => t.Dispose());
            throw;
        }
    }

    public IReadOnlyList<Trace> Traces => traces;

    /// <summary>Losses and gradients.</summary>
    public LossEvaluator Losses { get; }

    /// <summary>Sums of squares, once something needs them.</summary>
    public GaussNewtonEvaluator? Squares { get; set; }

    /// <summary>The first part of every sweep.</summary>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="reach">How much of each, in ms, and at least a step; null: all.</param>
    public static IReadOnlyList<FitPiece> First(IReadOnlyList<PreparedSweep> sweeps, double? reach) =>
        [.. sweeps.Select(s => new FitPiece(s, 0, reach is { } length ? Math.Clamp((int)Math.Round(length / s.TimeStep), 1, s.Steps) : s.Steps, IsJoined: false))];

    /// <summary>Sets coupling, weights and what gaps count. While the data hold the model, all samples count alike: nothing else says then what makes a spike.</summary>
    /// <param name="conductance">The coupling's, in uS.</param>
    /// <param name="joining">What the gaps of all pieces by their scales add to the loss.</param>
    public void Enter(double conductance, double joining)
    {
        var weights = pieces.Select(p => p.Weights(conductance > 0 ? 1 : plan.SpikeWeight, plan.SpikeWindow)).ToList();
        Losses.TotalWeight = weights.Sum(static w => w.Sum());
        var joined = pieces.Count(static p => p.IsJoined);
        for (var i = 0; i < pieces.Count; i++)
        {
            traces[i].SetConstant("coupling", conductance);
            traces[i].SetSignal("weight", weights[i]);
            var join = new double[pieces[i].Steps];
            join[^1] = pieces[i].IsJoined ? joining * Losses.TotalWeight / joined : 0;
            traces[i].SetSignal("join", join);
        }
    }

    public void Dispose()
    {
        Losses.Dispose();
        Squares?.Dispose();
        traces.ForEach(static t => t.Dispose());
    }
}
