namespace BrainModular.Engine.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    private const double SeriesEnds = 3;
    private const double Smallest = 1e-300;

    /// <summary>The probability of a value of at most <paramref name="x"/>, to about 1e-14.</summary>
    public static double Cumulative(double x) => 0.5 * ErrorComplement(-x / Math.Sqrt(2));

    /// <summary>The value that is exceeded with the probability 1 - <paramref name="p"/>, by Newton's method between brackets.</summary>
    /// <param name="p">Above 0 and below 1.</param>
    public static double Quantile(double p)
    {
        var (low, high, x) = (-39.0, 39.0, Math.Log(p / (1 - p)) / 1.702);
        for (var i = 0; i < 100 && high - low > 1e-13; i++)
        {
            var excess = Cumulative(x) - p;
            (low, high) = excess < 0 ? (x, high) : (low, x);
            var next = x - (excess * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2));
            if (Math.Abs(next - x) < 1e-13)
            {
                return next;
            }

            x = next > low && next < high ? next : (low + high) / 2;
        }

        return x;
    }

    /// <summary>
    /// erf(x) = 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x: near 0 by the series exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose terms
    /// all have one sign (Abramowitz and Stegun 1964, 7.1.6), and beyond it from the complement.
    /// </summary>
    public static double Error(double x) => Math.Abs(x) < SeriesEnds ? Series(x) : Math.Sign(x) * (1 - Fraction(Math.Abs(x)));

    private static double ErrorComplement(double x) => Math.Abs(x) < SeriesEnds ? 1 - Series(x) : x > 0 ? Fraction(x) : 2 - Fraction(-x);

    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 - erf(x) as the continued fraction exp(-x^2) / sqrt(pi) / (x + 1/2 / (x + 1 / (x + 3/2 / ...))) (7.1.14 there), by Lentz's method.</summary>
    private static double Fraction(double x)
    {
        var (f, c, d) = (x, x, 0.0);
        for (var n = 1; n < 200; n++)
        {
            var a = n / 2.0;
            d = 1 / Math.Max(x + (a * d), Smallest);
            c = x + (a / c);
            f *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-16)
            {
                break;
            }
        }

        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * f);
    }
}
