namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// x / (1 - exp(-x)), (exp(x) - 1) / x and their derivatives, without a singularity at 0 and without cancellation anywhere.
/// </summary>
internal static class LoweringQuotients
{
    /// <summary>z / (exp(z) - 1) + max(x, 0) with z = |x|.</summary>
    public static IrNode Linoid(LoweringExponential e, IrNode x)
    {
        var (_, _, b) = Bernoulli(e, x);
        return e.Graph.Add(b, e.Graph.Make(IrOp.Max, e.Graph.Constant(0), x));
    }

    /// <summary>
    /// g = (B + z - 1) / (exp(z) - 1) for negative x and 1 - g for positive, z = |x|, B = z / (exp(z) - 1); its odd series near 0.
    /// </summary>
    public static IrNode LinoidSlope(LoweringExponential e, IrNode x)
    {
        var graph = e.Graph;
        var (z, d, b) = Bernoulli(e, x);
        var one = graph.Constant(1);
        var g = graph.Divide(graph.Add(b, graph.Subtract(z, one)), d);
        var far = graph.Select(graph.Less(x, graph.Constant(0)), g, graph.Subtract(one, g));
        var near = e.Fma(x, e.Polynomial(graph.Multiply(z, z), e.Format.LinoidSlope.Coefficients), graph.Constant(0.5));
        return graph.Select(graph.Less(z, graph.Constant(e.Format.LinoidSlope.Limit)), near, far);
    }

    /// <summary>(exp(x) - 1) / x, and 1 at 0.</summary>
    public static IrNode Exprel(LoweringExponential e, IrNode x)
    {
        var graph = e.Graph;
        var (high, c) = Clamped(e, x);
        var zero = graph.Make(IrOp.LessOrEqual, graph.Make(IrOp.Abs, x), graph.Constant(0));
        return graph.Select(zero, graph.Constant(1), graph.Divide(e.Expm1(c), high));
    }

    /// <summary>(exp(x) - exprel(x)) / x; its series near 0.</summary>
    public static IrNode ExprelSlope(LoweringExponential e, IrNode x)
    {
        var graph = e.Graph;
        var (high, c) = Clamped(e, x);
        var far = graph.Divide(graph.Subtract(e.ExpOfParts(c), Exprel(e, x)), high);
        var near = e.Polynomial(x, e.Format.ExprelSlope.Coefficients);
        return graph.Select(graph.Less(graph.Make(IrOp.Abs, x), graph.Constant(e.Format.ExprelSlope.Limit)), near, far);
    }

    /// <summary>x below the point where the functions come near the format's end, and also above the one where exp(x) does; NaN passes both.</summary>
    private static (IrNode High, IrNode Both) Clamped(LoweringExponential e, IrNode x)
    {
        var (low, high) = e.Format.Expm1Limits;
        var below = e.Graph.Make(IrOp.Min, e.Graph.Constant(high - Math.Log(high)), x);
        return (below, e.Graph.Make(IrOp.Max, e.Graph.Constant(low), below));
    }

    /// <summary>z = |x|, exp(z) - 1, and their quotient, which is 1 at 0.</summary>
    private static (IrNode Z, IrNode Expm1, IrNode Quotient) Bernoulli(LoweringExponential e, IrNode x)
    {
        var graph = e.Graph;
        var z = graph.Make(IrOp.Min, graph.Constant(e.Format.Expm1Limits.High), graph.Make(IrOp.Abs, x));
        var d = e.Expm1(z);
        var zero = graph.Make(IrOp.LessOrEqual, z, graph.Constant(0));
        return (z, d, graph.Select(zero, graph.Constant(1), graph.Divide(z, d)));
    }
}
