namespace BrainModular.Engine.Ir;

/// <summary>The special functions in plain float64, for constants and as the oracle of their lowered forms.</summary>
public static class Reference
{
    /// <summary>exp(x) - 1 without cancellation, by Kahan's quotient (1.1 ulp).</summary>
    public static double Expm1(double x)
    {
        var u = Math.Exp(x);
        return u == 1 ? x : u - 1 == -1 ? -1 : double.IsInfinity(u) ? u : (u - 1) * (x / Math.Log(u));
    }

    public static double Linoid(double x) => x == 0 ? 1 : x < -700 ? 0 : -x / Expm1(-x);

    public static double Exprel(double x) => x == 0 ? 1 : Expm1(x) / x;

    /// <summary>The derivative of x / (1 - exp(-x)): L + L (1 - L) / x, or its series with Bernoulli numbers near 0.</summary>
    public static double LinoidSlope(double x)
    {
        if (Math.Abs(x) < 0.5)
        {
            return 0.5 + (x * Polynomial(x * x, LinoidSlopeSeries));
        }

        var l = Linoid(x);
        return l + (l * (1 - l) / x);
    }

    /// <summary>The derivative of (exp(x) - 1) / x: E + (1 - E) / x, or its series near 0.</summary>
    public static double ExprelSlope(double x)
    {
        if (Math.Abs(x) < 0.5)
        {
            return Polynomial(x, ExprelSlopeSeries);
        }

        var e = Exprel(x);
        return e + ((1 - e) / x);
    }

    /// <summary>Coefficients of x, x^3, x^5, ...: 2k B_2k / (2k)!.</summary>
    internal static readonly double[] LinoidSlopeSeries =
        [1.0 / 6, -1.0 / 180, 1.0 / 5040, -1.0 / 151200, 1.0 / 4790016, -691.0 / 108972864000, 1.0 / 5337446400];

    /// <summary>Coefficients of 1, x, x^2, ...: (k + 1) / (k + 2)!.</summary>
    internal static readonly double[] ExprelSlopeSeries = [.. Enumerable.Range(0, 14).Select(static k => (k + 1) / Factorial(k + 2))];

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static double Polynomial(double x, double[] coefficients)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
