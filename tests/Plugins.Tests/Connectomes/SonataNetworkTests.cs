using BrainModular.Connectomes;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Formats.Sonata;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Connectomes;

/// <summary>
/// The 300 integrate-and-fire cells of the SONATA specification's examples, simulated from their own files. An event-driven simulation has 4322
/// spikes in 3 s; here time goes in steps of 0.1 ms, and each input spike falls into the step nearest to it.
/// </summary>
public sealed class SonataNetworkTests
{
    private const double TimeStep = 0.1;
    private const int Steps = 30_000;

    [SkippableFact]
    public void The_circuit_spikes_as_often_as_an_event_driven_simulation_of_it()
    {
        var cells = RecordingCatalog.Of(new NeuronsPlugin());
        var circuit = RealData.Require("sonata-spec-examples", "300_intfire", "circuit_config.json");
        using var recurrent = OpenedConnectome.Open("sonata", new ConnectomeRequest(new CountingStream(1), null, null, Recurrent: true), ("path", circuit), ("edges", "v1_to_v1"));
        var excitatory = recurrent.ReadNodeLabels(recurrent.Nodes[0], "ei").Select(static t => t == "e").ToList();

        // The types' parameter files say 0.024 and 0.007 s, and 0.003 s for all.
        var values = new Dictionary<string, double[]> { ["tau"] = [.. excitatory.Select(static e => e ? 24.0 : 7.0)], ["tref"] = [3] };
        var model = ModelTracer.Trace("intfire1", cells.Create<INeuronModel>("intfire1"), cells.Create<ISurrogate>("none"));
        var network = new NetworkDefinition(
            TimeStep,
            [new("lgn", 90, PortKind.Event), new("tw", 30, PortKind.Event)],
            [new("v1", 300, model, Integrator.All.First(static i => i.Name == "exponential-euler"), values)],
            [Projection(circuit, "v1_to_v1", "v1", "spike", 300), Projection(circuit, "lgn_to_v1", "lgn", "", 90), Projection(circuit, "tw_to_v1", "tw", "", 30)]);
        var program = new NetworkProgram(network, Precision.Double, new());
        using var batch = NetworkBatch.Open(program, new(Steps, 1, 1));
        var record = batch.Record([], new InputSpikes([Spikes("lgn_spikes.h5", 90), Spikes("tw_spikes.h5", 30)]), new RecordingPlan([]));
        Assert.InRange(record.Spikes["v1"].Count, 4322 * 0.99, 4322 * 1.01);
        Assert.Equal(record.Spikes["v1"].Count, batch.SpikeCounts("v1")[0][0]);
    }

    private static ProjectionDefinition Projection(string circuit, string edges, string source, string output, int sources)
    {
        using var connectome = OpenedConnectome.Open("sonata", new ConnectomeRequest(new CountingStream(1), sources, 300, source == "v1"), ("path", circuit), ("edges", edges));
        var group = connectome.Edges.Single();
        var built = new ConnectionsBuilder(sources, 300, new(1, 1 / TimeStep)).Build(() => connectome.ReadEdges(group));
        Assert.All(built.Delay!, static d => Assert.Equal(20, d));
        return new(edges, source, output, "v1", "in", built, built.Weight, 20);
    }

    /// <summary>The channels that spike in each step.</summary>
    private static ILookup<int, int> Spikes(string file, int channels)
    {
        var spikes = SonataSpikes.Read(RealData.Require("sonata-spec-examples", "300_intfire", "inputs", file));
        Assert.All(spikes.Nodes, n => Assert.InRange(n, 0, channels - 1));
        return spikes.Times.Zip(spikes.Nodes).ToLookup(static s => (int)Math.Round(s.First / TimeStep), static s => (int)s.Second);
    }

    private sealed class InputSpikes(IReadOnlyList<ILookup<int, int>> channels) : INetworkTrials
    {
        public int FirstLane => 0;

        public int Trials => 1;

        public int BatchTrials => 1;

        public IReadOnlyList<INetworkReadout> Readouts => [];

        public void Read(int input, int step, Span<float> row)
        {
            row.Clear();
            foreach (var channel in channels[input][step])
            {
                row[channel]++;
            }
        }
    }
}
