using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Optimizers;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Bench.Networks;

/// <summary>
/// The training step of the C++ reference w3: leaky units with soft reset, all to all with trained weights, given graded input of a mean (the reference's is 0.1), a fast-sigmoid
/// surrogate (or, which the reference has not, one that has a slope only so near threshold), the mean squared distance of rates from 0.1 as loss, Adam: v(t) = 0.95 v(t-1) + x(t) + W s(t-1) - s(t-1), s = v >= 1.
/// </summary>
internal sealed class RecurrentTraining : IDisposable
{
    private readonly NetworkBatch batch;
    private readonly double support;
    private readonly IOptimizer optimizer;
    private readonly double[] gradient;
    private readonly Chunk[] chunks;
    private readonly int units, trials, steps;

    public RecurrentTraining(int units, int trials, int steps, int lanes, int threads, double drive, double support = double.PositiveInfinity)
    {
        (this.units, this.trials, this.steps, this.support) = (units, trials, steps, support);
        ISurrogate surrogate = double.IsFinite(support) ? new Triangle(support) : new FastSigmoid();
        var random = new System.Random(1);
        var euler = Integrator.All.First(static i => i.Name == "euler");
        var identity = new Connections(units, units, [.. Enumerable.Range(0, units + 1).Select(static i => (long)i)], [.. Enumerable.Range(0, units)], []);
        var network = new NetworkDefinition(
            1,
            [new("x", units, PortKind.Graded)],
            [new("cells", units, ModelTracer.Trace("cells", new Cell(surrogate), surrogate), euler, new Dictionary<string, double[]>())],
            [
                new("input", "x", "", "cells", "in", identity, [.. Enumerable.Repeat(1f, units)], 0),
                new("recurrent", "cells", "spike", "cells", "in", null, [.. Enumerable.Range(0, units * units).Select(_ => (float)(0.5 / Math.Sqrt(units) * Normal(random)))], 1) { Trainable = true },
            ]);
        var program = new NetworkProgram(network, Precision.Single, new() { Training = true, Observed = ["cells"], Rates = new(1e-6, 100) });
        batch = NetworkBatch.Open(program, new(steps, lanes, threads) { MemoryBudget = 4L << 30 });
        chunks = [.. Enumerable.Range(0, trials / lanes).Select(_ => new Chunk(steps, units * lanes, lanes, trials, drive, random))];
        gradient = new double[program.Coordinates];
        optimizer = DefaultCatalog.Of(new OptimizersPlugin(), ("learningRate", 1e-5), ("maxIterations", int.MaxValue)).Create<IOptimizer>("adam");
        optimizer.Begin(new(program.InitialCoordinates(), Bound(double.NegativeInfinity), Bound(double.PositiveInfinity), null!));
    }

    /// <summary>How many spikes a unit had per step in the last run.</summary>
    public double Rate => batch.SpikeCounts("cells").Sum(static c => c.Sum()) / ((double)units * trials * steps);

    public long Bytes => batch.Bytes;

    /// <summary>In which share of units and steps the surrogate has a slope, in the first trial.</summary>
    public double Sloped()
    {
        var trace = batch.Record(optimizer.Ask()[0], chunks[0], new([new("cells", "v", [.. Enumerable.Range(0, units)])])).Traces[0][0];
        return trace.Average(unit => unit.Average(v => Math.Abs(v - 1) < support ? 1.0 : 0));
    }

    public void Step()
    {
        batch.Run(optimizer.Ask()[0], chunks, gradient);
        optimizer.Tell([new(batch.RegularizerLoss, gradient)]);
    }

    public void Dispose() => batch.Dispose();

    internal static double Normal(System.Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private double[] Bound(double value)
    {
        var bound = new double[gradient.Length];
        Array.Fill(bound, value);
        return bound;
    }

    private sealed class Cell(ISurrogate surrogate) : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var arriving = scope.Port("in", PortKind.Graded, Unit.One, Unit.One, "input and recurrent sum");
            var v = scope.State("v", 0, Unit.One, "potential");
            var next = (0.95 * v) + arriving.Sum - Heaviside(v - 1, surrogate);
            v.Next = next;
            scope.Spike("spike", next - 1);
        }
    }

    private sealed class FastSigmoid : ISurrogate
    {
        public Expr Derivative(Expr x) => 1 / ((1 + (25 * Abs(x))) * (1 + (25 * Abs(x))));

        public Expr Smooth(Expr x) => x / (1 + (25 * Abs(x)));
    }

    /// <summary>A slope that falls from 1 at threshold to 0 at a distance, and stays 0.</summary>
    private sealed class Triangle(double support) : ISurrogate
    {
        public double? Support => support;

        public Expr Derivative(Expr x) => Max(1 - (Abs(x) / support), 0);

        public Expr Smooth(Expr x) => Where(Abs(x) < support, x - (x * Abs(x) / (2 * support)), Where(x > 0, support / 2, -support / 2));
    }

    private sealed class Chunk : INetworkTrials
    {
        private readonly float[][] rows;

        public Chunk(int steps, int elements, int lanes, int batch, double drive, System.Random random)
        {
            (Trials, BatchTrials) = (lanes, batch);
            rows = [.. Enumerable.Range(0, steps).Select(_ => Enumerable.Range(0, elements).Select(_ => (float)(drive + (0.1 * Normal(random)))).ToArray())];
        }

        public int FirstLane => 0;

        public int Trials { get; }

        public int BatchTrials { get; }

        public IReadOnlyList<INetworkReadout> Readouts => [];

        public void Read(int input, int step, Span<float> row) => rows[step].CopyTo(row);
    }
}
