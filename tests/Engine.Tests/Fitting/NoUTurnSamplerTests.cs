using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Fitting.Uncertainty.Sampling;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Statistics;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Tests.Fitting;

/// <summary>The sampler on densities whose moments are known.</summary>
public sealed class NoUTurnSamplerTests
{
    private static readonly double[] Mean = [1, -2, 30];
    private static readonly double[][] Covariance = [[1, 0.9, 0], [0.9, 1.2, 0], [0, 0, 400]];

    [Fact]
    public void Moments_of_a_normal_distribution_are_within_the_error_of_the_draws()
    {
        var sampler = Run(Normal, 3, new(4, 400, 1000, 0.8));
        Assert.Equal([0, 0, 0, 0], sampler.Divergences);
        Assert.Equal([0, 0, 0, 0], sampler.CutOff);
        for (var i = 0; i < 3; i++)
        {
            var chains = Chains(sampler, i);
            Assert.InRange(ChainStatistics.RHat(chains), 0.99, 1.01);
            var size = ChainStatistics.BulkSize(chains);
            Assert.InRange(size, 1000, 40_000);
            Assert.InRange(ChainStatistics.TailSize(chains), 800, 40_000);

            // Four standard errors: of a mean sigma / sqrt(n), of a variance sigma^2 sqrt(2 / n).
            Assert.Equal(Mean[i], Average(chains, static x => x), 4 * Math.Sqrt(Covariance[i][i] / size));
            Assert.Equal(Covariance[i][i], Average(chains, x => (x - Mean[i]) * (x - Mean[i])), 4 * Covariance[i][i] * Math.Sqrt(2 / Math.Min(size, 2000)));
        }

        var together = sampler.Draws.SelectMany(static c => c).Average(static d => (d[0] - Mean[0]) * (d[1] - Mean[1]));
        Assert.Equal(0.9, together, 0.12);
    }

    /// <summary>Uniform between bounds, and a likelihood that rises towards one of them: exp(3 u).</summary>
    [Fact]
    public void A_bounded_parameter_has_the_distribution_that_its_bounds_cut_off()
    {
        const double rise = 3;
        var sampler = Run(
            points => [.. points.Select(static p =>
            {
                var u = UnboundedCoordinate.Bounded(p[0]);
                return new Evaluation(-(rise * u) - Math.Log(UnboundedCoordinate.Slope(p[0])), [-(rise * UnboundedCoordinate.Slope(p[0])) + u - UnboundedCoordinate.Bounded(-p[0])]);
            })],
            1, new(4, 400, 2000, 0.8));
        IReadOnlyList<double[]> chains = [.. Chains(sampler, 0).Select(static c => c.Select(UnboundedCoordinate.Bounded).ToArray())];
        var size = ChainStatistics.BulkSize(chains);
        var (mean, square) = ((Math.Exp(rise) / (Math.Exp(rise) - 1)) - (1 / rise), 0.0);
        for (var i = 0; i < 100_000; i++)
        {
            var u = (i + 0.5) / 100_000;
            square += u * u * rise * Math.Exp(rise * u) / (Math.Exp(rise) - 1) / 100_000;
        }

        Assert.InRange(ChainStatistics.RHat(chains), 0.99, 1.01);
        Assert.InRange(size, 1000, 20_000);
        Assert.Equal(mean, Average(chains, static u => u), 4 * Math.Sqrt((square - (mean * mean)) / size));
        Assert.Equal(Math.Log(1 + (0.1 * (Math.Exp(rise) - 1))) / rise, ChainStatistics.Quantile(chains, 0.1), 0.03);
        Assert.Equal(0, sampler.Divergences.Sum());
    }

    [Fact]
    public void A_density_with_an_edge_makes_trajectories_diverge()
    {
        var sampler = Run(
            static points => [.. points.Select(static p => p[0] > 0 ? new Evaluation(p[0], [1.0]) : new Evaluation(double.PositiveInfinity, [0.0]))], 1, new(2, 200, 400, 0.8), start: 1);
        Assert.All(sampler.Divergences, static d => Assert.InRange(d, 10, 400));
    }

    /// <summary>A density that is the same everywhere turns no trajectory back, however long its steps get.</summary>
    [Fact]
    public void A_density_without_width_ends_the_sampler_and_says_so()
    {
        var points = 0;
        var fault = Assert.Throws<DiagnosticException>(() => Run(
            asked =>
            {
                points += asked.Count;
                return [.. asked.Select(static _ => new Evaluation(0, [0.0]))];
            },
            1, new(2, 200, 400, 0.8)));
        Assert.Equal("BM2819", Assert.Single(fault.Diagnostics).Id);
        Assert.Equal(2 + (2 * 20 * 1023), points);
    }

    [Fact]
    public void A_sampler_restored_between_transitions_ends_with_the_same_bits()
    {
        var length = new SamplerLength(3, 60, 40, 0.8);
        var saved = new List<byte[]>();
        var straight = new NoUTurnSampler(3, length, new PhiloxStream(2));
        straight.Run(Starts(3, 3, null), Normal, () => saved.Add(Saved(straight)));
        Assert.Equal(100, saved.Count);
        for (var at = 0; at < saved.Count; at += 9)
        {
            var restored = new NoUTurnSampler(3, length, new PhiloxStream(2));
            using var reader = new BinaryReader(new MemoryStream(saved[at]));
            restored.Restore(reader);
            Assert.Equal(saved[at].Length, reader.BaseStream.Position);
            Assert.Equal(saved[at], Saved(restored));
            restored.Run(Starts(3, 3, null), Normal, static () => { });
            Assert.Equal(straight.Draws, restored.Draws);
            Assert.Equal(saved[^1], Saved(restored));
        }
    }

    /// <summary>Chains of known mean, width and memory: 4000 draws in which each keeps 0.9 of the one before are worth 4000 / 19.</summary>
    [Fact]
    public void Chains_that_disagree_are_found_out()
    {
        var random = new PhiloxStream(4);
        double[] Chain(double mean, double memory)
        {
            var (x, chain) = (random.Normal(), new double[2000]);
            for (var t = 0; t < chain.Length; t++)
            {
                chain[t] = mean + x;
                x = (memory * x) + (Math.Sqrt(1 - (memory * memory)) * random.Normal());
            }

            return chain;
        }

        IReadOnlyList<double[]> same = [Chain(0, 0), Chain(0, 0)], apart = [Chain(0, 0), Chain(1, 0)], slow = [Chain(0, 0.9), Chain(0, 0.9)];
        IReadOnlyList<double[]> wide = [Chain(0, 0), [.. Chain(0, 0).Select(static x => 3 * x)]];
        Assert.InRange(ChainStatistics.RHat(same), 0.999, 1.003);
        Assert.InRange(ChainStatistics.RHat(apart), 1.1, 1.5);
        Assert.InRange(ChainStatistics.RHat(wide), 1.1, 1.5);
        Assert.InRange(ChainStatistics.BulkSize(same), 3300, 4700);
        Assert.InRange(ChainStatistics.BulkSize(slow), 4000 / 19.0 * 0.7, 4000 / 19.0 * 1.4);
        Assert.InRange(ChainStatistics.BulkSize(apart), 1, 60);
    }

    [Theory]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.5, 0)]
    [InlineData(1e-4, -3.719016485455709)]
    [InlineData(0.9999, 3.719016485455709)]
    public void Quantiles_of_the_normal_distribution_are_those_published(double p, double expected) => Assert.Equal(expected, NormalDistribution.Quantile(p), 1e-9);

    private static IReadOnlyList<Evaluation> Normal(IReadOnlyList<double[]> points)
    {
        const double determinant = (1 * 1.2) - (0.9 * 0.9);
        return [.. points.Select(static p =>
        {
            var (a, b, c) = (p[0] - Mean[0], p[1] - Mean[1], p[2] - Mean[2]);
            double[] gradient = [((1.2 * a) - (0.9 * b)) / determinant, (b - (0.9 * a)) / determinant, c / 400];
            return new Evaluation(((a * gradient[0]) + (b * gradient[1]) + (c * gradient[2])) / 2, gradient);
        })];
    }

    private static NoUTurnSampler Run(Func<IReadOnlyList<double[]>, IReadOnlyList<Evaluation>> density, int dimensions, SamplerLength length, double? start = null)
    {
        var sampler = new NoUTurnSampler(dimensions, length, new PhiloxStream(1));
        sampler.Run(Starts(length.Chains, dimensions, start), density, static () => { });
        Assert.All(sampler.Draws, c => Assert.Equal(length.Draws, c.Count));
        return sampler;
    }

    private static IReadOnlyList<double[]> Starts(int chains, int dimensions, double? start)
    {
        var random = new PhiloxStream(9);
        return [.. Enumerable.Range(0, chains).Select(_ => Enumerable.Range(0, dimensions).Select(_ => start ?? (2 * random.Normal())).ToArray())];
    }

    private static IReadOnlyList<double[]> Chains(NoUTurnSampler sampler, int i) => [.. sampler.Draws.Select(c => c.Select(d => d[i]).ToArray())];

    private static double Average(IReadOnlyList<double[]> chains, Func<double, double> of) => chains.SelectMany(static c => c).Average(of);

    private static byte[] Saved(NoUTurnSampler sampler)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        sampler.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
