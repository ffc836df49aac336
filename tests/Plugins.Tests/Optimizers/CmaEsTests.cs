namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class CmaEsTests
{
    private const int N = 10;

    /// <summary>
    /// A single run is expected to take between 100 n and 300 n^2 evaluations on hard functions (N. Hansen, documentation of c-cmaes), that is
    /// 1,000 to 30,000 here; an ellipsoid with axes as 1 to 1,000 is a moderate one.
    /// </summary>
    [Fact]
    public void Ellipsoid_takes_as_many_evaluations_however_it_is_turned()
    {
        var (straight, turned) = (Median(TestFunction.Ellipsoid), Median(TestFunction.Rotated(TestFunction.Ellipsoid, N)));
        Assert.InRange(straight, 100 * N, 60 * N * N);
        Assert.InRange(turned / straight, 0.8, 1.25);
    }

    [Fact]
    public void Order_of_losses_is_all_that_counts()
    {
        var (plain, bent) = (Create(), Create());
        Drive.Search(plain, TestFunction.Rosenbrock.Value, Drive.Drawn(4, -2, 2, 3));
        Drive.Search(bent, static x => Math.Cbrt(TestFunction.Rosenbrock.Value(x)), Drive.Drawn(4, -2, 2, 3));
        Assert.Equal(plain.Best, bent.Best);

        static BrainModular.Optimizers.IOptimizer Create() => Drive.Create("cma-es", ("maxEvaluations", 800), ("ftol", 0.0), ("xtol", 0.0));
    }

    [Fact]
    public void Restarts_with_larger_populations_find_the_valley_that_one_run_misses()
    {
        // The start's valley is wide and its floor at 1; the other is narrow and its floor at 0.
        static double Valleys(double[] x) => Math.Min(1 + x.Sum(static v => (v - 0.2) * (v - 0.2)), x.Sum(static v => 60 * (v - 0.85) * (v - 0.85)));
        var (once, again) = (Drive.Create("cma-es", ("restarts", 0), ("step", 0.05)), Drive.Create("cma-es", ("step", 0.05)));
        Drive.Search(once, Valleys, Drive.Box([0.2, 0.2], 0, 1));
        Drive.Search(again, Valleys, Drive.Box([0.2, 0.2], 0, 1), 1e-9);
        Assert.Equal(1, once.BestLoss, 1e-9);
        Assert.InRange(again.BestLoss, 0, 1e-9);
    }

    private static double Median(Func<double[], double> function)
    {
        int[] counts =
        [
            .. Enumerable.Range(1, 7).Select(seed =>
            {
                var optimizer = Drive.Create("cma-es", ("maxEvaluations", 100_000), ("step", 0.1));
                var count = Drive.Search(optimizer, function, Drive.Drawn(N, -5, 5, (ulong)seed), 1e-10);
                Assert.InRange(optimizer.BestLoss, 0, 1e-10);
                return count;
            }).Order(),
        ];
        return counts[counts.Length / 2];
    }
}
