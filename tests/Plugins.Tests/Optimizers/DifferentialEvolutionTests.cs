using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class DifferentialEvolutionTests
{
    [Fact]
    public void Valley_of_Rosenbrock_is_followed_to_its_minimum()
    {
        var optimizer = Run(TestFunction.Rosenbrock.Value, Drive.Box(Drive.RosenbrockStart(4), -1.5, 2), ("maxGenerations", 1000), ("population", 40));
        Assert.All(optimizer.Best, static x => Assert.Equal(1, x, 1e-3));
        Assert.Equal(TestFunction.Rosenbrock.Value(optimizer.Best), optimizer.BestLoss);
    }

    [Fact]
    public void Steps_without_any_slope_are_descended()
    {
        // The integer part of each coordinate's distance from (0.7, -0.2): every derivative is 0.
        static double Steps(double[] x) => Math.Floor(20 * Math.Abs(x[0] - 0.7)) + Math.Floor(20 * Math.Abs(x[1] + 0.2));
        var optimizer = Run(Steps, Drive.Box([0, 0], -1, 1), ("population", 20));
        Assert.Equal(0, optimizer.BestLoss);
        Assert.InRange(optimizer.Best[0], 0.65, 0.75);
        Assert.InRange(optimizer.Best[1], -0.25, -0.15);
    }

    [Fact]
    public void Minimum_at_a_corner_is_approached_from_within_the_box()
    {
        var optimizer = Run(static x => x.Sum(), Drive.Box([0.5, 0.5, 0.5], 0, 1), ("maxGenerations", 300));
        Assert.All(optimizer.Best, static x => Assert.InRange(x, 0, 1e-3));
    }

    [Fact]
    public void Candidates_whose_loss_is_not_finite_never_enter_the_population()
    {
        var optimizer = Run(static x => x[0] < 0.5 ? double.NaN : x[0], Drive.Box([0.9], 0, 1), ("population", 16));
        Assert.Equal(0.5, optimizer.Best[0], 1e-3);

        var hopeless = Run(static _ => double.PositiveInfinity, Drive.Box([0.9], 0, 1));
        Assert.Equal(OptimizerStatus.Failed, hopeless.Status);
        Assert.Contains("finite", hopeless.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Population_without_differences_has_converged()
    {
        var optimizer = Run(static _ => 3, Drive.Box([0.9, 0.1], 0, 1));
        Assert.Equal(OptimizerStatus.Converged, optimizer.Status);
        Assert.Equal(3, optimizer.BestLoss);
    }

    private static IOptimizer Run(Func<double[], double> function, OptimizationProblem problem, params (string, object)[] settings)
    {
        var optimizer = Drive.Create("differential-evolution", settings);
        Drive.Search(optimizer, function, problem);
        return optimizer;
    }
}
