using BrainModular.Connectomes;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Connectomes.OpenedConnectome;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Connectomes;

public sealed class DistanceDependentTests
{
    private const double Extent = 800;
    private const double Sigma = 90;
    private const double Peak = 0.7;

    /// <summary>By distance in bins: the edges there are, against the sum of the pairs' probabilities by the formula.</summary>
    [Theory]
    [InlineData("ring", "gaussian", 600, 600, true)]
    [InlineData("ring", "exponential", 500, 700, false)]
    [InlineData("grid", "gaussian", 620, 620, true)]
    [InlineData("grid", "exponential", 400, 610, false)]
    public void The_share_of_connected_pairs_follows_the_profile(string layout, string profile, int sources, int targets, bool recurrent)
    {
        using var connectome = Open(
            "distance-dependent", new ConnectomeRequest(new CountingStream(8), sources, targets, recurrent),
            ("layout", layout), ("profile", profile), ("extent", Extent * um), ("sigma", Sigma * um), ("peak", Peak));
        var group = connectome.Edges[0];
        var (fromX, fromY) = Positions(connectome, group.Source);
        var (toX, toY) = Positions(connectome, group.Target);
        double Distance(int source, int target) => double.Hypot(Around(fromX[source] - toX[target]), Around(fromY[source] - toY[target]));

        var mean = new double[30];
        var variance = new double[30];
        var found = new double[30];
        static int Bin(double distance) => (int)(distance / 20);
        for (var source = 0; source < sources; source++)
        {
            for (var target = 0; target < targets; target++)
            {
                if (!recurrent || source != target)
                {
                    var d = Distance(source, target);
                    var p = Peak * Math.Exp(profile == "gaussian" ? -d * d / (2 * Sigma * Sigma) : -d / Sigma);
                    mean[Bin(d)] += p;
                    variance[Bin(d)] += p * (1 - p);
                }
            }
        }

        foreach (var edge in Connections(connectome))
        {
            found[Bin(Distance(edge.Source, edge.Target))]++;
        }

        for (var bin = 0; bin < mean.Length; bin++)
        {
            GeneratorTests.AssertNear(mean[bin], variance[bin], found[bin], slack: variance[bin] < 1 ? 3 : 0);
        }

        GeneratorTests.AssertNear(mean.Sum(), variance.Sum(), found.Sum());
        Assert.True(found.Sum() > 10_000);
    }

    [Fact]
    public void Units_lie_evenly_on_ring_and_grid()
    {
        using var ring = Open("distance-dependent", new ConnectomeRequest(new CountingStream(8), 4, 4, true), ("layout", "ring"), ("extent", 8 * um));
        Assert.Equal([1, 3, 5, 7], ring.ReadNodeAttribute(ring.Nodes[0], "x"));
        using var grid = Open("distance-dependent", new ConnectomeRequest(new CountingStream(8), 5, 5, true), ("layout", "grid"), ("extent", 12 * um));
        Assert.Equal([2, 6, 10, 2, 6], grid.ReadNodeAttribute(grid.Nodes[0], "x"));
        Assert.Equal([3, 3, 3, 9, 9], grid.ReadNodeAttribute(grid.Nodes[0], "y"));
        Assert.Equal(um, grid.Nodes[0].NumericAttributes["x"]);
    }

    private static (double[] X, double[] Y) Positions(IConnectome connectome, string name)
    {
        var nodes = connectome.Nodes.Single(n => n.Name == name);
        return (connectome.ReadNodeAttribute(nodes, "x"), connectome.ReadNodeAttribute(nodes, "y"));
    }

    private static double Around(double difference) => Math.Min(Math.Abs(difference), Extent - Math.Abs(difference));
}
