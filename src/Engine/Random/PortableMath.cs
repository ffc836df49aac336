namespace BrainModular.Engine.Random;

/// <summary>Functions from additions, multiplications and divisions only, which give the same bits on every machine; the C library's do not.</summary>
internal static class PortableMath
{
    private const int LogTerms = 13;
    private const int CosineTerms = 11;
    private const double SqrtHalf = 0.70710678118654752;
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm of a positive normal number: 2 artanh((m - 1) / (m + 1)) + e ln 2, as a series, for x = m 2^e.</summary>
    public static double Log(double x)
    {
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa * SqrtHalf > 1)
        {
            (mantissa, exponent) = (mantissa * 0.5, exponent + 1);
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        for (var n = LogTerms; n >= 1; n--)
        {
            sum = (sum * square) + (1.0 / ((2 * n) + 1));
        }

        return (exponent * Ln2High) + ((exponent * Ln2Low) + (2 * s) + (2 * s * square * sum));
    }

    /// <summary>cos(2 pi t) for t from 0 to 1, by the symmetries of the circle and the series of the eighth turn that is left.</summary>
    public static double CosineOfTurns(double t)
    {
        var half = t > 0.5 ? 1 - t : t;
        var quarter = half > 0.25 ? 0.5 - half : half;
        var sign = half > 0.25 ? -1.0 : 1.0;
        return sign * (quarter <= 0.125 ? Series(quarter, 0) : Series(0.25 - quarter, 1));
    }

    // The cosine (first = 0) or the sine (first = 1) of so many turns.
    private static double Series(double turns, int first)
    {
        var x = 2 * Math.PI * turns;
        var square = x * x;
        var sum = 1.0;
        for (var n = CosineTerms; n >= 1; n--)
        {
            var k = (2 * n) + first;
            sum = 1 - (square / (k * (k - 1)) * sum);
        }

        return first == 0 ? sum : x * sum;
    }
}
