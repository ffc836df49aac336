using BrainModular.Diagnostics;
using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class GridSearchTests
{
    /// <summary>A hole of one point at 0.3 and a valley around 0.7.</summary>
    private static double HoleAndValley(double[] x) => Math.Abs(x[0] - 0.3) < 0.005 ? -1 : Math.Abs(x[0] - 0.7);

    [Theory]
    [InlineData("0", 0.3)]
    [InlineData("3", 0.7)]
    public void A_single_point_of_least_loss_is_taken_only_where_no_neighbours_count(string neighbours, double at)
    {
        var optimizer = Drive.Create("grid-search", ("points", "101"), ("spacing", "0.01"), ("neighbours", neighbours), ("population", 7));
        Assert.Equal(101, Drive.Search(optimizer, HoleAndValley, Drive.Box([0.5], 0, 1)));
        Assert.Equal(at, optimizer.Best[0], 1e-9);
        Assert.Equal(HoleAndValley(optimizer.Best), optimizer.BestLoss);
        Assert.Equal(OptimizerStatus.Exhausted, optimizer.Status);
    }

    [Fact]
    public void Each_coordinate_has_its_own_points_spacing_and_neighbours_and_the_mean_is_that_of_the_box_around_a_point()
    {
        // A jagged function of the lattice's places (-3 to 3, of which the box cuts off 3, and -1 to 1), averaged by hand over 1 and 0 neighbours.
        static double Jagged(double[] x) => Math.Sin(977 * (x[0] + (3 * x[1])));
        var optimizer = Drive.Create("grid-search", ("points", "7, 3"), ("spacing", "0.1, 0.25"), ("neighbours", "1,0"));
        var asked = Drive.Search(optimizer, Jagged, Drive.Box([0.75, 0.5], 0, 1));
        double[] first = [.. Enumerable.Range(-3, 6).Select(static k => 0.75 + (k * 0.1))];
        double[] second = [0.25, 0.5, 0.75];
        Assert.Equal(18, asked);
        var (_, x, y) = second.SelectMany(y => first.Select((x, i) => (first[Math.Max(0, i - 1)..Math.Min(first.Length, i + 2)].Average(n => Jagged([n, y])), x, y))).Min();
        Assert.Equal(x, optimizer.Best[0], 1e-12);
        Assert.Equal(y, optimizer.Best[1], 1e-12);
    }

    [Fact]
    public void What_the_loss_does_not_determine_stays_where_it_began()
    {
        var optimizer = Drive.Create("grid-search", ("points", "9"), ("neighbours", "1"));
        Drive.Search(optimizer, static x => Math.Abs(x[1] - 0.54), Drive.Box([0.3, 0.5], 0, 1));
        Assert.Equal(0.3, optimizer.Best[0]);
        Assert.Equal(0.54, optimizer.Best[1], 1e-12);
    }

    [Theory]
    [InlineData("points", "4")]
    [InlineData("points", "3, x")]
    [InlineData("points", "3, 3, 3")]
    [InlineData("points", "2001")]
    [InlineData("spacing", "0")]
    [InlineData("neighbours", "1.5")]
    public void Settings_that_make_no_lattice_are_refused(string key, string value)
    {
        var fault = Assert.Throws<DiagnosticException>(() => Drive.Create("grid-search", (key, value)).Begin(Drive.Box([0.5, 0.5], 0, 1)));
        Assert.Equal("BM6204", fault.Diagnostics[0].Id);
    }
}
