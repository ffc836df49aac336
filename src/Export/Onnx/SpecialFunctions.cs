namespace BrainModular.Export.Onnx;

/// <summary>
/// Functions that ONNX lacks, or has with an error that matters here, from operators that every runtime has. With t = tanh(x/2), which stays
/// accurate near 0, exp(x) - 1 = t (exp(x) + 1) without cancellation; so x / (1 - exp(-x)) = x / (t (1 + exp(-x))).
/// </summary>
internal static class SpecialFunctions
{
    /// <summary>Below this the quotients 0/0 are replaced by 1 + x/2, whose error x^2/12 is then less than half a unit in the last place of float32.</summary>
    private const double NearZeroSingle = 5e-4;

    /// <summary>The same for float64.</summary>
    private const double NearZeroDouble = 3e-8;

    /// <summary>Below this the slopes' differences cancel and their power series take over.</summary>
    private const double SeriesRange = 0.5;

    /// <summary>Where the engine's exponential saturates instead of leaving the format: the logarithms of the smallest normal and the largest number.</summary>
    private static readonly (double Low, double High) ExponentsSingle = (-87.33654, 88.72283);

    private static readonly (double Low, double High) ExponentsDouble = (-708.39641853226408, 709.78271289338397);

    /// <summary>Above these (exp(x) - 1) / x keeps its value, as the engine's does.</summary>
    private const double LargestExprelSingle = 83.895;

    private const double LargestExprelDouble = 702.872;

    /// <summary>Coefficients of x, x^3, x^5, ... in the derivative of x / (1 - exp(-x)): 2k B_2k / (2k)! with Bernoulli's numbers.</summary>
    private static readonly double[] LinoidSlopeSeries =
        [1.0 / 6, -1.0 / 180, 1.0 / 5040, -1.0 / 151200, 1.0 / 4790016, -691.0 / 108972864000, 1.0 / 5337446400];

    /// <summary>Coefficients of 1, x, x^2, ... in the derivative of (exp(x) - 1) / x: (k + 1) / (k + 2)!.</summary>
    private static readonly double[] ExprelSlopeSeries = [.. Enumerable.Range(0, 14).Select(static k => (k + 1) / Factorial(k + 2))];

    public static string Exp(NodeList nodes, string[] x)
    {
        var (low, high) = nodes.IsSingle ? ExponentsSingle : ExponentsDouble;
        return nodes.Add("Exp", nodes.Add("Clip", x[0], nodes.Constant(low), nodes.Constant(high)));
    }

    /// <summary>1 / (1 + exp(-x)): runtimes' own Sigmoid is an approximation that is right only to about 1e-7 of 1, not of its value.</summary>
    public static string Sigmoid(NodeList nodes, string[] x) =>
        nodes.Add("Div", nodes.Constant(1), OnePlusExp(nodes, nodes.Add("Neg", x)));

    public static string Linoid(NodeList nodes, string[] x)
    {
        var denominator = nodes.Add("Mul", HalfTanh(nodes, x[0]), OnePlusExp(nodes, nodes.Add("Neg", x)));
        return OrTangentNearZero(nodes, x[0], nodes.Add("Div", x[0], denominator));
    }

    public static string Exprel(NodeList nodes, string[] x)
    {
        var limited = nodes.Add("Min", x[0], nodes.Constant(nodes.IsSingle ? LargestExprelSingle : LargestExprelDouble));
        var numerator = nodes.Add("Mul", HalfTanh(nodes, limited), OnePlusExp(nodes, limited));
        return OrTangentNearZero(nodes, x[0], nodes.Add("Div", numerator, limited));
    }

    /// <summary>L + L (1 - L) / x with L = x / (1 - exp(-x)), and its series near 0.</summary>
    public static string LinoidSlope(NodeList nodes, string[] x)
    {
        var linoid = Linoid(nodes, x);
        var rest = nodes.Add("Div", nodes.Add("Mul", linoid, nodes.Add("Sub", nodes.Constant(1), linoid)), x[0]);
        var series = nodes.Add("Mul", x[0], Polynomial(nodes, nodes.Add("Mul", x[0], x[0]), LinoidSlopeSeries));
        return OrSeriesNearZero(nodes, x[0], nodes.Add("Add", linoid, rest), nodes.Add("Add", nodes.Constant(0.5), series));
    }

    /// <summary>E + (1 - E) / x with E = (exp(x) - 1) / x, and its series near 0.</summary>
    public static string ExprelSlope(NodeList nodes, string[] x)
    {
        var exprel = Exprel(nodes, x);
        var rest = nodes.Add("Div", nodes.Add("Sub", nodes.Constant(1), exprel), x[0]);
        return OrSeriesNearZero(nodes, x[0], nodes.Add("Add", exprel, rest), Polynomial(nodes, x[0], ExprelSlopeSeries));
    }

    private static string HalfTanh(NodeList nodes, string x) => nodes.Add("Tanh", nodes.Add("Mul", nodes.Constant(0.5), x));

    private static string OnePlusExp(NodeList nodes, string x) => nodes.Add("Add", nodes.Constant(1), Exp(nodes, [x]));

    private static string OrTangentNearZero(NodeList nodes, string x, string elsewhere)
    {
        var near = nodes.Add("Less", nodes.Add("Abs", x), nodes.Constant(nodes.IsSingle ? NearZeroSingle : NearZeroDouble));
        var tangent = nodes.Add("Add", nodes.Constant(1), nodes.Add("Mul", nodes.Constant(0.5), x));
        return nodes.Add("Where", near, tangent, elsewhere);
    }

    private static string OrSeriesNearZero(NodeList nodes, string x, string elsewhere, string series) =>
        nodes.Add("Where", nodes.Add("Less", nodes.Add("Abs", x), nodes.Constant(SeriesRange)), series, elsewhere);

    private static string Polynomial(NodeList nodes, string x, double[] coefficients)
    {
        var sum = nodes.Constant(coefficients[^1]);
        for (var index = coefficients.Length - 2; index >= 0; index--)
        {
            sum = nodes.Add("Add", nodes.Add("Mul", sum, x), nodes.Constant(coefficients[index]));
        }

        return sum;
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
