using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class LbfgsBTests
{
    /// <summary>
    /// Evaluations that SciPy 1.10.1's L-BFGS-B needs with the same settings (maxcor 10, ftol 1e-15, gtol 1e-9), without bounds and with all
    /// coordinates in [-2, 2]. Rounding decides the last digits of such a count, so a quarter more is allowed.
    /// </summary>
    [Theory]
    [InlineData(2, false, 46)]
    [InlineData(10, false, 94)]
    [InlineData(50, false, 331)]
    [InlineData(2, true, 48)]
    [InlineData(10, true, 82)]
    [InlineData(50, true, 320)]
    public void Rosenbrock_is_solved_in_about_as_many_evaluations_as_scipy_needs(int n, bool boxed, int published)
    {
        var optimizer = Drive.Create("l-bfgs-b");
        var start = Drive.RosenbrockStart(n);
        var count = Drive.ToTheEnd(optimizer, TestFunction.Rosenbrock, boxed ? Drive.Box(start, -2, 2) : Drive.Problem(start));

        Assert.Equal(OptimizerStatus.Converged, optimizer.Status);
        Assert.InRange(optimizer.BestLoss, 0, 1e-13);
        Assert.All(optimizer.Best, static v => Assert.Equal(1, v, 1e-6));
        Assert.InRange(count, 1, published * 1.25);
    }

    public static TheoryData<string, double[], double[], double[], double[], double> Bounded => new()
    {
        { "HS1", [-2, 1], [double.NegativeInfinity, -1.5], [double.PositiveInfinity, double.PositiveInfinity], [1, 1], 0 },
        { "HS2", [-2, 1], [double.NegativeInfinity, 1.5], [double.PositiveInfinity, double.PositiveInfinity], [-1.2210262, 1.5], 4.9412293180 },
        { "HS3", [10, 1], [double.NegativeInfinity, 0], [double.PositiveInfinity, double.PositiveInfinity], [0, 0], 0 },
        { "HS4", [1.125, 0.125], [1, 0], [double.PositiveInfinity, double.PositiveInfinity], [1, 0], 8.0 / 3 },
        { "HS5", [0, 0], [-1.5, -3], [4, 3], [0.5 - (Math.PI / 3), -0.5 - (Math.PI / 3)], -(Math.Sqrt(3) / 2) - (Math.PI / 3) },
        { "HS38", [-3, -1, -3, -1], [-10, -10, -10, -10], [10, 10, 10, 10], [1, 1, 1, 1], 0 },
        { "HS45", [2, 2, 2, 2, 2], [0, 0, 0, 0, 0], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 1 },
        { "HS110", Ten(9), Ten(2.001), Ten(9.999), Ten(9.35026583), -45.77846971 },
    };

    [Theory]
    [MemberData(nameof(Bounded))]
    public void Bounded_problems_of_Hock_and_Schittkowski_end_at_their_published_solutions(
        string name, double[] start, double[] lower, double[] upper, double[] solution, double value)
    {
        var function = name switch
        {
            "HS3" => TestFunction.Hs3, "HS4" => TestFunction.Hs4, "HS5" => TestFunction.Hs5, "HS38" => TestFunction.Hs38,
            "HS45" => TestFunction.Hs45, "HS110" => TestFunction.Hs110, _ => TestFunction.Rosenbrock,
        };
        var optimizer = Drive.Create("l-bfgs-b");
        Drive.ToTheEnd(optimizer, function, Drive.Problem(start, lower, upper));

        Assert.Equal(OptimizerStatus.Converged, optimizer.Status);
        Assert.Equal(value, optimizer.BestLoss, 1e-8);
        for (var i = 0; i < solution.Length; i++)
        {
            Assert.Equal(solution[i], optimizer.Best[i], 1e-3);
            if (solution[i] == lower[i] || solution[i] == upper[i])
            {
                Assert.Equal(solution[i], optimizer.Best[i]);
            }
        }
    }

    [Fact]
    public void Quadratic_with_active_bounds_ends_at_the_solution_of_its_optimality_conditions()
    {
        // f = sum_i (i + 1)/2 (x_i - c_i)^2 in [0, 1]: each coordinate ends at c_i brought into the interval.
        double[] centre = [-2, -0.5, 0, 0.3, 0.7, 1, 1.5, 4];
        var function = new TestFunction(
            x => x.Select((v, i) => (i + 1) / 2.0 * (v - centre[i]) * (v - centre[i])).Sum(),
            x => [.. x.Select((v, i) => (i + 1) * (v - centre[i]))]);
        var optimizer = Drive.Create("l-bfgs-b");
        var count = Drive.ToTheEnd(optimizer, function, Drive.Box([.. centre.Select(static _ => 0.5)], 0, 1));

        Assert.Equal(OptimizerStatus.Converged, optimizer.Status);
        for (var i = 0; i < centre.Length; i++)
        {
            Assert.Equal(Math.Clamp(centre[i], 0, 1), optimizer.Best[i], 1e-7);
        }

        Assert.InRange(count, 2, 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.05)]
    public void First_step_has_the_length_of_its_setting_however_steep_the_loss(double length)
    {
        var optimizer = Drive.Create("l-bfgs-b", ("firstStep", length));
        optimizer.Begin(Drive.Box([0.5, 0.5], -9, 9));
        optimizer.Tell([new(1e6, [3e5, -4e5])]);
        var step = optimizer.Ask()[0].Select(static v => v - 0.5).ToArray();
        Assert.Equal(-0.6 * length, step[0], 1e-12);
        Assert.Equal(0.8 * length, step[1], 1e-12);
    }

    [Fact]
    public void Gradient_that_contradicts_the_loss_is_a_failure_and_no_convergence()
    {
        var optimizer = Drive.Create("l-bfgs-b");
        var wrong = new TestFunction(static x => x[0] * x[0], static x => [-2 * x[0]]);
        Drive.ToTheEnd(optimizer, wrong, Drive.Problem([1]));
        Assert.Equal(OptimizerStatus.Failed, optimizer.Status);
        Assert.Contains("gradient", optimizer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Coordinate_whose_bounds_coincide_stays_where_it_is()
    {
        var optimizer = Drive.Create("l-bfgs-b");
        Drive.ToTheEnd(optimizer, TestFunction.Rosenbrock, Drive.Problem([0, 0.25], [-2, 0.25], [2, 0.25]));

        Assert.Equal(0.25, optimizer.Best[1]);
        var x = optimizer.Best[0];
        Assert.Equal(0, (-400 * x * (0.25 - (x * x))) - (2 * (1 - x)), 1e-7);
    }

    [Fact]
    public void Loss_that_is_not_finite_beyond_a_wall_is_stepped_back_from()
    {
        // Rosenbrock, unknown where x0 > 1.05 or x1 > 1.2: a first step and quasi-Newton steps land there.
        static bool Known(double[] x) => x[0] <= 1.05 && x[1] <= 1.2;
        var beyond = 0;
        var function = new TestFunction(
            x => Known(x) ? TestFunction.Rosenbrock.Value(x) : Count(ref beyond),
            x => Known(x) ? TestFunction.Rosenbrock.Gradient(x) : [double.NaN, double.NaN]);
        var optimizer = Drive.Create("l-bfgs-b");
        Drive.ToTheEnd(optimizer, function, Drive.Problem([-1.2, 1]));

        Assert.True(beyond > 0, "no candidate met the wall, so this test shows nothing");
        Assert.Equal(OptimizerStatus.Converged, optimizer.Status);
        Assert.Equal(1, optimizer.Best[0], 1e-6);
    }

    [Fact]
    public void Start_whose_loss_is_not_finite_is_a_failure_with_a_reason()
    {
        var optimizer = Drive.Create("l-bfgs-b");
        optimizer.Begin(Drive.Problem([1, 2]));
        optimizer.Tell([new(double.NaN, [0, 0])]);

        Assert.Equal(OptimizerStatus.Failed, optimizer.Status);
        Assert.Contains("not finite", optimizer.Reason, StringComparison.Ordinal);
        Assert.Empty(optimizer.Ask());
        Assert.Equal(double.PositiveInfinity, optimizer.BestLoss);
    }

    [Theory]
    [InlineData("maxEvaluations", 7)]
    [InlineData("maxIterations", 5)]
    public void Search_ends_as_exhausted_at_its_limit(string limit, int value)
    {
        var optimizer = Drive.Create("l-bfgs-b", (limit, value));
        var count = Drive.ToTheEnd(optimizer, TestFunction.Rosenbrock, Drive.Problem([-1.2, 1]));

        Assert.Equal(OptimizerStatus.Exhausted, optimizer.Status);
        Assert.InRange(count, 5, 12);
        Assert.True(optimizer.BestLoss < TestFunction.Rosenbrock.Value([-1.2, 1]));
        Assert.Equal(optimizer.BestLoss, TestFunction.Rosenbrock.Value(optimizer.Best));
    }

    private static double[] Ten(double value) => [.. Enumerable.Repeat(value, 10)];

    private static double Count(ref int beyond)
    {
        beyond++;
        return double.NaN;
    }
}
