using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Bench.Online;

/// <summary>
/// Adaptive leaky units with exponential currents, driven one by one from outside, recurrent, read out by leaky units whose values the loss
/// compares with a target in every step.
/// </summary>
internal static class AdaptiveNetwork
{
    /// <summary>Traces of a recurrent synapse: potential, adaptation, and the spike as the readout filters it. The current follows its source alone.</summary>
    public const int TracesOfASynapse = 3;

    private const int Answers = 10;

    /// <summary>Builds it.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="probability">Of each recurrent connection.</param>
    /// <param name="graded">Whether units send their potentials in every step instead of spikes: delivery is then a product with all weights.</param>
    /// <param name="options">How it is compiled.</param>
    public static NetworkProgram Build(int units, double probability, bool graded, NetworkOptions options)
    {
        var random = new System.Random(1);
        var identity = new Connections(units, units, [.. Enumerable.Range(0, units + 1).Select(static i => (long)i)], [.. Enumerable.Range(0, units)], []);
        var connections = probability < 1 ? Sparse(units, probability, random) : null;
        var count = connections?.Count ?? units * units;
        var spread = 0.5 / Math.Sqrt(units * probability);
        return new(
            new(
                1,
                [new("drive", units, PortKind.Graded)],
                [Population("cells", units, new Cell(graded)), Population("out", Answers, new Readout())],
                [
                    new("input", "drive", "", "cells", "drive", identity, [.. Enumerable.Repeat(1f, units)], 0),
                    new("recurrent", "cells", graded ? "v" : "spike", "cells", "in", connections, Weights(count, spread), 1) { Trainable = true },
                    new("readout", "cells", "spike", "out", "in", null, Weights(units * Answers, 1 / Math.Sqrt(units)), 0) { Trainable = true },
                ]),
            Precision.Single, options);

        float[] Weights(int many, double sd) => [.. Enumerable.Range(0, many).Select(_ => (float)(sd * Trials.Normal(random)))];
    }

    public static NetworkOptions Training(OnlineMethod? method) => new() { Training = true, Observed = ["out"], Online = method };

    private static PopulationDefinition Population(string name, int count, INeuronModel model) =>
        new(name, count, ModelTracer.Trace(name, model, new Triangle()), Integrator.All.First(static i => i.Name == "exponential-euler"), new Dictionary<string, double[]>());

    private static Connections Sparse(int units, double probability, System.Random random)
    {
        var first = new long[units + 1];
        var targets = new List<int>();
        for (var source = 0; source < units; source++)
        {
            targets.AddRange(Enumerable.Range(0, units).Where(_ => random.NextDouble() < probability));
            first[source + 1] = targets.Count;
        }

        return new(units, units, first, [.. targets], []);
    }

    private sealed class Cell(bool graded) : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var drive = scope.Port("drive", PortKind.Graded, Unit.One, Unit.One, "input");
            var arriving = scope.Port("in", graded ? PortKind.Graded : PortKind.Event, Unit.One, Unit.One, "recurrent sum");
            var current = scope.State("g", 0, Unit.One, "exponential current");
            var v = scope.State("v", 0, Unit.One, "potential");
            var adaptation = scope.State("a", 0, Unit.One, "adaptation");
            current.Rate = -current / (10 * ms);
            v.Rate = (current + drive.Sum - v - adaptation) / (20 * ms);
            adaptation.Rate = -adaptation / (200 * ms);
            var spike = scope.Spike("spike", v.Stepped - 1);
            current.Next = current.Stepped + arriving.Sum;
            v.Next = v.Stepped - spike;
            adaptation.Next = adaptation.Stepped + (0.1 * spike);
        }
    }

    private sealed class Readout : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var arriving = scope.Port("in", PortKind.Event, Unit.One, Unit.One, "spikes");
            var y = scope.State("y", 0, Unit.One, "answer");
            y.Rate = -y / (20 * ms);
            y.Next = y.Stepped + arriving.Sum;
        }
    }

    private sealed class Triangle : ISurrogate
    {
        public Expr Derivative(Expr x) => 0.3 * Max(0, 1 - Abs(x));

        public Expr Smooth(Expr x) => 0.3 * x;
    }
}
