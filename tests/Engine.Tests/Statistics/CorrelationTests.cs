using System.Numerics;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Statistics;

namespace BrainModular.Engine.Tests.Statistics;

/// <summary>Fourier transforms, autocorrelation times and eigenvalues beside their definitions.</summary>
public sealed class CorrelationTests
{
    [Fact]
    public void The_transform_is_its_sum_written_out()
    {
        var random = new PhiloxStream(1);
        Complex[] x = [.. Enumerable.Range(0, 16).Select(_ => new Complex(random.Normal(), random.Normal()))];
        var transformed = x.ToArray();
        FourierTransform.Transform(transformed);
        for (var k = 0; k < x.Length; k++)
        {
            var sum = Complex.Zero;
            for (var t = 0; t < x.Length; t++)
            {
                sum += x[t] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * t / x.Length);
            }

            Assert.Equal(0, (sum - transformed[k]).Magnitude, 1e-12);
        }

        Assert.Throws<ArgumentException>(static () => FourierTransform.Transform(new Complex[3]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Sums_over_pairs_are_those_written_out(int length)
    {
        var random = new PhiloxStream(2);
        double[] x = [.. Enumerable.Range(0, length).Select(_ => random.Normal())];
        var sums = FourierTransform.Autocorrelation(x);
        Assert.Equal(length, sums.Length);
        for (var lag = 0; lag < length; lag++)
        {
            Assert.Equal(Enumerable.Range(0, length - lag).Sum(t => x[t] * x[t + lag]), sums[lag], 1e-10);
        }
    }

    /// <summary>Noise in which each value is a times the one before and something new has tau = (1 + a) / (1 - a).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.98)]
    public void The_time_of_autoregressive_noise_is_known(double memory)
    {
        var random = new PhiloxStream(3);
        var expected = (1 + memory) / (1 - memory);
        Assert.Equal(expected, IntegratedAutocorrelation.Time([Noise(random, memory, 100_000), Noise(random, memory, 100_000)]), 0.1 * expected);
    }

    [Fact]
    public void What_never_changes_counts_as_one_sample_and_what_is_missing_as_none()
    {
        Assert.InRange(IntegratedAutocorrelation.Time([[.. Enumerable.Repeat(0.3, 1000)]]), 990, 1000.001);
        Assert.Equal(1, IntegratedAutocorrelation.Time([]));
        Assert.Equal(1, IntegratedAutocorrelation.Time([[0, 0, 0]]));
    }

    [Fact]
    public void Eigenvectors_are_stretched_by_their_eigenvalues()
    {
        var random = new PhiloxStream(4);
        const int n = 6;
        double[][] m = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                m[i][j] = m[j][i] = random.Normal() * Math.Pow(10, -i - j);
            }
        }

        var eigen = EigenDecomposition.Of(m);
        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
        for (var k = 0; k < n; k++)
        {
            Assert.Equal(1, eigen.Vectors[k].Sum(static x => x * x), 1e-12);
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(eigen.Values[k] * eigen.Vectors[k][i], Enumerable.Range(0, n).Sum(j => m[i][j] * eigen.Vectors[k][j]), 1e-12);
            }
        }

        Assert.All(eigen.Map(static x => x).Zip(m), static rows => Assert.All(rows.First.Zip(rows.Second), static e => Assert.Equal(e.Second, e.First, 1e-12)));
    }

    private static double[] Noise(PhiloxStream random, double memory, int length)
    {
        var values = new double[length];
        var x = random.Normal();
        for (var t = 0; t < length; t++)
        {
            values[t] = x;
            x = (memory * x) + (Math.Sqrt(1 - (memory * memory)) * random.Normal());
        }

        return values;
    }
}
