using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Bench.Simulation;

/// <summary>
/// The network of the C++ reference w1: four fifths excitatory and one fifth inhibitory leaky cells that project at random with K connections to a cell on average,
/// synapses that decay exponentially and act a step later. COBA has conductances and is driven by 200 pA, by its mean; CUBA rests above its threshold.
/// </summary>
internal sealed class BalancedNetwork : IDisposable
{
    private const double TimeStep = 0.1;

    private readonly NetworkBatch batch;
    private readonly double[] coordinates;
    private readonly SpikeCount spikes = new();
    private readonly int units;

    /// <param name="isCoba">Whether synapses are conductances.</param>
    /// <param name="units">How many cells.</param>
    /// <param name="inDegree">How many connections end on a cell, on average.</param>
    /// <param name="seconds">How long a run lasts.</param>
    /// <param name="seed">The seed of connections and initial states.</param>
    /// <param name="threads">How many threads run it.</param>
    /// <param name="precision">Of all numbers.</param>
    public BalancedNetwork(bool isCoba, int units, int inDegree, double seconds, int seed, int threads, Precision precision = Precision.Single)
    {
        this.units = units;
        Steps = (int)Math.Round(seconds * 1000 / TimeStep);
        var random = new System.Random(seed);
        var integrator = Integrator.All.First(static i => i.Name == "exponential-euler");
        (string Name, string Port, int Count, float Weight)[] populations = isCoba
            ? [("excitatory", "e", units * 4 / 5, 6), ("inhibitory", "i", units - (units * 4 / 5), 67)]
            : [("excitatory", "e", units * 4 / 5, 1.62f), ("inhibitory", "i", units - (units * 4 / 5), -9)];
        var model = ModelTracer.Trace("cell", isCoba ? new ConductanceCell() : new CurrentCell(), new NoSlope());
        var network = new NetworkDefinition(
            TimeStep,
            [],
            [.. populations.Select(p => new PopulationDefinition(p.Name, p.Count, model, integrator, Initial(isCoba, p.Count, random)))],
            [
                .. from source in populations
                   from target in populations
                   let connections = Draw(source.Count, target.Count, (double)inDegree / units, random)
                   select new ProjectionDefinition($"{source.Name} to {target.Name}", source.Name, "spike", target.Name, source.Port, connections, [source.Weight], 1)
                   {
                       WeightUnit = isCoba ? nS.ToEngine : 1,
                   },
            ]);
        var program = new NetworkProgram(network, precision, new());
        coordinates = program.InitialCoordinates();
        batch = NetworkBatch.Open(program, new(Steps, 1, threads));
    }

    public int Steps { get; }

    /// <summary>The mean rate in Hz of all cells in the last run.</summary>
    public double Rate => spikes.Count / (units * (Steps * TimeStep / 1000));

    /// <summary>The spikes of the last run.</summary>
    public long Spikes => spikes.Count;

    public void Run()
    {
        spikes.Count = 0;
        batch.Record(coordinates, new NoTrials(), new([]) { Sink = spikes });
    }

    public void Dispose() => batch.Dispose();

    private static Dictionary<string, double[]> Initial(bool isCoba, int count, System.Random random)
    {
        double[] Each(Func<double> draw) => [.. Enumerable.Range(0, count).Select(_ => draw())];
        return isCoba
            ? new()
            {
                ["V0"] = Each(() => -65 + (5 * Normal(random))),
                ["ge0"] = Each(() => Math.Max(0, 40 + (15 * Normal(random))) * nS.ToEngine),
                ["gi0"] = Each(() => Math.Max(0, 200 + (120 * Normal(random))) * nS.ToEngine),
            }
            : new() { ["V0"] = Each(() => -60 + (10 * random.NextDouble())) };
    }

    private static Connections Draw(int sources, int targets, double probability, System.Random random)
    {
        var rowStart = new long[sources + 1];
        var target = new List<int>((int)(1.05 * probability * sources * targets));
        var silence = Math.Log(1 - probability);
        int Skip() => (int)Math.Min(Math.Log(1 - random.NextDouble()) / silence, int.MaxValue / 2);
        for (var source = 0; source < sources; source++)
        {
            for (var to = Skip(); to < targets; to += 1 + Skip())
            {
                target.Add(to);
            }

            rowStart[source + 1] = target.Count;
        }

        return new(sources, targets, rowStart, [.. target], []);
    }

    private static double Normal(System.Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private abstract class Cell : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var refractory = scope.State("refractory", 0, ms, "time that is left of the refractory period");
            var v = scope.State("V", scope.Parameter("V0", -60 * mV, (-100 * mV, -30 * mV), "initial potential"), mV, "membrane potential");
            v.Rate = Where(refractory > scope.TimeStep / 2, 0, Rate(scope, v));
            var spike = scope.Spike("spike", (v.Stepped + (50 * mV)) / (1 * mV));
            v.Next = OnSpike(spike, -60 * mV, v.Stepped);
            refractory.Next = OnSpike(spike, 5 * ms, Max(refractory - scope.TimeStep, 0));
        }

        protected abstract Expr Rate(INeuronScope scope, Expr v);

        protected static StateVariable Synapse(INeuronScope scope, string port, string state, Expr initial, Unit unit, Expr tau)
        {
            var x = scope.State(state, initial, unit, "synaptic state");
            x.Rate = -x / tau;
            x.Next = x.Stepped + scope.Port(port, PortKind.Event, Unit.One, unit, "spikes").Sum;
            return x;
        }
    }

    private sealed class ConductanceCell : Cell
    {
        protected override Expr Rate(INeuronScope scope, Expr v)
        {
            StateVariable Conductance(string port, Quantity tau) =>
                Synapse(scope, port, $"g{port}", scope.Parameter($"g{port}0", 0 * nS, (0 * nS, 1000 * nS), "initial conductance"), nS, tau);
            var (excitatory, inhibitory) = (Conductance("e", 5 * ms), Conductance("i", 10 * ms));
            return ((10 * nS * ((-60 * mV) - v)) + (excitatory * ((0 * mV) - v)) + (inhibitory * ((-80 * mV) - v)) + (0.2 * nA)) / (200 * pF);
        }
    }

    private sealed class CurrentCell : Cell
    {
        protected override Expr Rate(INeuronScope scope, Expr v) =>
            ((-49 * mV) - v + Synapse(scope, "e", "ge", 0 * mV, mV, 5 * ms) + Synapse(scope, "i", "gi", 0 * mV, mV, 10 * ms)) / (20 * ms);
    }

    private sealed class NoSlope : ISurrogate
    {
        public Expr Derivative(Expr x) => 0 * x;

        public Expr Smooth(Expr x) => x;
    }

    private sealed class SpikeCount : ISpikeSink
    {
        public long Count { get; set; }

        public void EndStep(int step)
        {
        }

        public void Take(string population, ReadOnlySpan<RecordedSpike> spikes) => Count += spikes.Length;
    }

    private sealed class NoTrials : INetworkTrials
    {
        public int FirstLane => 0;

        public int Trials => 1;

        public int BatchTrials => 1;

        public IReadOnlyList<INetworkReadout> Readouts => [];

        public void Read(int input, int step, Span<float> row) => throw new InvalidOperationException("the network has no input");
    }
}
