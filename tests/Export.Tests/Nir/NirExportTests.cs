using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Tracing;
using BrainModular.Export.Tests.Fixtures;
using BrainModular.Export.Tests.Networks;
using BrainModular.Formats.Nir;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Synapses;
using BrainModular.Testing;
using BrainModular.Testing.Fakes;

namespace BrainModular.Export.Tests.Nir;

/// <summary>Networks as NIR graphs: run by an interpreter that knows the primitives alone they do what the engine does; what has no primitive is named.</summary>
public sealed class NirExportTests : IDisposable
{
    private const int Steps = 200;
    private const int Channels = 6;
    private static readonly NetworkReadout Out = new("out", "y");
    private static readonly RecordingCatalog NeuronsOf = RecordingCatalog.Of(new NeuronsPlugin());
    private static readonly RecordingCatalog SynapsesOf = RecordingCatalog.Of(new SynapsesPlugin());
    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("exponential-euler", 1, false)]
    [InlineData("exponential-euler", 4, true)]
    [InlineData("euler", 4, false)]
    [InlineData("euler", 1, true)]
    public void An_interpreter_of_the_graph_gives_the_engines_spikes_and_readout(string integrator, int longestDelay, bool jumps)
    {
        var network = Network(integrator, longestDelay, new(3), jumps);
        var program = new NetworkProgram(network, Precision.Double, new());
        var file = folder.File("model.nir");
        var graph = NirExport.Write(program, program.InitialCoordinates(), Out, file);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(folder.Path));

        var stimulus = Networks.Networks.Spikes(Steps, 1, Channels, seed: 4, probability: 0.3);
        var expected = Engine(program, stimulus);
        var interpreter = new NirInterpreter(graph, 1e-3, integrator == "euler" ? static h => 1 - h : static h => Math.Exp(-h));
        var spikes = new Dictionary<string, List<RecordedSpike>> { ["E"] = [], ["I"] = [], ["F"] = [] };
        for (var t = 0; t < Steps; t++)
        {
            interpreter.Step([.. stimulus.Inputs["in"].Skip(t * Channels).Take(Channels).Select(static x => (double)x)]);
            foreach (var (population, found) in spikes)
            {
                found.AddRange(interpreter.Of(population).Select((s, u) => (s, u)).Where(static s => s.s > 0).Select(s => new RecordedSpike(t, s.u, 0)));
            }

            Assert.All(interpreter.Of("out").Zip(expected.Traces[0][0]), y => Assert.Equal(y.Second[t], y.First, 1e-9));
        }

        foreach (var (population, found) in spikes)
        {
            Assert.InRange(found.Count, 20, 1500);
            Assert.Equal(expected.Spikes[population], found);
        }

        string Type(string node) => graph.Node(node).Type;
        Assert.Equal(("LIF", "CubaLIF", "LIF", "LI", "LI", "Input", "Output"), (Type("E"), Type("I"), Type("F"), Type("out"), Type("E_exc_in"), Type("in"), Type("output")));
    }

    [Fact]
    public void Values_are_in_units_of_the_si_and_potentials_above_rest()
    {
        var network = Network("exponential-euler", 1, new(3));
        var program = new NetworkProgram(network, Precision.Single, new());
        var graph = NirExport.Write(program, program.InitialCoordinates(), Out, folder.File("model.nir"));
        var cells = graph.Node("I");
        Assert.True(cells.Values["tau_mem"].IsSingle);
        double Value(string name) => cells.Values[name].Elements[0];
        Assert.Equal(0.02, Value("tau_mem"), 1e-8);
        Assert.Equal(0.005, Value("tau_syn"), 1e-8);
        Assert.Equal(1e8, Value("r"), 1);
        Assert.Equal((0.015, 0), (Value("v_threshold"), Value("v_leak")), Close);
        Assert.Equal(-0.065, cells.Metadata["v_rest"].Elements[0], 1e-8);
        Assert.Equal(1 / (1 - Math.Exp(-0.2)), Value("w_in"), 1e-6);
        Assert.Equal([0.01, 0.015, 0.02, 0.025, 0.03], graph.Node("E").Values["tau"].Elements.Select(static t => Math.Round(t, 6)));
        Assert.Equal("0.001 s", graph.Metadata["dt"]);

        // From source 1 to target 2, in A: the engine counts in nA and by source.
        var weights = program.Weights("in.I", program.InitialCoordinates());
        Assert.Equal(1e-9 * weights[(1 * 3) + 2], graph.Node("in.I").Values["weight"].Elements[(2 * Channels) + 1], 1e-16);
    }

    [Theory]
    [InlineData("conductance", "population I (leaky-integrate-and-fire)", "synapse exc")]
    [InlineData("refractory", "population I (leaky-integrate-and-fire)", "refractory")]
    [InlineData("jumps", "population I (leaky-integrate-and-fire)", "refractory")]
    [InlineData("adaptation", "population I (generalized-integrate-and-fire)", "I2")]
    [InlineData("hodgkin-huxley", "population I (hodgkin-huxley)", "spike")]
    [InlineData("graded", "projection in.I", "V")]
    [InlineData("release", "population E (leaky-integrate-and-fire)", "synapse dyn has a presynaptic part")]
    public void What_has_no_primitive_is_named_and_nothing_is_written(string which, string owner, string reason)
    {
        var network = Network("exponential-euler", 1, new(3));
        var inhibitory = which switch
        {
            "conductance" => Cells("I", 3, "leaky-integrate-and-fire", [("exc", "exponential-conductance")], ("tref", 0)),
            "refractory" => Cells("I", 3, "leaky-integrate-and-fire", [("exc", "exponential-current")], ("tref", 2)),
            "jumps" => Cells("I", 3, "leaky-integrate-and-fire", [("exc", "delta")], ("tref", 2)),
            "adaptation" => Cells("I", 3, "generalized-integrate-and-fire", [("exc", "exponential-current")], ("A1", 0)),
            "hodgkin-huxley" => Cells("I", 3, "hodgkin-huxley", [("exc", "exponential-current")]),
            _ => network.Population("I"),
        };
        ProjectionDefinition Changed(ProjectionDefinition p) => (which, p.Name) switch
        {
            ("graded", "in.I") => p with { Source = "E", Output = "V", Weights = new float[15] },
            ("release", "in.I") => p with { Source = "E", Output = "dyn.release.sent", Weights = new float[15] },
            _ => p,
        };
        var excitatory = which == "release" ? Cells("E", 5, "leaky-integrate-and-fire", [("exc", "exponential-current"), ("inh", "exponential-current")], ["dyn"], ("tref", 0)) : network.Population("E");
        network = network with
        {
            Populations = [.. network.Populations.Select(p => p.Name == "I" ? inhibitory : p.Name == "E" ? excitatory : p)],
            Projections = [.. network.Projections.Select(Changed)],
        };
        var fault = Assert.Single(NirExport.Check(network, Out));
        Assert.Equal("BM2704", fault.Id);
        Assert.StartsWith(owner, fault.Problem, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Problem, StringComparison.Ordinal);

        var program = new NetworkProgram(network, Precision.Double, new());
        Assert.Equal([fault], Assert.Throws<DiagnosticException>(() => NirExport.Write(program, program.InitialCoordinates(), Out, folder.File("model.nir"))).Diagnostics);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    /// <summary>The graph and the trace that Norse made of it (Pedersen et al. 2024, 10.1038/s41467-024-52259-9): Euler steps of 0.1 ms, 34 events, 4 spikes.</summary>
    [SkippableFact]
    public void The_interpreter_gives_the_trace_that_another_simulator_published()
    {
        var data = RealData.Require("ref-nir-lif", "paper", "01_lif");
        var interpreter = new NirInterpreter(NirFile.Read(Path.Combine(data, "lif_norse.nir")), 1e-4, static h => 1 - h);
        var spikes = 0;
        foreach (var line in File.ReadLines(Path.Combine(data, "lif_norse.csv")))
        {
            double[] row = [.. line.Split(',').Select(static x => double.Parse(x, CultureInfo.InvariantCulture))];
            interpreter.Step([row[0]]);
            Assert.Equal(row[2], interpreter.Of("1")[0]);
            Assert.Equal(row[1], interpreter.Potential("1")[0], 1e-6);
            spikes += (int)row[2];
        }

        Assert.Equal(4, spikes);
    }

    private static bool Close((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 1e-8 && Math.Abs(a.Item2 - b.Item2) < 1e-8;

    private static NetworkRecord Engine(NetworkProgram program, NetworkStimulus stimulus)
    {
        stimulus.Check(program.Definition);
        using var batch = NetworkBatch.Open(program, new(Steps, 1, 1));
        return batch.Record(program.InitialCoordinates(), stimulus, new([new("out", "y", [0, 1])]));
    }

    /// <summary>Two receptors on E, whose units differ; one on I; events straight into F, or through jumps of its potential; delays, a readout.</summary>
    private static NetworkDefinition Network(string integrator, int longestDelay, System.Random random, bool jumps = false)
    {
        var method = Integrator.All.First(i => i.Name == integrator);
        var excitatory = Cells("E", 5, "leaky-integrate-and-fire", [("exc", "exponential-current"), ("inh", "exponential-current")], ("tref", 0), ("inh.tau", 8));
        excitatory = excitatory with { Values = new Dictionary<string, double[]>(excitatory.Values) { ["tauM"] = [10, 15, 20, 25, 30], ["exc.tau"] = [4, 5, 6, 7, 8] } };
        var inhibitory = Cells("I", 3, "generalized-integrate-and-fire", [("exc", "exponential-current")], ("A1", 0), ("A2", 0), ("exc.tau", 5));
        var fire = jumps ? Cells("F", 4, "leaky-integrate-and-fire", [("jump", "delta")], ("tref", 0)) : Cells("F", 4, "intfire1", [], ("tref", 0));
        var readout = Cells("out", 2, "leaky-readout", []);
        var (ee, eew) = WrittenNetwork.Sparse(5, 5, 0.1, random, longestDelay > 1 ? longestDelay : 0);
        float[] W(int count, double mean) => WrittenNetwork.Dense(count, mean, random);
        return new(
            1,
            [new("in", Channels, PortKind.Event)],
            [.. new[] { excitatory, inhibitory, fire, readout }.Select(p => p with { Integrator = method })],
            [
                new("in.E", "in", "", "E", "exc.in", null, W(Channels * 5, 0.1), 0),
                new("in.I", "in", "", "I", "exc.in", null, W(Channels * 3, 0.1), 0) { Trainable = true },
                new("E.E", "E", "spike", "E", "exc.in", ee, eew, 1) { Trainable = true, Sign = WeightSign.Positive },
                new("I.E", "I", "spike", "E", "inh.in", null, W(15, -0.1), 2) { Trainable = true },
                new("E.F", "E", "spike", "F", jumps ? "jump.in" : "in", null, W(20, jumps ? 10 : 0.7), 1),
                new("E.out", "E", "spike", "out", "in", null, W(10, 0.3), 0),
                new("F.out", "F", "spike", "out", "in", null, W(8, -0.2), 0),
            ]);
    }

    private static PopulationDefinition Cells(string name, int count, string neuron, (string Name, string Type)[] receptors, params (string Name, double Value)[] values) =>
        Cells(name, count, neuron, receptors, [], values);

    private static PopulationDefinition Cells(
        string name, int count, string neuron, (string Name, string Type)[] receptors, string[] releases, params (string Name, double Value)[] values) => new(
        name,
        count,
        ModelTracer.Trace(
            neuron, NeuronsOf.Create<INeuronModel>(neuron), new SigmoidStep(), null, [.. receptors.Select(static r => new NamedSynapse(r.Name, SynapsesOf.Create<ISynapseModel>(r.Type)))],
            [.. releases.Select(static r => new NamedSynapse(r, WrittenNetwork.Dynamic()))]),
        Integrator.All.First(static i => i.Name == "exponential-euler"),
        values.ToDictionary(static v => v.Name, static v => new[] { v.Value }));
}
