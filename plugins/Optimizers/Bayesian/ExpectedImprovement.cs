namespace BrainModular.Plugins.Optimizers.Bayesian;

/// <summary>
/// The expected improvement of a normal variable on a best value, sigma h(z) with h(z) = z Phi(z) + phi(z) and z = (best - mean) / sigma (Jones,
/// Schonlau and Welch 1998, 10.1023/A:1008306431147), as its logarithm, which has a slope where the improvement itself is lost in rounding.
/// </summary>
internal static class ExpectedImprovement
{
    private const double Far = -2;
    private const int Fractions = 300;
    private static readonly double LogRootTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>The logarithm, and its derivatives by mean and deviation.</summary>
    public static (double Value, double ByMean, double ByDeviation) Logarithm(double best, double mean, double deviation)
    {
        var z = (best - mean) / deviation;
        var (logarithm, slope) = LogH(z);
        return (Math.Log(deviation) + logarithm, -slope / deviation, (1 - (z * slope)) / deviation);
    }

    /// <summary>ln h(z), and its derivative Phi(z) / h(z).</summary>
    public static (double Value, double Slope) LogH(double z)
    {
        var logDensity = (-0.5 * z * z) - LogRootTwoPi;
        if (z >= Far)
        {
            var probability = Probability(z);
            var h = (z * probability) + Math.Exp(logDensity);
            return (Math.Log(h), probability / h);
        }

        // Phi(-t) = phi(t) / (t + c), c = 1 / (t + 2 / (t + 3 / (t + ...))): hence h = phi(t) c / (t + c), without a difference of small numbers.
        var t = -z;
        var c = t;
        for (var k = Fractions; k >= 2; k--)
        {
            c = t + (k / c);
        }

        c = 1 / c;
        return (logDensity + Math.Log(c / (t + c)), 1 / c);
    }

    /// <summary>Phi by its series around 0: 1/2 + phi(z) (z + z^3/3 + z^5/(3 5) + ...).</summary>
    private static double Probability(double z)
    {
        if (z > 9)
        {
            return 1;
        }

        var (sum, term) = (0.0, z);
        for (var k = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2)
        {
            sum += term;
            term *= z * z / k;
        }

        return 0.5 + (sum * Math.Exp((-0.5 * z * z) - LogRootTwoPi));
    }
}
