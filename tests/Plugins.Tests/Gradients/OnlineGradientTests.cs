using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Tests.Synapses;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Cells of a plugin with every synapse on them, learning online.</summary>
public sealed class OnlineGradientTests
{
    private const int Steps = 60;
    private const int Lanes = 2;
    private const int Cells = 6;

    public static TheoryData<string> Synapses => [.. DefinedSynapse.Names.Where(static n => n != "gap-junction")];

    [Theory]
    [MemberData(nameof(Synapses))]
    public void D_rtrl_leaves_out_the_gradient_through_recurrent_spikes_and_nothing_else(string synapse)
    {
        var network = Network(synapse);
        var (gradient, spikes) = Run(network, new(OnlineRule.Diagonal));
        Assert.All(spikes, static s => Assert.InRange(s, 5, (Steps * Cells) - 5));
        var expected = ReplayedGradient.Of(network, Trials(), Steps);
        var first = 0;
        foreach (var projection in network.Projections)
        {
            // Projection by projection, so that one with small numbers counts too.
            var range = first..(first += projection.Weights.Length);
            var largest = expected[range].Max(Math.Abs);
            Assert.True(largest > 1e-9, $"no gradient of {projection.Name}");
            Assert.All(expected[range].Zip(gradient[range]), p => Assert.True(Math.Abs(p.First - p.Second) <= 1e-9 * largest, $"{projection.Name}: {p.Second} instead of {p.First}"));
        }

        var whole = Run(network, null).Gradient;
        Assert.Contains(whole.Zip(gradient), static p => Math.Abs(p.First - p.Second) > 1e-6 * Math.Abs(p.First));
    }

    [Fact]
    public void Weights_of_gap_junctions_are_refused() =>
        Assert.Equal("BM2520", Assert.Single(Assert.Throws<DiagnosticException>(() => Run(Network("gap-junction"), new(OnlineRule.Diagonal))).Diagnostics).Id);

    private static WrittenTrials Trials() => WrittenTrials.Random(Steps, 4, Lanes, seed: 5);

    private static (double[] Gradient, long[] Spikes) Run(NetworkDefinition network, OnlineMethod? method)
    {
        var program = new NetworkProgram(network, Precision.Double, new() { Training = true, Online = method, Observed = ["out"] });
        using var batch = NetworkBatch.Open(program, new(Steps, Lanes, 1));
        var gradient = new double[program.Coordinates];
        batch.Run(program.InitialCoordinates(), [Trials()], gradient);
        return (gradient, batch.SpikeCounts("cells")[0]);
    }

    /// <summary>Cells that excitatory input drives, connected among themselves by a synapse, whose release, if it has one, goes to the readout.</summary>
    private static NetworkDefinition Network(string synapse)
    {
        var neurons = RecordingCatalog.Of(new NeuronsPlugin());
        var hasRelease = synapse == "tsodyks-markram";
        NamedSynapse[] receptors = [new("drive", DefinedSynapse.Create("exponential-conductance")), new("syn", DefinedSynapse.Create(synapse))];
        var euler = Integrator.All.First(static i => i.Name == "exponential-euler");
        var surrogate = neurons.Create<ISurrogate>("sigmoid");
        PopulationDefinition Population(string name, int count, string model, NamedSynapse[]? on, NamedSynapse[]? from) =>
            new(name, count, ModelTracer.Trace(name, neurons.Create<INeuronModel>(model), surrogate, null, on, from), euler, new Dictionary<string, double[]>());
        var random = new System.Random(3);
        float[] Weights(int count, double mean) => [.. Enumerable.Range(0, count).Select(_ => (float)(mean * (0.5 + random.NextDouble())))];
        var graded = synapse == "gap-junction";
        return new(
            1,
            [new("in", 4, PortKind.Event)],
            [Population("cells", Cells, "generalized-integrate-and-fire", receptors, hasRelease ? [receptors[1]] : null), Population("out", 2, "leaky-readout", null, null)],
            [
                new("in.cells", "in", "", "cells", "drive.in", null, Weights(4 * Cells, 0.004), 0) { Trainable = true },
                new("among", "cells", graded ? "V" : "spike", "cells", "syn.in", null, Weights(Cells * Cells, synapse.EndsWith("current", StringComparison.Ordinal) ? 0.02 : 0.001), 2) { Trainable = true },
                new("cells.out", "cells", hasRelease ? "syn.release.sent" : "spike", "out", "in", null, Weights(2 * Cells, 0.3), 1) { Trainable = true },
            ]);
    }
}
