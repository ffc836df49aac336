using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>The gradient of whole networks, against finite differences and against itself in other arrangements.</summary>
public sealed class NetworkGradientTests
{
    private const int Steps = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_gradient_of_a_network_is_the_derivative_of_its_smooth_loss(int lanes)
    {
        var program = Program(WrittenNetwork.Everything(new(1)), smooth: true);
        var coordinates = program.InitialCoordinates();
        var (loss, gradient, spikes) = Run(program, coordinates, lanes);
        Assert.True(spikes > 0);
        Assert.True(loss > 0);
        for (var i = 0; i < coordinates.Length; i++)
        {
            var h = 3e-4 * Math.Max(Math.Abs(coordinates[i]), 1e-3);
            double Difference(double by) => Run(program, Moved(coordinates, i, by), lanes).Loss - Run(program, Moved(coordinates, i, -by), lanes).Loss;
            var expected = ((8 * Difference(h)) - Difference(2 * h)) / (12 * h);
            Assert.True(Math.Abs(gradient[i] - expected) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-2 * gradient.Max(Math.Abs)), $"coordinate {i}: {gradient[i]} instead of {expected}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Running_segments_again_gives_the_same_bits_as_storing_all_states(int lanes)
    {
        var program = Program(WrittenNetwork.Everything(new(2)), precision: Precision.Single);
        var coordinates = program.InitialCoordinates();
        var stored = Run(program, coordinates, lanes);
        var again = Run(program, coordinates, lanes, budget: 0);
        Assert.True(stored.Spikes > 0);
        Assert.Equal(stored.Loss, again.Loss);
        Assert.Equal(stored.Gradient, again.Gradient);
    }

    [Fact]
    public void A_window_as_long_as_the_trial_changes_nothing_and_a_shorter_one_does()
    {
        var program = Program(WrittenNetwork.Everything(new(3)));
        var coordinates = program.InitialCoordinates();
        var whole = Run(program, coordinates, 8).Gradient;
        Assert.Equal(whole, Run(program, coordinates, 8, window: Steps).Gradient);
        Assert.NotEqual(whole, Run(program, coordinates, 8, window: 5).Gradient);
    }

    [Fact]
    public void Sparse_connections_of_every_pair_give_what_dense_weights_give()
    {
        var dense = WrittenNetwork.Everything(new(4));
        var sparse = dense with { Projections = [.. dense.Projections.Select(p => p.Connections is null ? p with { Connections = AllToAll(dense.CountOf(p.Source), dense.CountOf(p.Target)) } : p)] };
        var expected = Run(Program(dense), Program(dense).InitialCoordinates(), 8);
        var actual = Run(Program(sparse), Program(sparse).InitialCoordinates(), 8);
        Assert.True(expected.Spikes > 0);
        Assert.Equal(expected.Loss, actual.Loss, 1e-9 * expected.Loss);
        Assert.All(expected.Gradient.Zip(actual.Gradient), p => Assert.Equal(p.First, p.Second, 1e-9 * expected.Gradient.Max(Math.Abs)));
    }

    [Fact]
    public void Threads_change_no_bit_and_a_batch_in_chunks_has_the_gradient_of_the_whole()
    {
        var program = Program(WrittenNetwork.Everything(new(5)));
        var coordinates = program.InitialCoordinates();
        WrittenTrials[] Chunks() => [.. Enumerable.Range(0, 4).Select(static c => WrittenTrials.Random(Steps, 4, 8, 10 + c))];
        var one = RunChunks(program, coordinates, Chunks(), 8, 1);
        Assert.Equal(one, RunChunks(program, coordinates, Chunks(), 8, 2));

        var merged = RunChunks(program, coordinates, [WrittenTrials.Beside(Chunks(), 4, 8)], 32, 1);
        Assert.All(one.Zip(merged), p => Assert.Equal(p.First, p.Second, 1e-9 * one.Max(Math.Abs)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(32)]
    public void Units_whose_surrogate_has_no_slope_in_a_lane_are_left_out_without_a_change(int lanes)
    {
        var network = WrittenNetwork.Everything(new(6), new TriangleStep());
        var gradient = Run(Program(network), Program(network).InitialCoordinates(), lanes).Gradient;
        var wide = WrittenNetwork.Everything(new(6), new TriangleStep(declared: false));
        Assert.Contains(gradient, static g => g != 0);
        var expected = Run(Program(wide), Program(wide).InitialCoordinates(), lanes).Gradient;
        Assert.All(expected.Zip(gradient), g => Assert.Equal(g.First, g.Second, 1e-12 * expected.Max(Math.Abs)));
    }

    [Fact]
    public void Nothing_is_allocated_in_the_loop()
    {
        var program = Program(WrittenNetwork.Everything(new(7)), precision: Precision.Single);
        var coordinates = program.InitialCoordinates();
        long Allocated(int steps)
        {
            using var batch = NetworkBatch.Open(program, new(steps, 16, 1));
            var trials = WrittenTrials.Random(steps, 4, 16, seed: 5);
            var gradient = new double[program.Coordinates];
            batch.Run(coordinates, [trials], gradient);
            var before = GC.GetAllocatedBytesForCurrentThread();
            batch.Run(coordinates, [trials], gradient);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(Allocated(400) <= Allocated(40) + 512, $"{Allocated(40)} bytes in 40 steps, {Allocated(400)} in 400");
    }

    [Fact]
    public void What_is_not_finite_is_named_by_population_variable_unit_and_step()
    {
        var program = Program(WrittenNetwork.Everything(new(8)));
        var coordinates = program.InitialCoordinates();
        coordinates[0] = double.NaN;
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Run(program, coordinates, 8)).Diagnostics);
        Assert.Equal("BM5201", fault.Id);
        Assert.Matches(@"^\S+ of unit \d of population \w+ is \S+ at step \d+", fault.Problem);
    }

    private static double[] RunChunks(NetworkProgram program, double[] coordinates, IReadOnlyList<INetworkTrials> chunks, int lanes, int threads)
    {
        using var batch = NetworkBatch.Open(program, new(Steps, lanes, threads));
        var gradient = new double[program.Coordinates];
        batch.Run(coordinates, chunks, gradient);
        return gradient;
    }

    internal static Connections AllToAll(int sources, int targets) =>
        new(sources, targets, [.. Enumerable.Range(0, sources + 1).Select(s => (long)s * targets)], [.. Enumerable.Range(0, sources * targets).Select(i => i % targets)], []);

    internal static double[] Moved(double[] coordinates, int i, double by)
    {
        double[] moved = [.. coordinates];
        moved[i] += by;
        return moved;
    }

    private static NetworkProgram Program(NetworkDefinition network, bool smooth = false, Precision precision = Precision.Double) =>
        new(network, precision, new() { Training = true, Smooth = smooth, Observed = ["out"] });

    private static (double Loss, double[] Gradient, long Spikes) Run(NetworkProgram program, double[] coordinates, int lanes, long budget = 1 << 30, int window = 0)
    {
        using var batch = NetworkBatch.Open(program, new(Steps, lanes, 1) { MemoryBudget = budget, Window = window });
        var trials = WrittenTrials.Random(Steps, 4, lanes, seed: 5);
        var gradient = new double[program.Coordinates];
        batch.Run(coordinates, [trials], gradient);
        return (trials.Loss, gradient, batch.SpikeCounts("E").Sum(static c => c.Sum()));
    }
}
