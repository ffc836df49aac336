namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// The natural logarithm: x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); log(1 + f) = f - f^2/2 + s (f^2/2 + R) with
/// s = f / (2 + f), R = s^2 Q(s^2).
/// </summary>
internal static class LoweringLogarithm
{
    public static IrNode Log(IrGraph graph, LoweringFormat format, IrNode x)
    {
        // Subnormal numbers are scaled into the normal range first.
        var subnormal = graph.Less(x, graph.Constant(format.SmallestNormal));
        var scaled = graph.Select(subnormal, graph.Multiply(graph.Constant(Math.ScaleB(1, format.MantissaBits)), x), x);
        var bias = graph.Select(subnormal, Bias(format.MantissaBits), Bias(0));

        // Moving the origin of the pattern to sqrt(1/2) makes its upper bits k and its lower bits the mantissa's distance from there.
        var moved = graph.Make(IrOp.BitAdd, scaled, graph.Bits(format.One - format.SqrtHalf));
        var exponent = graph.Make(IrOp.BitOr, graph.Shift(IrOp.ShiftRight, moved, format.MantissaBits), graph.Bits(PatternOf2ToMantissaBits(format)));
        var k = graph.Subtract(exponent, bias);
        var mantissa = graph.Make(IrOp.BitAdd, graph.Make(IrOp.BitAnd, moved, graph.Bits(format.MantissaMask)), graph.Bits(format.SqrtHalf));

        var f = graph.Subtract(mantissa, graph.Constant(1));
        var s = graph.Divide(f, graph.Add(graph.Constant(2), f));
        var z = graph.Multiply(s, s);
        var half = graph.Multiply(graph.Constant(0.5), f);
        var q = graph.Constant(format.Logarithm[^1]);
        foreach (var coefficient in format.Logarithm[..^1].Reverse())
        {
            q = Fma(q, z, graph.Constant(coefficient));
        }

        var inner = Fma(z, q, graph.Multiply(half, f));
        var tail = Fma(k, graph.Constant(format.Ln2.Low), graph.Multiply(s, inner));
        var fraction = graph.Add(graph.Make(IrOp.FmaNegate, half, f, tail), f);
        var log = Fma(k, graph.Constant(format.Ln2.High), fraction);

        var finite = graph.Select(graph.Less(x, graph.Constant(double.PositiveInfinity)), log, x);
        var pole = graph.Select(graph.Make(IrOp.LessOrEqual, graph.Constant(0), x), graph.Constant(double.NegativeInfinity), graph.Constant(double.NaN));
        return graph.Select(graph.Less(graph.Constant(0), x), finite, pole);

        IrNode Fma(IrNode a, IrNode b, IrNode c) => graph.Make(IrOp.Fma, a, b, c);

        IrNode Bias(int scale) => graph.Constant(Math.ScaleB(1, format.MantissaBits) + format.ExponentBias + scale);
    }

    /// <summary>A number whose low bits count in ones, so that an integer put there by a bitwise or is added to it.</summary>
    private static ulong PatternOf2ToMantissaBits(LoweringFormat format) => (ulong)(format.ExponentBias + format.MantissaBits) << format.MantissaBits;
}
