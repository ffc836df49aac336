using BrainModular.Models;

namespace BrainModular.Symbolics;

/// <summary>The functions of expressions, for <c>using static</c>.</summary>
public static class Functions
{
    /// <summary>e to the power x. Relative error at most 2 ulp in float32; saturates instead of overflowing.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Exp(Expr x) => Pure(Operation.Exp, "Exp", x);

    /// <summary>The natural logarithm of a positive number.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Log(Expr x) => Pure(Operation.Log, "Log", x);

    /// <summary>The hyperbolic tangent.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Tanh(Expr x) => Pure(Operation.Tanh, "Tanh", x);

    /// <summary>The logistic function 1 / (1 + exp(-x)).</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Sigmoid(Expr x) => Pure(Operation.Sigmoid, "Sigmoid", x);

    /// <summary>x / (1 - exp(-x)), exactly 1 at x = 0: the rate function of many ion channels, without its singularity.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Linoid(Expr x) => Pure(Operation.Linoid, "Linoid", x);

    /// <summary>(exp(x) - 1) / x, exactly 1 at x = 0.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Exprel(Expr x) => Pure(Operation.Exprel, "Exprel", x);

    /// <summary>The absolute value.</summary>
    public static Expr Abs(Expr x) => Expr.Node(Operation.Abs, x.Dimension, x);

    /// <summary>The square root; the dimension's exponents must be even.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: an exponent of x's dimension is odd.</exception>
    public static Expr Sqrt(Expr x) =>
        Expr.Node(Operation.Sqrt, x.Dimension.SquareRoot() ?? throw DimensionFault.NotANumber("Sqrt", x.Dimension), x);

    /// <summary>The smaller of two.</summary>
    public static Expr Min(Expr a, Expr b) => Expr.Node(Operation.Min, Expr.Same("compare", a, b), a, b);

    /// <summary>The larger of two.</summary>
    public static Expr Max(Expr a, Expr b) => Expr.Node(Operation.Max, Expr.Same("compare", a, b), a, b);

    /// <summary>x to an integer power, by repeated multiplication.</summary>
    public static Expr Power(Expr x, int exponent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(exponent), 64, nameof(exponent));
        if (exponent < 0)
        {
            return 1 / Power(x, -exponent);
        }

        Expr result = 1;
        for (var square = x; exponent > 0; exponent >>= 1, square *= square)
        {
            result = (exponent & 1) == 0 ? result : result.Operation == Operation.Constant ? square : result * square;
        }

        return result;
    }

    /// <summary>A positive pure number to a real power, exp(exponent log x).</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x or the exponent is not a pure number.</exception>
    public static Expr Power(Expr x, Expr exponent) => Exp(exponent * Log(x));

    /// <summary>One of two values, chosen by a condition. No gradient flows through the condition.</summary>
    public static Expr Where(Condition condition, Expr then, Expr otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Expr.Node(Operation.Select, Expr.Same("choose between", then, otherwise), condition.Expression, then, otherwise);
    }

    /// <summary>
    /// One of two values, chosen by a spike: <c>spike * then + (1 - spike) * otherwise</c>. The gradient flows through the spike,
    /// by its surrogate, and in smooth mode, where a spike lies between 0 and 1, the two values are blended.
    /// </summary>
    /// <param name="spike">0 or 1, from <see cref="IModelScope.Spike"/>.</param>
    /// <param name="then">The value where there is a spike.</param>
    /// <param name="otherwise">The value elsewhere.</param>
    public static Expr OnSpike(Expr spike, Expr then, Expr otherwise)
    {
        _ = Expr.Same("choose between", then, otherwise);
        return (spike * then) + ((1 - spike) * otherwise);
    }

    /// <summary>1 where x is at least 0, else 0; differentiated as the surrogate says.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4302: x is not a pure number.</exception>
    public static Expr Heaviside(Expr x, ISurrogate surrogate)
    {
        ArgumentNullException.ThrowIfNull(surrogate);
        return x.Dimension.IsNone ? Expr.Heaviside(x, surrogate) : throw DimensionFault.NotANumber("Heaviside", x.Dimension);
    }

    private static Expr Pure(Operation operation, string name, Expr x) =>
        x.Dimension.IsNone ? Expr.Node(operation, Dimension.None, x) : throw DimensionFault.NotANumber(name, x.Dimension);
}
