using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class LevenbergMarquardtTests
{
    [Fact]
    public void Linear_least_squares_are_solved_in_one_undamped_step()
    {
        var line = SquareProblem.Linear([[1, 1], [1, 2], [1, 3], [1, 5]], [1.1, 1.9, 3.2, 4.7]);

        // Intercept and slope by the textbook: sums of t 11, t^2 39, y 10.9, t y 38.
        const double slope = ((4 * 38.0) - (11 * 10.9)) / ((4 * 39) - (11 * 11));
        const double intercept = (10.9 - (slope * 11)) / 4;
        var optimizer = Drive.Create("levenberg-marquardt", ("damping", 0.0));
        Assert.Equal(2, line.Minimize(optimizer, Drive.Problem([40, -70])));
        Assert.Equal(intercept, optimizer.Best[0], 1e-12);
        Assert.Equal(slope, optimizer.Best[1], 1e-12);
        Assert.Equal(OptimizerStatus.Converged, optimizer.Status);
    }

    [Theory]
    [InlineData(0, 9, 0.0, 9.0)]
    [InlineData(-9, 1, -9.0, 0.5)]
    public void Bounds_are_met_by_the_minimum_within_them(double lower0, double upper0, double lower1, double upper1)
    {
        // (x + y - 1)^2 + (x - y - 3)^2 has its minimum at (2, -1).
        var problem = SquareProblem.Linear([[1, 1], [1, -1]], [1, 3]);
        var optimizer = Drive.Create("levenberg-marquardt");
        problem.Minimize(optimizer, Drive.Problem([(lower0 + upper0) / 2, (lower1 + upper1) / 2], [lower0, lower1], [upper0, upper1]));

        // With y >= 0 it is (2, 0); with x <= 1 it is (1, -1): the sum of squares has no mixed term.
        Assert.Equal(Math.Min(upper0, 2), optimizer.Best[0], 1e-9);
        Assert.Equal(Math.Max(lower1, -1), optimizer.Best[1], 1e-9);
        Assert.True(optimizer.Best[1] == lower1 || optimizer.Best[0] == upper0, "a bound is met exactly");
    }

    [Fact]
    public void Random_linear_problems_in_a_box_satisfy_the_first_order_conditions()
    {
        var random = new Testing.Fakes.CountingStream(3);
        for (var trial = 0; trial < 50; trial++)
        {
            const int n = 6;
            double[][] rows = [.. Enumerable.Range(0, 9).Select(_ => Enumerable.Range(0, n).Select(_ => random.Normal()).ToArray())];
            var problem = SquareProblem.Linear(rows, [.. rows.Select(_ => 3 * random.Normal())]);
            var optimizer = Drive.Create("levenberg-marquardt", ("damping", 0.0));
            problem.Minimize(optimizer, Drive.Box([.. Enumerable.Range(0, n).Select(_ => random.Uniform())], 0, 1));
            var gradient = problem.Evaluate(optimizer.Best).Gradient!;
            Assert.Contains(optimizer.Best, static v => v is 0 or 1);
            for (var i = 0; i < n; i++)
            {
                Assert.True(optimizer.Best[i] switch { 0 => gradient[i] > -1e-9, 1 => gradient[i] < 1e-9, _ => Math.Abs(gradient[i]) < 1e-9 }, $"{trial}: {gradient[i]} at {optimizer.Best[i]}");
            }
        }
    }

    [Fact]
    public void Classical_problems_are_solved_from_their_starts()
    {
        foreach (var (problem, start, minimum, most) in SquareProblem.Classical)
        {
            var optimizer = Drive.Create("levenberg-marquardt");
            var count = problem.Minimize(optimizer, Drive.Problem(start));
            Assert.True(Math.Abs(optimizer.BestLoss - minimum) <= (1e-5 * minimum) + 1e-11, $"{problem.Name}: {optimizer.BestLoss} instead of {minimum}, {optimizer.Reason}");
            Assert.True(count <= most, $"{problem.Name} took {count} evaluations");
        }
    }

    [Fact]
    public void A_scale_of_a_coordinate_changes_no_step()
    {
        var (problem, start, _, _) = SquareProblem.Classical[0];
        var scaled = new SquareProblem("scaled", x => problem.Residuals([1e6 * x[0], x[1]]), x => [.. problem.Jacobian([1e6 * x[0], x[1]]).Select(static r => new[] { 1e6 * r[0], r[1] })]);
        var (plain, other) = (Drive.Create("levenberg-marquardt"), Drive.Create("levenberg-marquardt"));
        plain.Begin(Drive.Problem(start));
        other.Begin(Drive.Problem([start[0] / 1e6, start[1]]));
        for (var i = 0; i < 10; i++)
        {
            var (x, y) = (plain.Ask()[0], other.Ask()[0]);
            Assert.Equal(x[0], 1e6 * y[0], 1e-6);
            Assert.Equal(x[1], y[1], 1e-6);
            plain.Tell([problem.Evaluate(x)]);
            other.Tell([scaled.Evaluate(y)]);
        }
    }

    [Fact]
    public void A_candidate_whose_loss_is_not_finite_is_stepped_back_from()
    {
        var rosenbrock = SquareProblem.Classical[0].Problem;
        var walled = rosenbrock with { Residuals = x => x[1] > 1.0001 ? [double.NaN, double.NaN] : rosenbrock.Residuals(x) };
        var optimizer = Drive.Create("levenberg-marquardt", ("damping", 0.0));
        walled.Minimize(optimizer, Drive.Problem([-1.2, 1]));
        Assert.InRange(optimizer.BestLoss, 0, 1e-18);
        var nowhere = rosenbrock with { Residuals = static _ => [double.NaN, double.NaN] };
        optimizer = Drive.Create("levenberg-marquardt");
        nowhere.Minimize(optimizer, Drive.Problem([-1.2, 1]));
        Assert.Equal(OptimizerStatus.Failed, optimizer.Status);
    }

    [Fact]
    public void Restored_before_every_evaluation_it_ends_with_the_same_bits()
    {
        var (problem, start, _, _) = SquareProblem.Classical[0];
        var straight = Drive.Create("levenberg-marquardt");
        var broken = Drive.Create("levenberg-marquardt");
        straight.Begin(Drive.Box(start, -1.5, 0.9));
        broken.Begin(Drive.Box(start, -1.5, 0.9));
        var steps = 0;
        for (; straight.Status == OptimizerStatus.Running; steps++)
        {
            broken = Again(broken);
            Assert.Equal(straight.Ask()[0], broken.Ask()[0]);
            straight.Tell([problem.Evaluate(straight.Ask()[0])]);
            broken.Tell([problem.Evaluate(broken.Ask()[0])]);
        }

        Assert.True(steps > 5);
        Assert.Equal(Drive.Saved(straight), Drive.Saved(broken));

        static IOptimizer Again(IOptimizer optimizer)
        {
            var again = Drive.Create("levenberg-marquardt");
            Drive.Restore(again, Drive.Saved(optimizer));
            return again;
        }
    }
}
