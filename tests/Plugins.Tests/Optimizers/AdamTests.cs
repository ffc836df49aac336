using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class AdamTests
{
    private static readonly TestFunction Bowl = new(
        static x => ((x[0] - 0.3) * (x[0] - 0.3)) + (4 * (x[1] - 2) * (x[1] - 2)),
        static x => [2 * (x[0] - 0.3), 8 * (x[1] - 2)]);

    [Fact]
    public void First_two_steps_are_those_of_the_published_algorithm()
    {
        var optimizer = Drive.Create("adam", ("learningRate", 0.1), ("epsilon", 0.01));
        optimizer.Begin(Drive.Problem([1, -1]));
        optimizer.Tell([new(5, [0.5, -2])]);

        // After one step the bias corrections leave m = g and v = g^2.
        var first = optimizer.Ask()[0].ToArray();
        Assert.Equal(1 - (0.1 * 0.5 / 0.51), first[0], 1e-14);
        Assert.Equal(-1 + (0.1 * 2 / 2.01), first[1], 1e-14);

        var (x0, previous) = (first[0], first[0]);
        optimizer.Tell([new(4, [-0.25, 0])]);
        var m = ((0.9 * 0.1 * 0.5) + (0.1 * -0.25)) / (1 - 0.81);
        var v = ((0.999 * 0.001 * 0.25) + (0.001 * 0.0625)) / (1 - (0.999 * 0.999));
        Assert.Equal(previous - (0.1 * m / (Math.Sqrt(v) + 0.01)), optimizer.Ask()[0][0], 1e-12);
        Assert.NotEqual(x0, optimizer.Ask()[0][0]);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void Best_point_is_the_one_whose_loss_was_least_whatever_came_after(string name)
    {
        var optimizer = Drive.Create(name, ("learningRate", 0.1));
        optimizer.Begin(Drive.Problem([1, -1, 3, 2, 5]));
        var asked = new List<double[]>();
        foreach (var loss in (double[])[5, 4, 6, 3, 7, 8])
        {
            asked.Add([.. optimizer.Ask()[0]]);
            optimizer.Tell([new(loss, [0.5, -2, 1, loss, -0.3])]);
        }

        Assert.Equal(3, optimizer.BestLoss);
        Assert.Equal(asked[3], optimizer.Best);
        Assert.Equal(6, asked.Append(optimizer.Ask()[0]).Select(static x => x[1]).Distinct().Count() - 1);
    }

    [Fact]
    public void Bowl_is_descended_into_and_an_active_bound_is_met_exactly()
    {
        var optimizer = Drive.Create("adam", ("learningRate", 0.02), ("maxIterations", 3000));
        var count = Drive.ToTheEnd(optimizer, Bowl, Drive.Box([0.9, 0.1], 0, 1));

        Assert.Equal(3000, count);
        Assert.Equal(OptimizerStatus.Exhausted, optimizer.Status);
        Assert.Equal(0.3, optimizer.Best[0], 1e-4);
        Assert.Equal(1, optimizer.Best[1]);
    }

    [Fact]
    public void Candidate_that_is_not_finite_sends_it_back_to_the_best_point_with_half_the_step()
    {
        var optimizer = Drive.Create("adam", ("learningRate", 0.5));
        optimizer.Begin(Drive.Problem([0]));
        optimizer.Tell([new(1, [1])]);
        Assert.Equal(-0.5, optimizer.Ask()[0][0], 1e-6);
        optimizer.Tell([new(double.NaN, [double.NaN])]);
        Assert.Equal([0], optimizer.Ask()[0]);
        optimizer.Tell([new(1, [1])]);
        Assert.InRange(optimizer.Ask()[0][0], -0.25, -0.05);
    }

    [Fact]
    public void Loss_that_is_never_finite_is_a_failure_with_a_reason()
    {
        var optimizer = Drive.Create("adam");
        optimizer.Begin(Drive.Problem([0]));
        optimizer.Tell([new(double.NaN, [0])]);
        Assert.Equal(OptimizerStatus.Failed, optimizer.Status);
        Assert.Contains("not finite", optimizer.Reason, StringComparison.Ordinal);
    }
}
