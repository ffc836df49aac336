using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;

namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>
/// Moves a recorded potential along with a model's spikes. Spikes are counterparts that the distance of Victor and Purpura (1996, 10.1152/jn.1996.76.2.1310) moves onto each other, which are at most
/// the reach apart. A sample within the window of a model's spike, the nearest one's, is compared with what was recorded as long before or after its counterpart; samples in the windows of recorded spikes
/// that the model has elsewhere are not compared, nor are those whose counterpart lies outside of the recording. All else is compared as it is, spikes without a counterpart too.
/// </summary>
/// <remarks>The model's spikes are found in its potential as the recording's are (<see cref="SpikeDetector"/>); where it draws none, they are the steps of its resets.</remarks>
/// <param name="sweep">The recorded sweep.</param>
/// <param name="window">The window.</param>
/// <param name="simulator">Runs the model, recording V and, where it has one, its spike.</param>
/// <param name="others">Values of parameters that are free and that the loss does not depend on.</param>
internal sealed class SpikeAlignment(PreparedSweep sweep, AlignmentWindow window, Simulator simulator, IReadOnlyDictionary<string, double> others) : LaneSignals
{
    /// <summary>What runs a fit's model before its spikes are aligned; null where its loss aligns none.</summary>
    public static Simulator? SimulatorOf(FitPlan plan, string? coupling)
    {
        if (plan.Loss.Alignment is null)
        {
            return null;
        }

        var step = StepFunction.Build(plan.Model, null, coupling, RecordingFit.Options(plan));
        return new(step, plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, plan.Model.Spikes.Any(static s => s.Name == "spike") ? ["V", "spike"] : ["V"]);
    }

    public override (double[][] Potential, double[][] Counts) Of(Trace trace, IReadOnlyDictionary<string, double[]> parameters, int lanes)
    {
        var all = others.ToDictionary(static o => o.Key, o => Enumerable.Repeat(o.Value, lanes).ToArray());
        foreach (var (name, values) in parameters)
        {
            all[name] = values;
        }

        var ran = simulator.Run(trace, all, lanes);
        var aligned = Enumerable.Range(0, lanes).Select(lane => Align(SpikesOf(ran["V"][lane], ran.TryGetValue("spike", out var events) ? events[lane] : []))).ToList();
        return ([.. aligned.Select(static a => a.Potential)], [.. aligned.Select(static a => a.Counts)]);
    }

    /// <summary>The recorded potential beside a model with these spikes.</summary>
    /// <param name="model">The steps of the model's spikes, ascending.</param>
    public (double[] Potential, double[] Counts) Align(int[] model)
    {
        var counterparts = Counterparts(model, sweep.Spikes, window.Reach / sweep.TimeStep);
        var (before, after) = ((int)Math.Round(window.Before / sweep.TimeStep), (int)Math.Round(window.After / sweep.TimeStep));
        var (potential, counts) = (sweep.Potential.ToArray(), Enumerable.Repeat(1.0, sweep.Steps).ToArray());
        foreach (var recorded in counterparts.OfType<int>())
        {
            counts.AsSpan(Math.Max(0, recorded - before)..Math.Min(sweep.Steps, recorded + after + 1)).Clear();
        }

        for (var i = 0; i < model.Length; i++)
        {
            // From the middle between it and its neighbours on, a sample is nearer to those.
            var first = Math.Max(Math.Max(0, model[i] - before), i > 0 ? ((model[i - 1] + model[i]) / 2) + 1 : 0);
            var last = Math.Min(Math.Min(sweep.Steps - 1, model[i] + after), i < model.Length - 1 ? (model[i] + model[i + 1]) / 2 : sweep.Steps - 1);
            var shift = (counterparts[i] ?? model[i]) - model[i];
            for (var t = first; t <= last; t++)
            {
                var there = t + shift >= 0 && t + shift < sweep.Steps && sweep.IsSample[t + shift];
                (potential[t], counts[t]) = there ? (sweep.Potential[t + shift], 1) : (potential[t], 0);
            }
        }

        return (potential, counts);
    }

    /// <summary>For each spike of one train its counterpart in the other, or null.</summary>
    /// <param name="a">One train, in steps.</param>
    /// <param name="b">The other.</param>
    /// <param name="reach">How many steps counterparts are apart at most: moving a spike so far costs as much as to delete and add one.</param>
    internal static int?[] Counterparts(int[] a, int[] b, double reach)
    {
        var cost = new double[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(cost[i - 1, j - 1] + (2 * Math.Abs(a[i - 1] - b[j - 1]) / reach), Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
            }
        }

        var counterparts = new int?[a.Length];
        for (var (i, j) = (a.Length, b.Length); i > 0 && j > 0;)
        {
            if (cost[i, j] == cost[i - 1, j] + 1)
            {
                i--;
            }
            else if (cost[i, j] == cost[i, j - 1] + 1)
            {
                j--;
            }
            else
            {
                counterparts[--i] = b[--j];
            }
        }

        return counterparts;
    }

    private int[] SpikesOf(double[] potential, double[] events)
    {
        int[] drawn = [.. SpikeDetector.Detect(potential, sweep.TimeStep).Select(static s => Math.Max(0, s - 1)).Distinct()];
        int[] resets = [.. Enumerable.Range(0, events.Length).Where(t => events[t] > 0.5)];
        return drawn.Length >= resets.Length ? drawn : resets;
    }
}
