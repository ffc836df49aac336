using BrainModular.Plugins.Optimizers.Bayesian;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Optimizers;

/// <summary>The Gaussian process and its expected improvement, held against their definitions.</summary>
public sealed class GaussianProcessTests
{
    private static readonly double[] Hyperparameters = [Math.Log(0.4), Math.Log(0.7), Math.Log(1.3), Math.Log(0.01)];

    [Fact]
    public void Posterior_is_that_of_the_whole_covariance_inverted_by_elimination()
    {
        var (x, y) = Data(12);
        var process = new GaussianProcess(x, y, Hyperparameters);
        foreach (var at in new double[][] { [0.5, 0.5], [0.1, 0.9], x[3] })
        {
            double[] k = [.. x.Select(p => Kernel(at, p))];
            var mean = k.Zip(Eliminated(x, y), static (a, b) => a * b).Sum();
            var variance = 1.3 - k.Zip(Eliminated(x, k), static (a, b) => a * b).Sum();
            var found = process.Predict(at, withSlopes: true);
            Assert.Equal(mean, found.Mean, 1e-10);
            Assert.Equal(variance, found.Variance, 1e-10);
            for (var d = 0; d < 2; d++)
            {
                var (up, down) = (process.Predict(Shifted(at, d, 1e-5), withSlopes: false), process.Predict(Shifted(at, d, -1e-5), withSlopes: false));
                Assert.Equal((up.Mean - down.Mean) / 2e-5, found.MeanSlope[d], 1e-6);
                Assert.Equal((up.Variance - down.Variance) / 2e-5, found.VarianceSlope[d], 1e-6);
            }
        }
    }

    [Fact]
    public void Likelihood_of_two_points_is_the_density_of_a_pair_of_normal_numbers()
    {
        double[][] x = [[0.2, 0.3], [0.6, 0.1]];
        double[] y = [0.7, -0.4];
        var (s, c) = (1.31, Kernel(x[0], x[1]));
        var determinant = (s * s) - (c * c);
        var square = ((s * y[0] * y[0]) - (2 * c * y[0] * y[1]) + (s * y[1] * y[1])) / determinant;
        Assert.Equal(Math.Log(Math.Exp(-square / 2) / (2 * Math.PI * Math.Sqrt(determinant))), GaussianProcess.LogLikelihood(x, y, Hyperparameters).Value, 1e-12);
    }

    [Fact]
    public void Gradient_of_the_likelihood_is_its_derivative_by_finite_differences()
    {
        var (x, y) = Data(15);
        var gradient = GaussianProcess.LogLikelihood(x, y, Hyperparameters).Gradient;
        for (var h = 0; h < gradient.Length; h++)
        {
            var (up, down) = (Value(Shifted(Hyperparameters, h, 1e-5)), Value(Shifted(Hyperparameters, h, -1e-5)));
            var derivative = (up - down) / 2e-5;
            Assert.Equal(derivative, gradient[h], 1e-6 * Math.Max(Math.Abs(derivative), 1));
        }

        double Value(double[] at) => GaussianProcess.LogLikelihood(x, y, at).Value;
    }

    [Fact]
    public void Points_that_coincide_without_noise_have_no_likelihood()
    {
        double[] hyperparameters = [0, 0, 0, double.NegativeInfinity];
        Assert.Equal(double.NegativeInfinity, GaussianProcess.LogLikelihood([[0.5, 0.5], [0.5, 0.5]], [1, 1], hyperparameters).Value);
        Assert.Throws<ArithmeticException>(() => new GaussianProcess([[0.5, 0.5], [0.5, 0.5]], [1, 1], hyperparameters));
    }

    /// <summary>The integral of (best - v) over the normal density below the best, by Simpson's rule over twelve deviations.</summary>
    [Theory]
    [InlineData(-8)]
    [InlineData(-3)]
    [InlineData(-2.0001)]
    [InlineData(-1.9999)]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(6)]
    public void Expected_improvement_is_its_integral(double z)
    {
        const double Mean = 0.3, Deviation = 0.7;
        const int Cells = 20_000;
        var best = Mean + (z * Deviation);
        var width = 24.0 / Cells;
        var sum = 0.0;
        for (var i = 0; i <= Cells; i++)
        {
            // u deviations below the best.
            var u = i * width;
            var density = Math.Exp(-0.5 * ((z - u) * (z - u) - (z < 0 ? z * z : 0))) / Math.Sqrt(2 * Math.PI);
            sum += (i == 0 || i == Cells ? 1 : i % 2 == 1 ? 4 : 2) * u * Deviation * density;
        }

        var expected = Math.Log(sum * width / 3) - (z < 0 ? z * z / 2 : 0);
        var (value, byMean, byDeviation) = ExpectedImprovement.Logarithm(best, Mean, Deviation);
        Assert.Equal(expected, value, 1e-9);
        Assert.Equal(Difference(static (m, h) => (m + h, Deviation)), byMean, 1e-6 * Math.Max(Math.Abs(byMean), 1));
        Assert.Equal(Difference(static (m, h) => (m, Deviation + h)), byDeviation, 1e-6 * Math.Max(Math.Abs(byDeviation), 1));

        double Difference(Func<double, double, (double Mean, double Deviation)> shift)
        {
            var (up, down) = (shift(Mean, 1e-5), shift(Mean, -1e-5));
            return (ExpectedImprovement.Logarithm(best, up.Mean, up.Deviation).Value - ExpectedImprovement.Logarithm(best, down.Mean, down.Deviation).Value) / 2e-5;
        }
    }

    private static (double[][] X, double[] Y) Data(int n)
    {
        var random = new CountingStream(5);
        double[][] x = [.. Enumerable.Range(0, n).Select(_ => new[] { random.Uniform(), random.Uniform() })];
        return (x, [.. x.Select(static p => Math.Sin(5 * p[0]) + (p[1] * p[1]))]);
    }

    /// <summary>Matern 5/2 with the lengths 0.4 and 0.7 and the variance 1.3, written out.</summary>
    private static double Kernel(double[] a, double[] b)
    {
        var r = Math.Sqrt(Math.Pow((a[0] - b[0]) / 0.4, 2) + Math.Pow((a[1] - b[1]) / 0.7, 2));
        return 1.3 * (1 + (Math.Sqrt(5) * r) + (5 * r * r / 3)) * Math.Exp(-Math.Sqrt(5) * r);
    }

    private static double[] Shifted(double[] x, int d, double by) => [.. x.Select((v, i) => i == d ? v + by : v)];

    /// <summary>(K + noise)^-1 b by Gauss-Jordan elimination.</summary>
    private static double[] Eliminated(double[][] x, double[] b)
    {
        var n = b.Length;
        double[][] a = [.. x.Select((p, i) => (double[])[.. x.Select((q, j) => Kernel(p, q) + (i == j ? 0.01 : 0)), b[i]])];
        for (var c = 0; c < n; c++)
        {
            for (var r = 0; r < n; r++)
            {
                if (r != c)
                {
                    var factor = a[r][c] / a[c][c];
                    a[r] = [.. a[r].Zip(a[c], (u, v) => u - (factor * v))];
                }
            }
        }

        return [.. a.Select((row, i) => row[n] / row[i])];
    }
}
