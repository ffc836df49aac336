using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>What potentials outside their bounds cost, against the potentials that were recorded, and its derivative, against finite differences.</summary>
public sealed class VoltageRegularizerTests
{
    private const int Steps = 40;
    private const int Lanes = 4;

    private static readonly VoltageRegularizer Narrow = new(0.01, -61, -58);

    [Fact]
    public void The_loss_is_the_mean_square_of_how_far_recorded_potentials_lie_outside()
    {
        var program = Program(Narrow, smooth: false);
        var coordinates = program.InitialCoordinates();
        using var batch = NetworkBatch.Open(program, new(Steps, Lanes, 1));
        var chunk = WrittenTrials.Random(Steps, 4, Lanes, seed: 5);
        batch.Run(coordinates, [chunk], new double[program.Coordinates]);
        var cost = batch.RegularizerLoss;
        var record = batch.Record(coordinates, chunk, new([new("E", "V", [0, 1, 2, 3, 4]), new("I", "V", [0, 1, 2])]) { Lanes = Lanes });
        var outside = record.Traces.Select(static population => population.SelectMany(static lane => lane.SelectMany(static unit => unit)).Select(Excess).ToList()).ToList();
        Assert.All(outside, static o => Assert.True(o.Any(static x => x > 0) && o.Any(static x => x < 0)));
        var expected = outside.Sum(static o => Narrow.Weight * o.Average(static x => x * x)) * Lanes;
        Assert.Equal(expected, cost, 1e-12 * expected);
    }

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(0L)]
    public void The_gradient_is_the_derivative_of_what_potentials_cost(long budget)
    {
        var program = Program(Narrow, smooth: true);
        var coordinates = program.InitialCoordinates();
        using var batch = NetworkBatch.Open(program, new(Steps, Lanes, 1) { MemoryBudget = budget });
        double CostOf(double[] at, double[] gradient)
        {
            batch.Run(at, [new Unread(WrittenTrials.Random(Steps, 4, Lanes, seed: 5))], gradient);
            return batch.RegularizerLoss;
        }

        var (gradient, ignored) = (new double[coordinates.Length], new double[coordinates.Length]);
        Assert.True(CostOf(coordinates, gradient) > 0);
        for (var i = 0; i < coordinates.Length; i++)
        {
            double At(double by)
            {
                double[] moved = [.. coordinates];
                moved[i] += by;
                return CostOf(moved, ignored);
            }

            var h = 1e-4 * Math.Max(Math.Abs(coordinates[i]), 1e-3);
            var expected = ((8 * (At(h) - At(-h))) - (At(2 * h) - At(-2 * h))) / (12 * h);
            Assert.True(Math.Abs(gradient[i] - expected) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-2 * gradient.Max(Math.Abs)), $"coordinate {i}: {gradient[i]} instead of {expected}");
        }
    }

    [Fact]
    public void Potentials_within_the_bounds_cost_nothing_and_change_no_bit_of_the_gradient()
    {
        double[] Gradient(VoltageRegularizer? regularizer)
        {
            var program = Program(regularizer, smooth: false);
            var gradient = new double[program.Coordinates];
            using var batch = NetworkBatch.Open(program, new(Steps, Lanes, 1));
            batch.Run(program.InitialCoordinates(), [WrittenTrials.Random(Steps, 4, Lanes, seed: 5)], gradient);
            Assert.Equal(regularizer == Narrow, batch.RegularizerLoss > 0);
            return gradient;
        }

        var free = Gradient(null);
        Assert.Contains(free, static g => g != 0);
        Assert.Equal(free, Gradient(new(1, -1000, 1000)));
        Assert.NotEqual(free, Gradient(Narrow));
    }

    private static double Excess(double potential) => potential > Narrow.Upper ? potential - Narrow.Upper : potential < Narrow.Lower ? potential - Narrow.Lower : 0;

    private static NetworkProgram Program(VoltageRegularizer? regularizer, bool smooth) =>
        new(WrittenNetwork.Everything(new(1)), Precision.Double, new() { Training = true, Smooth = smooth, Observed = ["out"], Voltages = regularizer });

    /// <summary>Trials of which nothing is read out, so that the potentials alone make the loss.</summary>
    private sealed class Unread(WrittenTrials trials) : INetworkTrials
    {
        public int FirstLane => trials.FirstLane;

        public int Trials => trials.Trials;

        public int BatchTrials => trials.BatchTrials;

        public IReadOnlyList<INetworkReadout> Readouts => [];

        public void Read(int input, int step, Span<float> row) => trials.Read(input, step, row);
    }
}
