using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;
using Xunit;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Networks in parts: any number of threads gives the same bits, whatever projects to what with which delay.</summary>
public sealed class PartedRunTests
{
    private const int Steps = 150;

    [Theory]
    [InlineData(1, 3, Precision.Single)]
    [InlineData(1, 1, Precision.Double)]
    [InlineData(3, 2, Precision.Single)]
    [InlineData(16, 0, Precision.Single)]
    public void The_number_of_threads_does_not_change_a_bit(int lanes, int shortestDelay, Precision precision)
    {
        var program = Program(shortestDelay, precision);
        var one = Record(program, lanes, 1);
        Assert.All(one.Spikes, spikes => Assert.True(spikes.Value.Count(static s => s.Step > Steps / 2) > 20, $"{spikes.Key} spikes {spikes.Value.Count} times"));
        foreach (var threads in (int[])[2, 3, 7])
        {
            var several = Record(program, lanes, threads);
            Assert.All(one.Spikes, spikes => Assert.Equal(spikes.Value, several.Spikes[spikes.Key]));
            Assert.All(one.Traces.Zip(several.Traces), static traces => Assert.Equal(traces.First, traces.Second));
        }
    }

    [Fact]
    public void Machine_code_gives_the_spikes_and_potentials_of_the_interpreter()
    {
        var fast = Record(Program(2, Precision.Single), 1, 2);
        var slow = Record(Program(2, Precision.Single, KernelBackend.Interpreter), 1, 2);
        Assert.All(slow.Spikes, spikes => Assert.Equal(spikes.Value, fast.Spikes[spikes.Key]));
        Assert.All(slow.Traces.Zip(fast.Traces), static traces => Assert.Equal(traces.First, traces.Second));
    }

    /// <summary>In training each delay is delivered when it is over; here each spike once, to all steps in which it arrives. Potentials have delays of their own, too, and were sent before time 0.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_arrives_after_delays_of_its_own_is_what_arrives_in_training(int lanes)
    {
        var network = WrittenNetwork.Everything(new(11));
        var gaps = network.Projections.First(static p => p.Name == "gaps");
        var spread = gaps.Connections! with { Target = [.. gaps.Connections!.Target], Delay = [.. Enumerable.Range(0, gaps.Connections!.Count).Select(static i => (ushort)(2 + (i * 7 % 5)))] };
        ConnectionOrder.Sort(spread);
        var program = new NetworkProgram(
            network with { Projections = [.. network.Projections.Select(p => p with { Connections = p == gaps ? spread : p.Connections, Trainable = false, Frozen = null })] }, Precision.Double, new());
        Assert.Contains(program.Projections, static p => p.Definition.Name == "gaps" && p.ShortestDelay < p.LongestDelay);
        using var batch = NetworkBatch.Open(program, new(Steps, lanes, 1));
        using var recording = NetworkBatch.Open(program, new(Steps, lanes, 1));
        var (trained, recorded) = (new Watched(WrittenTrials.Random(Steps, 4, lanes, seed: 5, probability: 0.01)), new Watched(WrittenTrials.Random(Steps, 4, lanes, seed: 5, probability: 0.01)));
        batch.Run(program.InitialCoordinates(), [trained], null);
        recording.Record(program.InitialCoordinates(), recorded, new([], lanes));
        Assert.Equal(5 * lanes * Steps, trained.Seen.Count);
        Assert.All(trained.Seen.Zip(recorded.Seen), static pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.InRange(trained.Seen.Count(static v => v == -60), 20, trained.Seen.Count / 2);
    }

    [Fact]
    public void One_weight_for_all_connections_is_as_many_that_are_the_same()
    {
        var network = Network(2);
        var shared = network with { Projections = [.. network.Projections.Select(static p => p.Connections is null ? p : p with { Weights = [p.Weights[0]] })] };
        var each = network with { Projections = [.. network.Projections.Select(static p => p.Connections is null ? p : p with { Weights = [.. p.Weights.Select(_ => p.Weights[0])] })] };
        var expected = Record(new(each, Precision.Single, new()), 1, 2);
        var actual = Record(new(shared, Precision.Single, new()), 1, 2);
        Assert.All(expected.Spikes, spikes => Assert.Equal(spikes.Value, actual.Spikes[spikes.Key]));
        Assert.All(expected.Traces.Zip(actual.Traces), static traces => Assert.Equal(traces.First, traces.Second));
        Assert.All(new NetworkProgram(shared, Precision.Single, new()).Projections, static p => Assert.Equal(p.Definition.Connections?.Count ?? p.Definition.Weights.Length, p.Block.IsShared ? p.Definition.Connections!.Count : p.Block.Count));
    }

    [Fact]
    public void Units_begin_where_they_are_told_to()
    {
        var network = Network(2);
        double[] begin = [.. Enumerable.Range(0, 59).Select(static i => -90.0 + (0.1 * i))];
        var told = network with
        {
            Populations = [.. network.Populations.Select(p => p.Name switch
            {
                "I" => p with { Values = new Dictionary<string, double[]>(p.Values) { [StepOptions.InitialOf("V")] = begin } },
                "E" => p with { Values = new Dictionary<string, double[]>(p.Values) { [StepOptions.InitialOf("V")] = [-77] } },
                _ => p,
            })],
        };
        var program = new NetworkProgram(told, Precision.Double, new() { Record = new Dictionary<string, IReadOnlyList<string>> { ["I"] = ["initial.V"], ["E"] = ["initial.V"] } });
        using var batch = NetworkBatch.Open(program, new(1, 1, 3));
        var record = batch.Record(program.InitialCoordinates(), Trials(1, 1), new([new("I", "initial.V", [.. Enumerable.Range(0, 59)], 1), new("E", "initial.V", [0, 130], 1)], 1));
        Assert.Equal(begin, record.Traces[0][0].Select(static unit => unit[0]));
        Assert.All(record.Traces[1][0], static unit => Assert.Equal(-77, unit[0]));
    }

    [Fact]
    public void Connections_that_are_not_in_order_are_refused()
    {
        var network = Network(2);
        var sparse = network.Projections.First(static p => p.Name == "I.E");
        var turned = sparse.Connections! with { Target = [.. sparse.Connections!.Target] };
        Array.Reverse(turned.Target, 0, (int)turned.RowStart[1]);
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => new NetworkProgram(
            network with { Projections = [.. network.Projections.Select(p => p == sparse ? p with { Connections = turned } : p)] }, Precision.Single, new())).Diagnostics);
        Assert.Equal("BM2514", fault.Id);
        ConnectionOrder.Sort(turned);
        Assert.Equal(sparse.Connections!.Target, turned.Target);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_fault_in_any_part_ends_the_run_and_is_named(int threads)
    {
        var network = Network(1);
        var broken = network with
        {
            Populations = [.. network.Populations.Select(static p => p.Name != "I" ? p : p with { Values = new Dictionary<string, double[]> { ["EL"] = [.. Enumerable.Range(0, p.Count).Select(i => i == p.Count - 2 ? double.NaN : -65)] } })],
        };
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Record(new(broken, Precision.Single, new()), 1, threads)).Diagnostics);
        Assert.Equal("BM5201", fault.Id);
        Assert.Contains("V of unit 57 of population I", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_cancelled_ends_in_all_parts()
    {
        var program = Program(1, Precision.Single);
        using var batch = NetworkBatch.Open(program, new(Steps, 1, 3));

        // Often: what one part does after a meeting may come before or after another has left it.
        for (var at = 0; at < Steps - 10; at++)
        {
            using var cancel = new CancellationTokenSource();
            var sink = new CancellingSink(cancel, at);
            Assert.Throws<OperationCanceledException>(() => batch.Record(program.InitialCoordinates(), Trials(1), new([]) { Sink = sink }, cancel.Token));
            Assert.True(sink.Last < Steps - 1);
        }
    }

    /// <summary>What arrives at a synapse that decays exponentially is added to its conductance; recording it adds it to a row beside that.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Recording_what_arrives_changes_no_bit(int threads)
    {
        var program = Program(2, Precision.Double);
        Assert.Equal([("exc.in", "exc.g")], program.Populations.First(static p => p.Definition.Name == "I").Direct.StateOfPort.Select(static p => (p.Key, p.Value)));
        Assert.Equal([("inh.in", "inh.g")], program.Populations.First(static p => p.Definition.Name == "E").Direct.StateOfPort.Select(static p => (p.Key, p.Value)));
        using var batch = NetworkBatch.Open(program, new(Steps, 1, threads) { Noise = new(7) });
        Probe[] states = [new("I", "V", [0, 58]), new("I", "exc.g", [0, 58])];
        double[][][][] Traces(params Probe[] more) => [.. batch.Record(program.InitialCoordinates(), Trials(1), new([.. states, .. more])).Traces];
        var without = Traces();
        var with = Traces(new Probe("I", "exc.in", [0, 58]));
        var again = Traces();
        Assert.Equal(without, with.Take(2));
        Assert.Equal(without, again);
        for (var unit = 0; unit < 2; unit++)
        {
            var (g, arrived) = (with[1][0][unit], with[2][0][unit]);
            Assert.Contains(arrived, static sum => sum > 0);
            for (var step = 1; step < Steps; step++)
            {
                Assert.Equal(g[step] - (g[step - 1] * Math.Exp(-0.5 / 10)), arrived[step], 1e-12);
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_in_the_loop()
    {
        var program = Program(2, Precision.Single);
        long Allocated(int steps)
        {
            using var batch = NetworkBatch.Open(program, new(steps, 1, 1));
            using var cancel = new CancellationTokenSource();
            var trials = Trials(1, steps);
            var plan = new RecordingPlan([]) { Sink = new CancellingSink(cancel, steps) };
            batch.Record(program.InitialCoordinates(), trials, plan);
            var before = GC.GetAllocatedBytesForCurrentThread();
            batch.Record(program.InitialCoordinates(), trials, plan);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(Allocated(400) <= Allocated(40) + 512, $"{Allocated(40)} bytes in 40 steps, {Allocated(400)} in 400");
    }

    private static NetworkProgram Program(int shortestDelay, Precision precision, KernelBackend backend = KernelBackend.Il) =>
        new(Network(shortestDelay), precision, new() { Compile = new() { Backend = backend }, Record = new Dictionary<string, IReadOnlyList<string>> { ["E"] = ["spike.sent"] } });

    /// <summary>Cells with noise and parameters of their own, sparse, dense and one-to-one projections with delays of their own, gap junctions, and a readout.</summary>
    private static NetworkDefinition Network(int shortestDelay)
    {
        var random = new System.Random(3);
        NamedSynapse[] receptors = [new("exc", WrittenNetwork.Conductance(0 * mV)), new("inh", WrittenNetwork.Conductance(-80 * mV))];
        PopulationDefinition Cells(string name, int count, params NamedSynapse[] more) => new(
            name, count, ModelTracer.Trace(name, NoisyCell, new SigmoidStep(), null, [.. receptors, .. more], []), Integrator.All.First(static i => i.Name == "exponential-euler"),
            new Dictionary<string, double[]> { ["EL"] = [.. Enumerable.Range(0, count).Select(_ => -66 + (4 * random.NextDouble()))] });
        var (ee, eew) = WrittenNetwork.Sparse(131, 131, 0.0002, random, longestDelay: 4);
        var (ie, iew) = WrittenNetwork.Sparse(59, 131, 0.0006, random);
        var (gap, gapw) = WrittenNetwork.Sparse(131, 131, 0.00002, random);
        var identity = new Connections(131, 131, [.. Enumerable.Range(0, 132).Select(static i => (long)i)], [.. Enumerable.Range(0, 131)], []);
        var least = Math.Max(1, shortestDelay);
        return new(
            0.5,
            [new("in", 40, PortKind.Event)],
            [WrittenNetwork.Population("out", 2, WrittenNetwork.Readout), Cells("E", 131, new NamedSynapse("gap", WrittenNetwork.GapJunction())), Cells("I", 59)],
            [
                new("in.E", "in", "", "E", "exc.in", null, WrittenNetwork.Dense(40 * 131, 0.003, random), 0),
                new("E.E", "E", "spike", "E", "exc.in", ee with { Delay = [.. ee.Delay!.Select(d => (ushort)(d + least - 1))] }, eew, 1),
                new("E.again", "E", "spike", "E", "exc.in", identity, WrittenNetwork.Dense(131, 0.01, random), least + 2),
                new("E.I", "E", "spike", "I", "exc.in", null, WrittenNetwork.Dense(131 * 59, 0.0008, random), shortestDelay),
                new("I.E", "I", "spike", "E", "inh.in", ie, iew, least),
                new("gaps", "E", "V", "E", "gap.in", gap, gapw, least),
                new("E.out", "E", "spike", "out", "in", null, WrittenNetwork.Dense(2 * 131, 0.3, random), shortestDelay),
            ]);
    }

    private static readonly INeuronModel NoisyCell = new Steps.WrittenModel(static scope =>
    {
        var eL = scope.Parameter("EL", -65 * mV, (-100 * mV, -40 * mV), "");
        var i = scope.Input("I", nA, "");
        var held = scope.State("held", 0, ms, "");
        var v = scope.State("V", eL, mV, "");
        v.Rate = Where(held > scope.TimeStep / 2, 0, (eL - v + (100 * MOhm * i) + (2 * mV * scope.Normal("noise"))) / (10 * ms));
        var spike = scope.Spike("spike", (v.Stepped + (55 * mV)) / (10 * mV));
        v.Next = OnSpike(spike, -70 * mV, v.Stepped);
        held.Next = OnSpike(spike, 2 * ms, Max(held - scope.TimeStep, 0));
    });

    private static Incoming Trials(int lanes, int steps = Steps) => new(WrittenTrials.Random(steps, 40, lanes, seed: 5, probability: 0.1));

    private static NetworkRecord Record(NetworkProgram program, int lanes, int threads)
    {
        using var batch = NetworkBatch.Open(program, new(Steps, lanes, threads) { Noise = new(7) });
        var record = batch.Record(program.InitialCoordinates(), Trials(lanes), new(
            [
                new("E", "V", [0, 15, 16, 64, 130]), new("I", "exc.g", [0, 58], Every: 3), new("E", "exc.in", [17, 130]), new("out", "y", [0, 1]),
                .. program.Options.Record.Count > 0 ? [new Probe("E", "spike.sent", [20, 130])] : Array.Empty<Probe>(),
            ],
            lanes));
        Assert.Equal(record.Spikes["E"].Count, batch.SpikeCounts("E").Sum(static c => c.Sum()));
        return record;
    }

    /// <summary>Trials of which nothing is read out.</summary>
    private sealed class Incoming(INetworkTrials trials) : INetworkTrials
    {
        public int FirstLane => 0;

        public int Trials => trials.Trials;

        public int BatchTrials => 1;

        public IReadOnlyList<INetworkReadout> Readouts => [];

        public void Read(int input, int step, Span<float> row) => trials.Read(input, step, row);
    }

    /// <summary>Trials that keep the potentials of a population.</summary>
    private sealed class Watched(INetworkTrials trials) : INetworkTrials, INetworkReadout
    {
        public List<double> Seen { get; } = [];

        public int FirstLane => 0;

        public int Trials => trials.Trials;

        public int BatchTrials => 1;

        public IReadOnlyList<INetworkReadout> Readouts => [this];

        public string Population => "E";

        public string State => "V";

        public bool Counts(int step) => true;

        public void Read(int input, int step, Span<float> row) => trials.Read(input, step, row);

        public void Observe(int step, ReadOnlySpan<double> values) => Seen.AddRange(values);

        public void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint) => throw new NotSupportedException();
    }

    private sealed class CancellingSink(CancellationTokenSource cancel, int at) : ISpikeSink
    {
        public int Last { get; private set; }

        public void EndStep(int step)
        {
            Last = step;
            if (step == at)
            {
                cancel.Cancel();
            }
        }

        public void Take(string population, ReadOnlySpan<RecordedSpike> spikes)
        {
        }
    }
}
