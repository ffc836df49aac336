namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// Replaces the functions that no processor has by polynomials and bit operations, the same ones on every machine. Afterwards the function
/// holds only operations that give the same bits wherever IEEE 754 with fused multiply-add holds.
/// </summary>
/// <remarks>
/// NaN in gives NaN out, for NaNs without a payload, the only ones that arithmetic makes. Exponentials saturate instead of overflowing:
/// exp(x) stays between the smallest normal and the largest number, 1 / (1 + exp(-x)) above the smallest normal number, and the quotients of
/// exponentials keep the value they have where exp(x) or x exp(x) would leave the format. log follows IEEE 754: -infinity at 0, NaN below it.
/// Errors in units in the last place, the worst of 116 million numbers spread over float32: exp 2.3, log 0.8, tanh 2.4, sigmoid 2.7, linoid 2.7,
/// exprel 2.7; the slopes of linoid and exprel, which only derivatives hold, 3.3 and 3.2. docs/decisions/kernels.md has float64 too.
/// </remarks>
public static class Lowering
{
    /// <summary>Given a node's lowered operand, the node that replaces it.</summary>
    private delegate IrNode Rule(LoweringExponential exponential, IrNode x);

    private static readonly Dictionary<IrOp, Rule> Rules = new()
    {
        [IrOp.Exp] = static (e, x) => e.Exp(x),
        [IrOp.Sigmoid] = static (e, x) => e.Sigmoid(x),
        [IrOp.Tanh] = static (e, x) => e.Tanh(x),
        [IrOp.Linoid] = static (e, x) => LoweringQuotients.Linoid(e, x),
        [IrOp.LinoidSlope] = static (e, x) => LoweringQuotients.LinoidSlope(e, x),
        [IrOp.Exprel] = static (e, x) => LoweringQuotients.Exprel(e, x),
        [IrOp.ExprelSlope] = static (e, x) => LoweringQuotients.ExprelSlope(e, x),
        [IrOp.Log] = static (e, x) => LoweringLogarithm.Log(e.Graph, e.Format, x),
        [IrOp.Heaviside] = static (e, x) => e.Graph.Select(e.Graph.Make(IrOp.LessOrEqual, e.Graph.Constant(0), x), e.Graph.Constant(1), e.Graph.Constant(0)),
    };

    /// <summary>The function in primitive operations, in a graph of its own.</summary>
    public static IrFunction Run(IrFunction function, Precision precision)
    {
        var exponential = new LoweringExponential(new IrGraph(), LoweringFormat.Of(precision));
        var rewriter = new Rewriter(exponential.Graph, (node, operands) =>
            Rules.TryGetValue(node.Op, out var rule) && !operands[0].IsConstant ? rule(exponential, operands[0])
            : node.Op == IrOp.Heaviside ? exponential.Graph.Constant(operands[0].Value >= 0 ? 1 : 0)
            : null);
        return rewriter.Rewrite(function) with { LoweredTo = precision };
    }
}
