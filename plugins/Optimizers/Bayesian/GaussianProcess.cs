namespace BrainModular.Plugins.Optimizers.Bayesian;

/// <summary>
/// A Gaussian process through noisy values y at points x, with mean 0 and a kernel of Matern (Rasmussen and Williams 2006,
/// 10.7551/mitpress/3206.001.0001, chapters 2 and 5). Its hyperparameters are logarithms: of a length for each coordinate, of the signal's
/// variance, of the noise's variance.
/// </summary>
internal sealed class GaussianProcess
{
    private readonly double[][] x;
    private readonly Matern kernel;
    private readonly Cholesky factor;
    private readonly double[] weights;

    /// <exception cref="ArithmeticException">The covariance is not positive definite: the noise is too small for points so close.</exception>
    public GaussianProcess(double[][] x, double[] y, double[] hyperparameters)
    {
        this.x = x;
        kernel = KernelOf(hyperparameters);
        factor = Factor(x, kernel, Math.Exp(hyperparameters[^1])) ?? throw new ArithmeticException("the covariance is not positive definite");
        weights = factor.Solve(y);
    }

    /// <summary>The logarithm of the density of y, and its gradient by the hyperparameters.</summary>
    /// <returns>Minus infinity where the covariance is not positive definite; the gradient is 0 then.</returns>
    public static (double Value, double[] Gradient) LogLikelihood(double[][] x, double[] y, double[] hyperparameters)
    {
        var (n, lengths) = (y.Length, hyperparameters.Length - 2);
        var kernel = KernelOf(hyperparameters);
        var noise = Math.Exp(hyperparameters[^1]);
        var gradient = new double[hyperparameters.Length];
        if (Factor(x, kernel, noise) is not { } factor)
        {
            return (double.NegativeInfinity, gradient);
        }

        var weights = factor.Solve(y);
        double[][] inverse = [.. Enumerable.Range(0, n).Select(i => factor.Solve([.. Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0)]))];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                // Each pair beside the diagonal stands twice in the sum of 1/2 (a a' - K^-1) dK.
                var share = ((weights[i] * weights[j]) - inverse[i][j]) * (i == j ? 0.5 : 1);
                var steepness = share * kernel.Steepness(x[i], x[j]);
                for (var d = 0; d < lengths; d++)
                {
                    var apart = (x[i][d] - x[j][d]) / kernel.Lengths[d];
                    gradient[d] += steepness * apart * apart;
                }

                gradient[lengths] += share * kernel.Value(x[i], x[j]);
                gradient[lengths + 1] += i == j ? share * noise : 0;
            }
        }

        var fit = y.Zip(weights, static (a, b) => a * b).Sum();
        return (-0.5 * (fit + factor.LogDeterminant + (n * Math.Log(2 * Math.PI))), gradient);
    }

    /// <summary>Mean and variance of the function, noise aside, at a point, with their slopes.</summary>
    public (double Mean, double Variance, double[] MeanSlope, double[] VarianceSlope) Predict(double[] at, bool withSlopes)
    {
        double[] covariances = [.. x.Select(p => kernel.Value(at, p))];
        var forward = factor.Forward(covariances);
        var mean = covariances.Zip(weights, static (k, w) => k * w).Sum();
        var variance = kernel.Variance - forward.Sum(static v => v * v);
        if (!withSlopes)
        {
            return (mean, variance, [], []);
        }

        var solved = factor.Backward(forward);
        var (meanSlope, varianceSlope) = (new double[at.Length], new double[at.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            var steepness = kernel.Steepness(at, x[i]);
            for (var d = 0; d < at.Length; d++)
            {
                var slope = -steepness * (at[d] - x[i][d]) / (kernel.Lengths[d] * kernel.Lengths[d]);
                meanSlope[d] += slope * weights[i];
                varianceSlope[d] -= 2 * slope * solved[i];
            }
        }

        return (mean, variance, meanSlope, varianceSlope);
    }

    private static Matern KernelOf(double[] hyperparameters) => new([.. hyperparameters.SkipLast(2).Select(Math.Exp)], Math.Exp(hyperparameters[^2]));

    private static Cholesky? Factor(double[][] x, Matern kernel, double noise) => Cholesky.Of(
    [
        .. x.Select((a, i) => Enumerable.Range(0, i + 1).Select(j => j == i ? kernel.Variance + noise : kernel.Value(a, x[j])).ToArray()),
    ]);
}
