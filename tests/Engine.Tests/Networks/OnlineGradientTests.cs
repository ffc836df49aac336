using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Models;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Gradients that are found while time runs forward, against backpropagation through time.</summary>
public sealed class OnlineGradientTests
{
    private const int Steps = 60;

    /// <summary>
    /// For these cells D-RTRL leaves out the gradient through recurrent spikes and nothing else. Backpropagation leaves it out too where these
    /// spikes come from outside, as they were recorded.
    /// </summary>
    [Theory]
    [InlineData(OnlineRule.Diagonal, 1, 0)]
    [InlineData(OnlineRule.Diagonal, 3, 0)]
    [InlineData(OnlineRule.Diagonal, 16, 2)]
    [InlineData(OnlineRule.EligibilityPropagation, 3, 0)]
    [InlineData(OnlineRule.EligibilityPropagation, 8, 3)]
    public void Traces_give_all_but_the_gradient_through_recurrent_spikes(OnlineRule rule, int lanes, int readoutDelay)
    {
        var network = WrittenNetwork.Recurrent(new(1), readoutDelay);
        var (gradient, spikes) = Run(Program(network, new(rule)), lanes);
        Assert.All(spikes, static s => Assert.True(s > 20));
        var expected = ReplayedGradient.Of(network, WrittenTrials.Random(Steps, 4, lanes, seed: 5), Steps);
        Equal(expected, gradient, 1e-9);

        // Of the weights that end on cells, what is left out is a part that counts.
        var cells = gradient.Length - 18;
        var whole = Run(Program(network, null), lanes).Gradient;
        Assert.True(whole[..cells].Zip(gradient).Max(static p => Math.Abs(p.First - p.Second)) > 1e-2 * whole[..cells].Max(Math.Abs));
    }

    [Theory]
    [InlineData(OnlineRule.Diagonal)]
    [InlineData(OnlineRule.EligibilityPropagation)]
    public void Without_recurrent_connections_traces_give_the_gradient(OnlineRule rule)
    {
        var network = WrittenNetwork.Recurrent(new(2));
        network = network with { Projections = [.. network.Projections.Where(static p => p.Name is not ("E.E" or "E.I" or "I.E"))] };
        var (gradient, spikes) = Run(Program(network, new(rule)), 4);
        Assert.All(spikes, static s => Assert.True(s > 20));
        Equal(Run(Program(network, null), 4).Gradient, gradient, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Real_time_recurrent_learning_gives_the_gradient(int lanes)
    {
        foreach (var network in new[] { WrittenNetwork.Everything(new(4)), WrittenNetwork.Recurrent(new(4), readoutDelay: 2) })
        {
            var (gradient, spikes) = Run(Program(network, new(OnlineRule.RealTimeRecurrent)), lanes);
            Assert.All(spikes, static s => Assert.True(s > 10));
            Equal(Run(Program(network, null), lanes).Gradient, gradient, 1e-9);
        }
    }

    /// <summary>
    /// Factor pairs, and signals that come through a layer by them, are approximations: they must point where the gradient does. The figures are
    /// what was measured, less a tenth.
    /// </summary>
    [Theory]
    [InlineData(OnlineRule.Factored, 0.45, 0.63)]
    [InlineData(OnlineRule.Diagonal, 0.69, 0.99)]
    public void Signals_that_come_through_a_layer_point_where_the_gradient_does(OnlineRule rule, double first, double second)
    {
        var network = WrittenNetwork.Layered(new(6));
        var program = Program(network, new(rule));
        var (gradient, _) = Run(program, 16, populations: ["first", "second"]);
        var expected = Run(Program(network, null), 16, populations: ["first", "second"]).Gradient;
        var (a, b) = (Cosine(expected[..32], gradient[..32]), Cosine(expected[32..96], gradient[32..96]));
        Assert.True(a > first && b > second, FormattableString.Invariant($"{a:f3} and {b:f3}"));
    }

    [Theory]
    [InlineData(OnlineRule.Factored, 0.48)]
    public void Factor_pairs_point_where_the_gradient_does(OnlineRule rule, double least)
    {
        var network = WrittenNetwork.Recurrent(new(7));
        var (gradient, spikes) = Run(Program(network, new(rule)), 16);
        Assert.All(spikes, static s => Assert.True(s > 20));
        var expected = Run(Program(network, new(OnlineRule.Diagonal)), 16).Gradient;
        var cells = gradient.Length - 18;
        var cosine = Cosine(expected[..cells], gradient[..cells]);
        Assert.True(cosine > least, FormattableString.Invariant($"{cosine:f3}"));
    }

    [Fact]
    public void Steps_taken_in_pieces_have_the_gradient_of_the_whole()
    {
        var program = Program(WrittenNetwork.Recurrent(new(3), readoutDelay: 2), new(OnlineRule.Diagonal));
        var whole = Run(program, 3).Gradient;
        foreach (var piece in new[] { 1, 7, 16, 59 })
        {
            using var batch = OnlineBatch.Open(program, new(3, 1, 1, default));
            var trials = WrittenTrials.Random(Steps, 4, 3, seed: 5);
            var (coordinates, gradient, sum) = (program.InitialCoordinates(), new double[program.Coordinates], new double[program.Coordinates]);
            batch.Begin(coordinates);
            for (var first = 0; first < Steps; first += piece)
            {
                batch.Advance(coordinates, [trials], first, Math.Min(piece, Steps - first), first + piece >= Steps, gradient);
                sum = [.. sum.Zip(gradient, static (a, b) => a + b)];
            }

            Equal(whole, sum, 1e-12);
        }
    }

    private static double Cosine(double[] a, double[] b)
    {
        double Product(double[] x, double[] y) => x.Zip(y, static (p, q) => p * q).Sum();
        return Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
    }

    internal static (double[] Gradient, long[] Spikes) Run(NetworkProgram program, int lanes, int threads = 1, int steps = Steps, params string[] populations)
    {
        using var batch = NetworkBatch.Open(program, new(steps, lanes, threads));
        var gradient = new double[program.Coordinates];
        batch.Run(program.InitialCoordinates(), [WrittenTrials.Random(steps, 4, lanes, seed: 5)], gradient);
        return (gradient, [.. (populations is [] ? ["E", "I"] : populations).Select(p => batch.SpikeCounts(p).Sum(static c => c.Sum()))]);
    }

    internal static NetworkProgram Program(NetworkDefinition network, OnlineMethod? method, Precision precision = Precision.Double) =>
        new(network, precision, new() { Training = true, Online = method, Observed = ["out"] });

    internal static void Equal(double[] expected, double[] actual, double tolerance)
    {
        var largest = expected.Max(Math.Abs);
        Assert.True(largest > 0);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * largest, $"coordinate {i}: {actual[i]} instead of {expected[i]}, the largest is {largest}");
        }
    }
}
