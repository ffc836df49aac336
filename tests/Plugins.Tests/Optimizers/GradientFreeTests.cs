using BrainModular.Diagnostics;
using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

/// <summary>What all optimisers that need nothing but losses hold to, and how fast they descend functions whose minima are known.</summary>
public sealed class GradientFreeTests
{
    private static readonly Dictionary<string, (string Name, (string, object)[] Settings)> Methods = new()
    {
        ["differential-evolution"] = ("differential-evolution", [("population", 30), ("maxGenerations", 100_000)]),
        ["two-point"] = ("differential-evolution", [("population", 30), ("maxGenerations", 100_000), ("crossover", "two-point")]),
        ["particle-swarm"] = ("particle-swarm", [("maxGenerations", 100_000)]),
        ["cma-es"] = ("cma-es", [("maxEvaluations", 1_000_000)]),
        ["nelder-mead"] = ("nelder-mead", []),
        ["bayesian"] = ("bayesian", [("maxEvaluations", 60), ("initial", 12)]),
        ["random-search"] = ("random-search", []),
        ["grid-search"] = ("grid-search", [("points", "21"), ("spacing", "0.1")]),
    };

    public static TheoryData<string> All => [.. Methods.Keys];

    public static TheoryData<string, string, double, int> Descents => new()
    {
        { "differential-evolution", "sphere", 1e-8, 4500 },
        { "two-point", "sphere", 1e-8, 4500 },
        { "particle-swarm", "sphere", 1e-8, 7500 },
        { "cma-es", "sphere", 1e-8, 1300 },
        { "nelder-mead", "sphere", 1e-8, 500 },
        { "bayesian", "sphere", 0.1, 60 },
        { "differential-evolution", "rosenbrock", 1e-6, 9000 },
        { "two-point", "rosenbrock", 1e-6, 18_000 },
        { "particle-swarm", "rosenbrock", 1e-2, 60_000 },
        { "cma-es", "rosenbrock", 1e-6, 4000 },
        { "nelder-mead", "rosenbrock", 1e-6, 700 },
        { "differential-evolution", "rastrigin", 1e-6, 18_000 },
        { "two-point", "rastrigin", 1e-6, 15_000 },
        { "particle-swarm", "rastrigin", 1e-6, 20_000 },
        { "cma-es", "rastrigin", 1e-6, 35_000 },
        { "differential-evolution", "ellipsoid", 1e-6, 12_000 },
        { "two-point", "ellipsoid", 1e-6, 40_000 },
        { "cma-es", "ellipsoid", 1e-6, 3600 },
        { "nelder-mead", "ellipsoid", 1e-6, 1800 },
    };

    [Theory]
    [MemberData(nameof(Descents))]
    public void Minimum_is_found_to_a_level_within_a_budget(string method, string function, double level, int budget)
    {
        var (n, of, lower, upper) = function switch
        {
            "sphere" => (5, TestFunction.Sphere, -3.0, 5.0),
            "rosenbrock" => (4, TestFunction.Rosenbrock.Value, -2, 2),
            "rastrigin" => (4, TestFunction.Rastrigin, -4, 6),
            _ => (5, TestFunction.Rotated(TestFunction.Ellipsoid, 5), -3, 5),
        };
        var reached = 0;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var optimizer = Create(method);
            reached += Drive.Search(optimizer, of, Drive.Drawn(n, lower, upper, seed), level) <= budget && optimizer.BestLoss <= level ? 1 : 0;
            Assert.Equal(of(optimizer.Best), optimizer.BestLoss);
        }

        Assert.InRange(reached, 4, 5);
    }

    /// <summary>The minimum lies where three bounds meet, and where the last coordinate's bounds coincide.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Minimum_at_a_corner_is_approached_from_within_the_box(string method)
    {
        var optimizer = Create(method);
        var problem = Drive.Problem([0.5, 0.5, 0.5, 0.25], [0, 0, 0, 0.25], [1, 1, 1, 0.25]);
        Drive.Search(optimizer, static x => x.Sum(), problem, 0.25 + 1e-6);
        Assert.InRange(optimizer.BestLoss, 0.25, method == "random-search" ? 0.5 : 0.25 + 1e-6);
        Assert.Equal(0.25, optimizer.Best[3]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Losses_that_are_not_finite_are_stepped_back_from(string method)
    {
        var optimizer = Create(method);
        Drive.Search(optimizer, static x => x[0] < 0.5 ? double.NaN : x[1] > 0.9 ? double.PositiveInfinity : TestFunction.Sphere(x), Drive.Box([0.9, 0.8], 0, 1), 0.2501);
        Assert.InRange(optimizer.Best[0], 0.5, 1);
        Assert.InRange(optimizer.BestLoss, 0.25, method is "random-search" or "nelder-mead" or "bayesian" ? 0.26 : 0.2501);

        var hopeless = Create(method);
        Drive.Search(hopeless, static _ => double.NaN, Drive.Box([0.9, 0.8], 0, 1));
        Assert.Equal(OptimizerStatus.Failed, hopeless.Status);
        Assert.Contains("finite", hopeless.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Box_without_bounds_is_refused_where_candidates_are_drawn_from_it(string method)
    {
        var optimizer = Create(method);
        if (method is "cma-es" or "nelder-mead")
        {
            Drive.Search(optimizer, TestFunction.Sphere, Drive.Problem([3, -4, 5]), 1e-9);
            Assert.InRange(optimizer.BestLoss, 0, 1e-9);
            return;
        }

        var fault = Assert.Throws<DiagnosticException>(() => optimizer.Begin(Drive.Problem([3, -4, 5])));
        Assert.Equal("BM6201", fault.Diagnostics[0].Id);
        Assert.NotNull(fault.Diagnostics[0].Cure);
    }

    [Fact]
    public void Random_search_meets_the_minimum_as_often_as_the_volume_around_it_says()
    {
        // Of 50 points in the square [-1, 1]^2 at least one lies within r of the centre with the probability 1 - (1 - pi r^2 / 4)^50.
        const int Trials = 2000;
        const double R = 0.2;
        var probability = 1 - Math.Pow(1 - (Math.PI * R * R / 4), 50);
        var hits = Enumerable.Range(1, Trials).Count(seed =>
        {
            var optimizer = Drive.Create("random-search", ("population", 7), ("maxEvaluations", 50));
            Assert.Equal(50, Drive.Search(optimizer, TestFunction.Sphere, Drive.Drawn(2, -1, 1, (ulong)seed)));
            return optimizer.BestLoss <= R * R;
        });
        Assert.Equal(probability, hits / (double)Trials, 4 * Math.Sqrt(probability * (1 - probability) / Trials));
    }

    private static IOptimizer Create(string method) => Drive.Create(Methods[method].Name, Methods[method].Settings);
}
