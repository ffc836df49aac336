using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Models;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>The gradient by backpropagation through time without that through recurrent spikes.</summary>
internal static class ReplayedGradient
{
    /// <summary>Records the spikes of a network, and lets them come from outside where they go from cells to cells.</summary>
    /// <param name="network">A network with one input and the readout <c>out</c>.</param>
    /// <param name="trials">What comes in.</param>
    /// <param name="steps">How many steps.</param>
    public static double[] Of(NetworkDefinition network, WrittenTrials trials, int steps)
    {
        var program = Program(network);
        var lanes = trials.Trials;
        var recorded = new Dictionary<string, float[][]>();
        using (var batch = NetworkBatch.Open(program, new(steps, lanes, 1)))
        {
            var record = batch.Record(program.InitialCoordinates(), trials, new([], lanes));
            foreach (var (population, spikes) in record.Spikes)
            {
                recorded[population] = Rows(spikes, steps, network.CountOf(population), lanes);
            }
        }

        var replayed = network with
        {
            Inputs = [.. network.Inputs, .. recorded.Keys.Select(p => new InputDefinition($"replay.{p}", network.CountOf(p), PortKind.Event))],
            Projections = [.. network.Projections.Select(p => recorded.ContainsKey(p.Source) && p.Target != "out" ? p with { Source = $"replay.{p.Source}", Output = "" } : p)],
        };
        var cut = Program(replayed);
        using var replay = NetworkBatch.Open(cut, new(steps, lanes, 1));
        var gradient = new double[cut.Coordinates];
        replay.Run(cut.InitialCoordinates(), [new ReplayedTrials(trials, [.. recorded.Values])], gradient);
        return gradient;
    }

    private static NetworkProgram Program(NetworkDefinition network) => new(network, Precision.Double, new() { Training = true, Observed = ["out"] });

    private static float[][] Rows(IReadOnlyList<RecordedSpike> spikes, int steps, int units, int lanes)
    {
        var rows = Enumerable.Range(0, steps).Select(_ => new float[units * lanes]).ToArray();
        foreach (var spike in spikes)
        {
            rows[spike.Step][(spike.Unit * lanes) + spike.Lane] = 1;
        }

        return rows;
    }

    /// <summary>Trials with further inputs.</summary>
    private sealed class ReplayedTrials(WrittenTrials trials, float[][][] inputs) : INetworkTrials
    {
        public int FirstLane => trials.FirstLane;

        public int Trials => trials.Trials;

        public int BatchTrials => trials.BatchTrials;

        public IReadOnlyList<INetworkReadout> Readouts => trials.Readouts;

        public void Read(int input, int step, Span<float> row)
        {
            if (input == 0)
            {
                trials.Read(input, step, row);
                return;
            }

            inputs[input - 1][step].CopyTo(row);
        }
    }
}
