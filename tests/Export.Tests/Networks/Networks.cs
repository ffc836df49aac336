using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Export.Tests.Networks;

/// <summary>Networks to export.</summary>
internal static class Networks
{
    private static readonly INeuronModel Integrator = new WrittenModel(scope =>
    {
        var arriving = scope.Port("in", PortKind.Event, Unit.One, Unit.One, "");
        var v = scope.State("V", 0, Unit.One, "");
        v.Rate = -v / (8 * ms);
        var charged = v.Stepped + arriving.Sum;
        var spike = scope.Spike("spike", charged - 1);
        v.Next = charged - spike;
    });

    /// <summary>
    /// Spiking units whose weights are small multiples of 2^-10, so that sums of them are exact in any order: input, recurrence, some of it with
    /// delays, and a readout.
    /// </summary>
    public static NetworkDefinition Dyadic(int units, double density, int longestDelay, int seed)
    {
        var random = new System.Random(seed);
        return new(
            1,
            [new("in", 6, PortKind.Event)],
            [Population("cells", units), Population("out", 2)],
            [
                new("in.cells", "in", "", "cells", "in", null, Weights(6 * units, 0, 512, random), 0) { Trainable = true },
                new("in.cells.late", "in", "", "cells", "in", null, Weights(6 * units, -64, 64, random), 3),
                Sparse("cells.cells", units, density, longestDelay, random),
                new("cells.out", "cells", "spike", "out", "in", null, Weights(2 * units, 0, 1024 / units, random), 0),
            ]);
    }

    /// <summary>Units that excite each other through depressing synapses and sense each other's potential, both over a sparse matrix, and a readout.</summary>
    public static NetworkDefinition SparseReleases(int units, int connections)
    {
        var random = new System.Random(1);
        var (dynamic, gap) = (WrittenNetwork.Dynamic(), WrittenNetwork.GapJunction());
        var cells = WrittenNetwork.Population("E", units, WrittenNetwork.Cell, [new("exc", WrittenNetwork.Conductance(0 * mV)), new("dyn", dynamic), new("gap", gap)], [new("dyn", dynamic)]);
        long[] rowStart = [.. Enumerable.Range(0, units + 1).Select(source => (long)source * connections)];
        int[] target = [.. Enumerable.Range(0, units).SelectMany(_ => Enumerable.Range(0, connections).Select(c => (c * units / connections) + random.Next(units / connections)))];
        var sparse = new Connections(units, units, rowStart, target, []);
        return new(
            1,
            [new("in", 6, PortKind.Event)],
            [cells, WrittenNetwork.Population("out", 2, WrittenNetwork.Readout)],
            [
                new("in.E", "in", "", "E", "exc.in", null, WrittenNetwork.Dense(6 * units, 0.001, random), 0),
                new("E.E", "E", "dyn.release.sent", "E", "dyn.in", sparse, WrittenNetwork.Dense(target.Length, 0.0002, random), 2),
                new("gaps", "E", "V", "E", "gap.in", sparse, WrittenNetwork.Dense(target.Length, 0.0001, random), 1),
                new("E.out", "E", "spike", "out", "in", null, WrittenNetwork.Dense(2 * units, 1.0 / units, random), 0),
            ]);
    }

    /// <summary>Leaky cells whose potentials jump by events of an input and of each other, over a sparse matrix, and a readout.</summary>
    public static NetworkDefinition SparseJumps(int units, int connections)
    {
        var random = new System.Random(1);
        var cells = WrittenNetwork.Population("E", units, DisplacedNetwork.Cell, [new("jump", WrittenNetwork.Delta())]);
        long[] rowStart = [.. Enumerable.Range(0, units + 1).Select(source => (long)source * connections)];
        int[] target = [.. Enumerable.Range(0, units).SelectMany(_ => Enumerable.Range(0, connections).Select(c => (c * units / connections) + random.Next(units / connections)))];
        return new(
            1,
            [new("in", 6, PortKind.Event)],
            [cells, WrittenNetwork.Population("out", 2, WrittenNetwork.Readout)],
            [
                new("in.E", "in", "", "E", "jump.in", null, WrittenNetwork.Dense(6 * units, 2, random), 0),
                new("E.E", "E", "spike", "E", "jump.in", new(units, units, rowStart, target, []), WrittenNetwork.Dense(target.Length, 0.5, random), 2),
                new("E.out", "E", "spike", "out", "in", null, WrittenNetwork.Dense(2 * units, 1.0 / units, random), 0),
            ]);
    }

    /// <summary>A population that the time drives, and no input.</summary>
    public static NetworkDefinition Driven() => new(
        1,
        [],
        [
            WrittenNetwork.Population("clock", 3, new WrittenModel(scope =>
            {
                var v = scope.State("V", 0, Unit.One, "");
                v.Rate = -v / (4 * ms);
                var charged = v.Stepped + Where(scope.Time > 10 * ms, 0.3, 0);
                v.Next = charged - scope.Spike("spike", charged - 1);
            })),
            WrittenNetwork.Population("out", 2, WrittenNetwork.Readout),
        ],
        [new("clock.out", "clock", "spike", "out", "in", null, [1, 2, 3, 4, 5, 6], 1)]);

    /// <summary>Random spikes of 6 channels.</summary>
    public static NetworkStimulus Spikes(int steps, int trials, int channels, int seed, double probability = 0.2)
    {
        var random = new System.Random(seed);
        return new(steps, trials, new Dictionary<string, float[]> { ["in"] = [.. Enumerable.Range(0, steps * channels * trials).Select(_ => random.NextDouble() < probability ? 1f : 0f)] });
    }

    public static NetworkExportPlan Plan(NetworkDefinition network, NetworkReadout readout, NetworkStimulus stimulus) =>
        new(network, new NetworkProgram(network, Precision.Double, new()).InitialCoordinates(), [readout], stimulus);

    private static PopulationDefinition Population(string name, int count)
    {
        var written = WrittenNetwork.Population(name, count, Integrator);
        return written with { Integrator = Engine.Steps.Integrator.All.First(static i => i.Name == "euler") };
    }

    /// <summary>Connections of which some sources have many more than others.</summary>
    private static ProjectionDefinition Sparse(string name, int units, double density, int longestDelay, System.Random random)
    {
        var rowStart = new long[units + 1];
        var target = new List<int>();
        for (var source = 0; source < units; source++)
        {
            var connected = density * (source % 10 == 0 ? 5 : 0.5);
            target.AddRange(Enumerable.Range(0, units).Where(_ => random.NextDouble() < connected));
            rowStart[source + 1] = target.Count;
        }

        var weights = Weights(target.Count, -32, 48, random);
        ushort[]? delays = longestDelay == 1 ? null : [.. target.Select(_ => (ushort)random.Next(1, longestDelay + 1))];
        var connections = new Connections(units, units, rowStart, [.. target], weights, delays);
        ConnectionOrder.Sort(connections);
        return new(name, "cells", "spike", "cells", "in", connections, weights, 1);
    }

    private static float[] Weights(int count, int low, int high, System.Random random) => [.. Enumerable.Range(0, count).Select(_ => random.Next(low, high) / 1024f)];
}
