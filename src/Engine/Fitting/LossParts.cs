using BrainModular.Engine.Fitting.Features;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Threads;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Fitting;

/// <summary>One of the losses of a fit.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">What its value in its unit counts in the fit's loss.</param>
/// <param name="Unit">Its unit.</param>
public sealed record FittedLoss(string Name, double Weight, Unit Unit);

/// <summary>What each loss of a fit is, before its weight, for one candidate at a time.</summary>
public sealed class LossParts
{
    private readonly FitPlan plan;
    private readonly IReadOnlyList<FreeParameter> free;
    private readonly FeatureEvaluator? features;
    private readonly Simulator simulator;
    private readonly string[] names;

    /// <param name="plan">The fit.</param>
    /// <param name="free">The parameters to change, in the order of coordinates.</param>
    /// <param name="features">What evaluates the fit's features; null where it has none.</param>
    public LossParts(FitPlan plan, IReadOnlyList<FreeParameter> free, FeatureEvaluator? features)
    {
        (this.plan, this.free, this.features) = (plan, free, features);
        var step = StepFunction.BuildParts(plan.Model, plan.Loss, plan.Coupling is null ? null : FitPlan.StimulusPort(plan.Model), plan.StepOptions);
        names = [.. plan.Loss.Parts.Select(static (_, i) => $"part.{i}")];
        simulator = new(step, plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, names);
    }

    /// <summary>The losses' values in engine units, in the order of <see cref="FitPlan.Losses"/>.</summary>
    /// <param name="point">The candidate's coordinates.</param>
    /// <param name="traces">The fitted sweeps'.</param>
    /// <param name="totalWeight">The sum of all samples' weights, by which summed losses are divided.</param>
    public IReadOnlyList<double> Of(double[] point, IReadOnlyList<Trace> traces, double totalWeight)
    {
        var values = free.Zip(point).ToDictionary(static f => f.First.Name, static f => new[] { f.First.Value(f.Second) });
        var bySweep = new double[traces.Count][];
        Workers.ForEach(traces.Count, plan.Threads, i =>
        {
            var recorded = simulator.Run(traces[i], values, lanes: 1);
            bySweep[i] = [.. names.Select(n => recorded[n][0].Sum())];
        });
        var parts = names.Select((_, part) => bySweep.Sum(s => s[part]) / totalWeight);
        return features is null ? [.. parts] : [.. parts, features.Evaluate([point])[0].Loss];
    }
}
