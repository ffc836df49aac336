using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Fitting;

/// <summary>What a fit's compiled step is given of a recorded sweep.</summary>
internal static class FitTrace
{
    /// <summary>The sweep's trace: current, recorded potential and spikes, weights, and the noise that belongs to the sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="stimulus">The port that its current drives.</param>
    /// <param name="step">The model's step.</param>
    /// <param name="plan">The fit.</param>
    /// <param name="aligning">What runs the model before its spikes are aligned; null where its loss aligns none.</param>
    public static Trace Of(PreparedSweep sweep, string stimulus, StepFunction step, FitPlan plan, Simulator? aligning = null)
    {
        var spikes = new double[sweep.Steps];
        foreach (var spike in sweep.Spikes)
        {
            spikes[spike] = 1;
        }

        var signals = new Dictionary<string, double[]>
        {
            [stimulus] = sweep.Current,
            ["data.V"] = sweep.Potential,
            ["data.spike"] = spikes,
            ["weight"] = sweep.Weights(plan.SpikeWeight, plan.SpikeWindow),
            ["join"] = new double[sweep.Steps],
        };
        var all = NoiseSignals.Beside(signals, step.Step, sweep.Steps, plan.NoiseOf(sweep));
        return new(sweep.Steps, all, new Dictionary<string, double> { ["coupling"] = 0, ["data.initial.V"] = sweep.InitialPotential }, plan.Precision)
        {
            OfLanes = aligning is null ? null : new SpikeAlignment(sweep, plan.Loss.Alignment!, aligning, plan.Free.ToDictionary(static f => f.Name, plan.StartOf)),
        };
    }
}
