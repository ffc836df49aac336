using BrainModular.Export.Onnx;

namespace BrainModular.Export.Checking;

/// <summary>Runs the sequence model from the engine's first state, several trajectories at once as lanes.</summary>
internal sealed class FreeSequence(StepModel model, OnnxSession session)
{
    private readonly ValueNames names = new(model);

    /// <summary>The largest difference of the membrane potential so far.</summary>
    public double MaxAbsDifference { get; private set; }

    /// <summary>Spikes that only one of the two has, so far.</summary>
    public long SpikeDifferences { get; private set; }

    public void Check(IReadOnlyList<ReferenceTrajectory> trajectories, int steps)
    {
        var events = model.Outputs.Where(output => output.IsEvent).ToArray();
        var hasPotential = session.Outputs.Contains(names.Potential);
        string[] outputs = [.. events.Select(names.Output), .. hasPotential ? [names.Potential] : Array.Empty<string>()];
        var results = session.Run(Inputs(trajectories, steps), outputs);
        for (var lane = 0; lane < trajectories.Count; lane++)
        {
            foreach (var output in events)
            {
                SpikeDifferences += Pairs(results[names.Output(output)].Elements, trajectories[lane].Events[output.Name], lane, trajectories.Count, steps)
                    .LongCount(static pair => pair.Computed != pair.Expected);
            }

            if (hasPotential)
            {
                var potential = trajectories[lane].States["V"][model.Units..];
                MaxAbsDifference = Pairs(results[names.Potential].Elements, potential, lane, trajectories.Count, steps)
                    .Select(static pair => OnnxCheck.Differences.Between(pair.Computed, pair.Expected)).Append(MaxAbsDifference).Max();
            }
        }
    }

    private Dictionary<string, OnnxRow> Inputs(IReadOnlyList<ReferenceTrajectory> trajectories, int steps)
    {
        var inputs = new Dictionary<string, OnnxRow>();
        foreach (var state in model.States)
        {
            inputs[names.State(state)] = new([trajectories.Count, model.Units],
                [.. trajectories.SelectMany(trajectory => trajectory.States[state].Take(model.Units))]);
        }

        foreach (var feed in RowFeed.Of(model))
        {
            inputs[feed.Name] = new([steps, trajectories.Count, feed.Width], Together([.. trajectories.Select(feed.Elements)], steps, feed.Width));
        }

        return inputs;
    }

    /// <summary>One row of all trajectories, laid out [step][trajectory][unit].</summary>
    private static double[] Together(double[][] rows, int steps, int width)
    {
        var together = new double[steps * rows.Length * width];
        for (var step = 0; step < steps; step++)
        {
            for (var lane = 0; lane < rows.Length; lane++)
            {
                Array.Copy(rows[lane], step * width, together, ((step * rows.Length) + lane) * width, width);
            }
        }

        return together;
    }

    private IEnumerable<(double Computed, double Expected)> Pairs(double[] computed, double[] expected, int lane, int lanes, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            for (var unit = 0; unit < model.Units; unit++)
            {
                yield return (computed[(((step * lanes) + lane) * model.Units) + unit], expected[(step * model.Units) + unit]);
            }
        }
    }
}
