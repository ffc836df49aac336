namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// The exponential and what is made of it. x = n ln 2 + r with n whole and |r| at most ln(2) / 2; exp(x) = 2^n (1 + r + r^2 P(r)).
/// Adding a large number to x / ln 2 leaves n in the low bits of the sum, from where a shift moves it to the exponent's place.
/// </summary>
internal sealed class LoweringExponential(IrGraph graph, LoweringFormat format)
{
    public IrGraph Graph => graph;

    public LoweringFormat Format => format;

    /// <summary>exp(x); the exponent is added to the pattern of exp(r), so the largest results do not need 2^n to be a number.</summary>
    public IrNode Exp(IrNode x)
    {
        var (q, shifted) = Reduce(Within(format.ExpLimits.Low, format.ExpLimits.High, 1, x));
        return graph.Make(IrOp.BitAdd, graph.Add(graph.Constant(1), q), shifted);
    }

    /// <summary>
    /// 1 / (1 + exp(-x)), the sum taken as (s q + the smaller of s and 1) + the larger, s = 2^n, which rounds hardly more than once.
    /// </summary>
    public IrNode Sigmoid(IrNode x)
    {
        var (low, high) = (format.Expm1Limits.Low, -format.ExpLimits.Low);
        var (s, q) = Scaled(Within(low, high, -1, x));
        var one = graph.Constant(1);
        var sum = graph.Add(Fma(s, q, graph.Make(IrOp.Min, s, one)), graph.Make(IrOp.Max, s, one));
        return graph.Divide(one, sum);
    }

    /// <summary>
    /// With y = -2 |x|: -expm1(y) / (expm1(y) + 2), and the sign of x. Numerator and denominator are each rounded once, from the parts of
    /// expm1, and negative y keeps both from cancelling.
    /// </summary>
    public IrNode Tanh(IrNode x)
    {
        var (s, q) = Scaled(graph.Make(IrOp.Max, graph.Constant(-format.TanhLimit), graph.Multiply(graph.Constant(-2), graph.Make(IrOp.Abs, x))));
        var one = graph.Constant(1);
        var above = graph.Make(IrOp.FmaNegate, s, q, graph.Subtract(one, s));
        var below = Fma(s, q, graph.Add(one, s));
        var sign = graph.Make(IrOp.BitAnd, x, graph.Bits(format.SignMask));
        return graph.Make(IrOp.BitOr, graph.Divide(above, below), sign);
    }

    /// <summary>exp(x) - 1 for x within <see cref="LoweringFormat.Expm1Limits"/>: s q + (s - 1), s = 2^n, q = exp(r) - 1.</summary>
    public IrNode Expm1(IrNode x)
    {
        var (s, q) = Scaled(x);
        return Fma(s, q, graph.Subtract(s, graph.Constant(1)));
    }

    /// <summary>exp(x) for x within <see cref="LoweringFormat.Expm1Limits"/>, from the same parts as <see cref="Expm1"/>.</summary>
    public IrNode ExpOfParts(IrNode x)
    {
        var (s, q) = Scaled(x);
        return Fma(s, q, s);
    }

    /// <summary>x between two limits; a NaN passes, because it is the second operand.</summary>
    public IrNode Clamp(double low, double high, IrNode x) =>
        graph.Make(IrOp.Min, graph.Constant(high), graph.Make(IrOp.Max, graph.Constant(low), x));

    /// <summary>
    /// The coefficients' polynomial of x, neighbours joined in pairs, the pairs again with x^2, x^4 and so on: one operation more for each power,
    /// and a chain that grows with the logarithm of the degree, which is what a step of few units waits for.
    /// </summary>
    public IrNode Polynomial(IrNode x, ReadOnlySpan<double> coefficients)
    {
        var terms = new IrNode[coefficients.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            terms[i] = graph.Constant(coefficients[i]);
        }

        return Joined(terms, x);
    }

    public IrNode Fma(IrNode a, IrNode b, IrNode c) => graph.Make(IrOp.Fma, a, b, c);

    /// <summary>
    /// An argument x = c y between two limits, and x / ln 2 with the rounder added, which is made of y: it need not wait for the product.
    /// A NaN passes, because it is the second operand.
    /// </summary>
    private (IrNode X, IrNode Rounded) Within(double low, double high, double factor, IrNode x)
    {
        var isScaled = x.Op == IrOp.Multiply && x.Operands[0].IsConstant && Math.Abs(x.Operands[0].Value) is > 1e-30 and < 1e30;
        var (c, y) = isScaled ? (factor * x.Operands[0].Value, x.Operands[1]) : (factor, x);
        if (c != 1)
        {
            // The product is rounded once more.
            (low, high) = (low * (1 - format.Epsilon), high * (1 - format.Epsilon));
        }

        y = c > 0 ? Clamp(low / c, high / c, y) : Clamp(high / c, low / c, y);
        return (graph.Multiply(graph.Constant(c), y), Fma(y, graph.Constant(c / Math.Log(2)), graph.Constant(format.Rounder)));
    }

    /// <summary>q = exp(r) - 1, and n at the place of the exponent.</summary>
    private (IrNode Q, IrNode Shifted) Reduce((IrNode X, IrNode Rounded) argument)
    {
        var (x, t) = argument;
        var n = graph.Subtract(t, graph.Constant(format.Rounder));
        var near = graph.Make(IrOp.FmaNegate, n, graph.Constant(format.Ln2.High), x);
        var r = graph.Make(IrOp.FmaNegate, n, graph.Constant(format.Ln2.Low), near);
        var higher = format.Ln2.LowIsLinear ? near : r;
        return (Joined([r, .. Pairs([.. format.Exponential.Select(graph.Constant)], higher)], graph.Multiply(higher, higher)), graph.Shift(IrOp.ShiftLeft, t, format.MantissaBits));
    }

    private IrNode Joined(IrNode[] terms, IrNode x)
    {
        while (terms.Length > 1)
        {
            terms = Pairs(terms, x);
            x = terms.Length > 1 ? graph.Multiply(x, x) : x;
        }

        return terms[0];
    }

    private IrNode[] Pairs(IrNode[] terms, IrNode x) =>
        [.. terms.Chunk(2).Select(pair => pair.Length == 2 ? Fma(pair[1], x, pair[0]) : pair[0])];

    private (IrNode S, IrNode Q) Scaled((IrNode X, IrNode Rounded) argument)
    {
        var (q, shifted) = Reduce(argument);
        return (graph.Make(IrOp.BitAdd, shifted, graph.Bits(format.One)), q);
    }

    private (IrNode S, IrNode Q) Scaled(IrNode x) => Scaled((x, Fma(x, graph.Constant(1 / Math.Log(2)), graph.Constant(format.Rounder))));
}
