using System.Numerics;
using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

/// <summary>What optimisers that take one gradient a step share, and gradient descent itself.</summary>
public sealed class FirstOrderTests
{
    private static readonly string[] Names = ["adam", "adamw", "sgd"];

    public static TheoryData<string> All => [.. Names];

    [Fact]
    public void Weight_decay_shrinks_coordinates_beside_the_step_of_adam()
    {
        var optimizer = Drive.Create("adamw", ("learningRate", 0.1), ("epsilon", 0.01), ("weightDecay", 0.2));
        optimizer.Begin(Drive.Problem([1, -1]));
        optimizer.Tell([new(5, [0.5, -2])]);
        var first = optimizer.Ask()[0].ToArray();
        Assert.Equal(1 - (0.1 * ((0.5 / 0.51) + 0.2)), first[0], 1e-14);
        Assert.Equal(-1 + (0.1 * ((2 / 2.01) + 0.2)), first[1], 1e-14);

        // Where the gradient vanishes from the start, only the decay is left.
        optimizer.Begin(Drive.Problem([3]));
        for (var k = 1; k <= 20; k++)
        {
            optimizer.Tell([new(1, [0])]);
            Assert.Equal(3 * Math.Pow(1 - (0.1 * 0.2), k), optimizer.Ask()[0][0], 1e-13);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    [InlineData(0.2, true)]
    public void Quadratic_is_descended_into_by_the_closed_form(double momentum, bool nesterov)
    {
        // The distance e from the minimum of lambda x^2 / 2 obeys e_(k+1) = (a + momentum b) e_k - momentum b e_(k-1) with a = 1 - rate lambda and
        // b = 1, or a with the look ahead: a sum of powers of the two roots of z^2 - (a + momentum b) z + momentum b.
        const double Rate = 0.05, Curvature = 3, Start = 2;
        var optimizer = Drive.Create("sgd", ("learningRate", Rate), ("momentum", momentum), ("nesterov", nesterov));
        optimizer.Begin(Drive.Problem([Start]));
        var a = 1 - (Rate * Curvature);
        var b = nesterov ? a : 1;
        var half = (a + (momentum * b)) / 2;
        var spread = Complex.Sqrt((half * half) - (momentum * b));
        var (z1, z2) = (half + spread, half - spread);
        var e1 = Start * (1 - (Rate * Curvature * (nesterov ? 1 + momentum : 1)));
        var c1 = (e1 - (z2 * Start)) / (z1 - z2);
        for (var k = 0; k <= 200; k++)
        {
            var x = optimizer.Ask()[0][0];
            Assert.Equal(((c1 * Complex.Pow(z1, k)) + ((Start - c1) * Complex.Pow(z2, k))).Real, x, 1e-12);
            optimizer.Tell([new(Curvature * x * x / 2, [Curvature * x])]);
        }
    }

    [Theory]
    [InlineData("constant", 0)]
    [InlineData("step", 0)]
    [InlineData("exponential", 3)]
    [InlineData("cosine", 4)]
    [InlineData("constant", 6)]
    public void Step_has_the_length_of_the_schedule(string schedule, int warmUp)
    {
        foreach (var name in Names)
        {
            // With momentum and gradient constant a step's length is the rate.
            (string, object)[] kind = name == "sgd" ? [("momentum", 0.0)] : name == "adam" ? [("epsilon", 0.0)] : [("epsilon", 0.0), ("weightDecay", 0.0)];
            var optimizer = Drive.Create(name,
                [("learningRate", 0.5), ("schedule", schedule), ("decayFactor", 0.2), ("decaySteps", 8), ("warmUpSteps", warmUp), .. kind]);
            optimizer.Begin(Drive.Problem([0]));
            var before = 0.0;
            for (var k = 0; k < 40; k++)
            {
                optimizer.Tell([new(1 - k, [1])]);
                var x = optimizer.Ask()[0][0];
                var decay = (k - warmUp) / 8.0;
                var expected = k < warmUp ? (k + 1.0) / warmUp : schedule switch
                {
                    "step" => Math.Pow(0.2, (k - warmUp) / 8),
                    "exponential" => Math.Pow(0.2, decay),
                    "cosine" => decay < 1 ? 0.6 + (0.4 * Math.Cos(Math.PI * decay)) : 0.2,
                    _ => 1,
                };
                Assert.Equal(0.5 * expected, before - x, 1e-12);
                before = x;
            }
        }
    }

    [Fact]
    public void Gradient_longer_than_the_limit_is_scaled_to_it()
    {
        var optimizer = Drive.Create("sgd", ("learningRate", 0.1), ("momentum", 0.0), ("clip", 2.5));
        optimizer.Begin(Drive.Problem([0, 0, 0, 0, 0]));
        optimizer.Tell([new(1, [3, 0, 0, 0, 4])]);
        Assert.Equal([-0.15, 0, 0, 0, -0.2], optimizer.Ask()[0], static (a, b) => Math.Abs(a - b) < 1e-15);
        optimizer.Tell([new(1, [0, 1, 0, 0, 0])]);
        Assert.Equal(-0.1, optimizer.Ask()[0][1], 1e-15);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Coordinate_steps_the_same_whatever_is_beside_it(string name)
    {
        for (var n = 1; n <= 11; n++)
        {
            for (var place = 0; place < n; place++)
            {
                var (alone, beside) = (Drive.Create(name), Drive.Create(name));
                alone.Begin(Drive.Problem([0.7]));
                beside.Begin(Drive.Problem([.. Enumerable.Range(0, n).Select(i => i == place ? 0.7 : i)]));
                for (var k = 0; k < 5; k++)
                {
                    alone.Tell([new(1, [Math.Cos(k)])]);
                    beside.Tell([new(1, [.. Enumerable.Range(0, n).Select(i => i == place ? Math.Cos(k) : -i)])]);
                }

                Assert.Equal(alone.Ask()[0][0], beside.Ask()[0][place]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Last_step_can_be_asked_for_after_the_end(string name)
    {
        var (stopped, going) = (Drive.Create(name, ("maxIterations", 2)), Drive.Create(name));
        foreach (var optimizer in new[] { stopped, going })
        {
            optimizer.Begin(Drive.Problem([1, 2]));
            optimizer.Tell([new(3, [0.5, -0.5])]);
            optimizer.Tell([new(2, [0.25, -0.5])]);
        }

        Assert.Equal(OptimizerStatus.Exhausted, stopped.Status);
        Assert.Equal(going.Ask()[0], stopped.Ask()[0]);
        Assert.NotEqual(stopped.Best, stopped.Ask()[0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Steps_allocate_nothing_and_stay_in_bounds(string name)
    {
        var start = new double[1003];
        IReadOnlyList<Evaluation>[] found = [.. Enumerable.Range(0, 60).Select(k => (IReadOnlyList<Evaluation>)[new(-k, [.. start.Select((_, i) => i % 2 == 0 ? -1.0 : 1)])])];
        var optimizer = Drive.Create(name, ("clip", 1.0), ("schedule", "cosine"));

        // What steps allocate they allocate in every attempt. In one run of all tests a single one counted 8176 bytes, which is none of theirs: none of their arrays is of that size.
        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            optimizer.Begin(Drive.Box(start, -0.05, 0.02));
            optimizer.Tell(found[0]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var evaluation in found)
            {
                optimizer.Ask();
                optimizer.Tell(evaluation);
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
        Assert.All(optimizer.Ask()[0], static x => Assert.InRange(x, -0.05, 0.02));
        Assert.Contains(0.02, optimizer.Ask()[0]);
        Assert.Contains(-0.05, optimizer.Ask()[0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradient_of_another_length_is_refused(string name)
    {
        var optimizer = Drive.Create(name);
        optimizer.Begin(Drive.Problem([1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Tell([new(1, [1, 2, 3])]));
    }
}
