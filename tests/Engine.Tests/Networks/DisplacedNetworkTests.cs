using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Models;
using BrainModular.Symbolics;
using Xunit;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Networks whose events make potentials jump, so that what arrives can make a unit spike in the same step.</summary>
public sealed class DisplacedNetworkTests
{
    private const int Steps = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_gradient_is_the_derivative_of_the_smooth_loss(int lanes)
    {
        var program = Program(DisplacedNetwork.Of(new(1)), smooth: true);
        var coordinates = program.InitialCoordinates();
        var (_, gradient) = Run(program, coordinates, lanes);
        for (var i = 0; i < coordinates.Length; i++)
        {
            var h = 3e-4 * Math.Max(Math.Abs(coordinates[i]), 1e-3);
            double Difference(double by) => Run(program, NetworkGradientTests.Moved(coordinates, i, by), lanes).Loss - Run(program, NetworkGradientTests.Moved(coordinates, i, -by), lanes).Loss;
            var expected = ((8 * Difference(h)) - Difference(2 * h)) / (12 * h);
            Assert.True(Math.Abs(gradient[i] - expected) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-2 * gradient.Max(Math.Abs)), $"coordinate {i}: {gradient[i]} instead of {expected}");
        }
    }

    [Fact]
    public void Sparse_connections_of_every_pair_give_what_dense_weights_give()
    {
        var dense = DisplacedNetwork.Of(new(2));
        var sparse = dense with { Projections = [.. dense.Projections.Select(p => p.Connections is null ? p with { Connections = NetworkGradientTests.AllToAll(dense.CountOf(p.Source), dense.CountOf(p.Target)) } : p)] };
        var (expected, actual) = (Run(Program(dense), Program(dense).InitialCoordinates(), 4), Run(Program(sparse), Program(sparse).InitialCoordinates(), 4));
        Assert.Equal(expected.Loss, actual.Loss, 1e-9 * expected.Loss);
        OnlineGradientTests.Equal(expected.Gradient, actual.Gradient, 1e-9);
    }

    [Theory]
    [InlineData(OnlineRule.Diagonal)]
    [InlineData(OnlineRule.EligibilityPropagation)]
    public void Traces_give_all_but_the_gradient_through_recurrent_spikes(OnlineRule rule)
    {
        var network = DisplacedNetwork.Of(new(3));
        var (gradient, spikes) = OnlineGradientTests.Run(OnlineGradientTests.Program(network, new(rule)), 3, steps: Steps);
        Assert.All(spikes, static s => Assert.True(s > 20));
        OnlineGradientTests.Equal(ReplayedGradient.Of(network, WrittenTrials.Random(Steps, 4, 3, seed: 5), Steps), gradient, 1e-9);
    }

    [Fact]
    public void Real_time_recurrent_learning_gives_the_gradient()
    {
        var network = DisplacedNetwork.Of(new(4));
        var (gradient, spikes) = OnlineGradientTests.Run(OnlineGradientTests.Program(network, new(OnlineRule.RealTimeRecurrent)), 2, steps: Steps);
        Assert.All(spikes, static s => Assert.True(s > 10));
        OnlineGradientTests.Equal(OnlineGradientTests.Run(OnlineGradientTests.Program(network, null), 2, steps: Steps).Gradient, gradient, 1e-9);
    }

    [Theory]
    [InlineData(OnlineRule.Factored, 0.3)]
    [InlineData(OnlineRule.Diagonal, 0.3)]
    public void Online_methods_point_where_the_gradient_does(OnlineRule rule, double least)
    {
        var network = DisplacedNetwork.Of(new(5));
        var gradient = OnlineGradientTests.Run(OnlineGradientTests.Program(network, new(rule)), 16, steps: Steps).Gradient[..^18];
        var expected = OnlineGradientTests.Run(OnlineGradientTests.Program(network, null), 16, steps: Steps).Gradient[..^18];
        double Product(double[] x, double[] y) => x.Zip(y, static (p, q) => p * q).Sum();
        var cosine = Product(gradient, expected) / Math.Sqrt(Product(gradient, gradient) * Product(expected, expected));
        Assert.True(cosine > least, FormattableString.Invariant($"{cosine:f3}"));
    }

    [Fact]
    public void An_event_can_make_a_unit_spike_in_the_step_in_which_it_arrives_and_is_lost_while_it_is_refractory()
    {
        // One channel and a weight above the distance to the threshold: a spike in every step but 13 and 14, in which the cell says that it is refractory.
        var network = new NetworkDefinition(
            1, [new("in", 1, PortKind.Event)], [DisplacedNetwork.Of(new(1)).Population("I") with { Count = 1 }, WrittenNetwork.Population("out", 1, WrittenNetwork.Readout)],
            [new("in.I", "in", "", "I", "jump.in", null, [20], 0), new("I.out", "I", "spike", "out", "in", null, [1], 0)]);
        var program = new NetworkProgram(network, Precision.Double, new());
        using var batch = NetworkBatch.Open(program, new(20, 1, 1));
        var record = batch.Record(program.InitialCoordinates(), WrittenTrials.Random(20, 1, 1, seed: 1, probability: 2), new([], 1));
        Assert.Equal(Enumerable.Range(0, 20).Where(static t => t is not (13 or 14)), record.Spikes["I"].Select(static s => s.Step));
    }

    [Fact]
    public void A_potential_that_is_a_pure_number_is_not_displaced()
    {
        var number = new WrittenModel(static scope =>
        {
            var v = scope.State("V", 0, Unit.One, "");
            v.Rate = -v / (8 * ms);
        });
        var fault = Assert.Throws<DiagnosticException>(() => WrittenNetwork.Population("cells", 1, number, [new("jump", WrittenNetwork.Delta())])).Diagnostics[0];
        Assert.Equal("BM4312", fault.Id);
        Assert.Contains("V", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_displacement_has_to_be_a_potential()
    {
        var fault = Assert.Throws<DiagnosticException>(() => WrittenNetwork.Population("cells", 1, WrittenNetwork.Cell, [new("jump", WrittenNetwork.Delta(nA))])).Diagnostics[0];
        Assert.Equal("BM4309", fault.Id);
        Assert.StartsWith("jump: ", fault.Problem, StringComparison.Ordinal);
    }

    private static NetworkProgram Program(NetworkDefinition network, bool smooth = false) =>
        new(network, Precision.Double, new() { Training = true, Smooth = smooth, Observed = ["out"] });

    private static (double Loss, double[] Gradient) Run(NetworkProgram program, double[] coordinates, int lanes)
    {
        using var batch = NetworkBatch.Open(program, new(Steps, lanes, 1));
        var trials = WrittenTrials.Random(Steps, 4, lanes, seed: 5);
        var gradient = new double[program.Coordinates];
        batch.Run(coordinates, [trials], gradient);
        Assert.True(batch.SpikeCounts("E").Sum(static c => c.Sum()) > 0);
        return (trials.Loss, gradient);
    }
}
