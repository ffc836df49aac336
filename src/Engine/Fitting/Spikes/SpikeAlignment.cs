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

        var step = StepFunction.Build(plan.Model, null, coupling, plan.StepOptions);
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
        var (before, after) = (InSteps(window.Before), InSteps(window.After));
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
    /// <remarks>
    /// Only pairs within the reach are looked at. What a path costs is counted from that of deleting and adding everything: a spike that is moved saves the reach less its way, in steps.
    /// </remarks>
    internal static int?[] Counterparts(int[] a, int[] b, double reach)
    {
        // Of b's first spikes, how much a's first ones can save with them; those of b within the reach are [first, end), and neither bound falls along a.
        var (saved, first, choices) = (new double[b.Length + 1], new int[a.Length], new Choice[a.Length][]);
        for (var (i, end) = (0, 0); i < a.Length; i++)
        {
            first[i] = i == 0 ? 0 : first[i - 1];
            while (first[i] < b.Length && a[i] - b[first[i]] > reach)
            {
                first[i]++;
            }

            for (; end < b.Length && b[end] - a[i] <= reach; end++)
            {
                saved[end + 1] = saved[end];
            }

            choices[i] = end > first[i] ? new Choice[end - first[i]] : [];
            var before = saved[first[i]];
            for (var j = first[i]; j < end; j++)
            {
                var (deleted, added, moved) = (saved[j + 1], saved[j], before + reach - Math.Abs(a[i] - b[j]));
                before = saved[j + 1];
                saved[j + 1] = Math.Max(deleted, Math.Max(added, moved));
                choices[i][j - first[i]] = saved[j + 1] == deleted ? Choice.Delete : saved[j + 1] == added ? Choice.Add : Choice.Move;
            }
        }

        var counterparts = new int?[a.Length];
        for (var (i, j) = (a.Length - 1, b.Length); i >= 0;)
        {
            j = Math.Min(j, first[i] + choices[i].Length);
            switch (j > first[i] ? choices[i][j - 1 - first[i]] : Choice.Delete)
            {
                case Choice.Delete:
                    i--;
                    break;
                case Choice.Add:
                    j--;
                    break;
                default:
                    counterparts[i--] = b[--j];
                    break;
            }
        }

        return counterparts;
    }

    /// <summary>A duration in steps; longer than the sweep is as long as it.</summary>
    private int InSteps(double duration) => (int)Math.Min(sweep.Steps, Math.Round(duration / sweep.TimeStep));

    private int[] SpikesOf(double[] potential, double[] events)
    {
        int[] drawn = [.. SpikeDetector.Detect(potential, sweep.TimeStep).Select(static s => Math.Max(0, s - 1)).Distinct()];
        int[] resets = [.. Enumerable.Range(0, events.Length).Where(t => events[t] > 0.5)];
        return drawn.Length >= resets.Length ? drawn : resets;
    }

    /// <summary>What becomes of the last spike of one train or of the other on the cheapest path.</summary>
    private enum Choice : byte
    {
        Delete,
        Add,
        Move,
    }
}
