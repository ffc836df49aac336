using BrainModular.Export.Onnx;

namespace BrainModular.Export.Checking;

/// <summary>Runs the step model from the engine's state at every step, many steps at once as lanes.</summary>
internal sealed class TaughtSteps(StepModel model, OnnxSession session, OnnxCheck.Differences differences)
{
    private const int LanesAtOnce = 1 << 14;
    private const string VoltageState = "V";

    private readonly ValueNames names = new(model);
    private readonly RowFeed[] feeds = [.. RowFeed.Of(model)];
    private readonly StepOutput[] events = [.. model.Outputs.Where(output => output.IsEvent)];

    public void Check(ReferenceTrajectory trajectory)
    {
        var atOnce = Math.Max(1, LanesAtOnce / model.Units);
        for (var first = 0; first < trajectory.Steps; first += atOnce)
        {
            Check(trajectory, [.. Enumerable.Range(first, Math.Min(atOnce, trajectory.Steps - first))]);
        }
    }

    private void Check(ReferenceTrajectory trajectory, int[] steps)
    {
        var results = Run(trajectory, steps, nudge: 0);
        var different = new List<int>();
        for (var index = 0; index < steps.Length * model.Units; index++)
        {
            var (step, unit) = (steps[index / model.Units], index % model.Units);
            if (!SpikesAgree(trajectory, results, index, step, unit))
            {
                different.Add(index);
                continue;
            }

            foreach (var state in model.States)
            {
                differences.Add(state, results[names.Next(state)].Elements[index], trajectory.States[state][((step + 1) * model.Units) + unit]);
            }
        }

        differences.Steps += (long)steps.Length * model.Units;
        differences.Spikes += different.Count;
        differences.MarginalSpikes += CountMarginal(trajectory, steps, different);
    }

    /// <summary>Of the steps with a different spike, those that agree when the membrane potential is moved by a little either way.</summary>
    private long CountMarginal(ReferenceTrajectory trajectory, int[] steps, List<int> different)
    {
        if (different.Count == 0 || !trajectory.States.ContainsKey(VoltageState))
        {
            return 0;
        }

        var again = different.Select(index => steps[index / model.Units]).ToArray();
        var (lower, higher) = (Run(trajectory, again, -OnnxCheck.Nudge), Run(trajectory, again, OnnxCheck.Nudge));
        return different.Where((index, lane) =>
        {
            var unit = index % model.Units;
            var place = (lane * model.Units) + unit;
            return SpikesAgree(trajectory, lower, place, again[lane], unit) || SpikesAgree(trajectory, higher, place, again[lane], unit);
        }).Count();
    }

    private bool SpikesAgree(ReferenceTrajectory trajectory, IReadOnlyDictionary<string, OnnxRow> results, int index, int step, int unit) =>
        events.All(output => results[names.Output(output)].Elements[index] == trajectory.Events[output.Name][(step * model.Units) + unit]);

    private IReadOnlyDictionary<string, OnnxRow> Run(ReferenceTrajectory trajectory, int[] steps, double nudge)
    {
        var inputs = new Dictionary<string, OnnxRow>();
        foreach (var state in model.States)
        {
            var row = Lanes(trajectory.States[state], steps, model.Units);
            inputs[names.State(state)] = new([steps.Length, model.Units], state == VoltageState && nudge != 0 ? [.. row.Select(value => value + nudge)] : row);
        }

        foreach (var feed in feeds)
        {
            inputs[feed.Name] = new([steps.Length, feed.Width], Lanes(feed.Elements(trajectory), steps, feed.Width));
        }

        return session.Run(inputs, [.. model.States.Select(state => names.Next(state)), .. events.Select(names.Output)]);
    }

    private static double[] Lanes(double[] row, int[] steps, int width)
    {
        var lanes = new double[steps.Length * width];
        for (var lane = 0; lane < steps.Length; lane++)
        {
            Array.Copy(row, steps[lane] * width, lanes, lane * width, width);
        }

        return lanes;
    }
}
