using BrainModular.Engine.Tracing;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Ir;

/// <summary>
/// The partial derivative of every operation by each of its operands, as nodes: the one table behind adjoints, tangents and
/// exponential integrators. Special functions are differentiated by their own rules, never through the polynomials they are lowered to.
/// </summary>
internal static class DerivativeRules
{
    private delegate IrNode? Rule(IrGraph graph, IrNode node, int operand);

    private static readonly Dictionary<IrOp, Rule> Table = new()
    {
        [IrOp.Constant] = static (_, _, _) => null,
        [IrOp.Input] = static (_, _, _) => null,
        [IrOp.Add] = static (g, _, _) => g.Constant(1),
        [IrOp.Subtract] = static (g, _, i) => g.Constant(i == 0 ? 1 : -1),
        [IrOp.Multiply] = static (_, n, i) => n.Operands[1 - i],
        [IrOp.Divide] = static (g, n, i) => i == 0 ? Inverse(g, n.Operands[1]) : g.Negate(g.Multiply(n, Inverse(g, n.Operands[1]))),
        [IrOp.Negate] = static (g, _, _) => g.Constant(-1),
        [IrOp.Abs] = static (g, n, _) => g.Select(g.Less(n.Operands[0], g.Constant(0)), g.Constant(-1), Where(g, g.Less(g.Constant(0), n.Operands[0]))),
        [IrOp.Sqrt] = static (g, n, _) => g.Divide(g.Constant(0.5), n),
        [IrOp.Min] = static (g, n, i) => Chosen(g, g.Make(IrOp.LessOrEqual, n.Operands[0], n.Operands[1]), i),
        [IrOp.Max] = static (g, n, i) => Chosen(g, g.Make(IrOp.LessOrEqual, n.Operands[1], n.Operands[0]), i),
        [IrOp.Exp] = static (_, n, _) => n,
        [IrOp.Log] = static (g, n, _) => Inverse(g, n.Operands[0]),
        [IrOp.Tanh] = static (g, n, _) => g.Subtract(g.Constant(1), g.Multiply(n, n)),
        [IrOp.Sigmoid] = static (g, n, _) => g.Multiply(n, g.Subtract(g.Constant(1), n)),
        [IrOp.Linoid] = static (g, n, _) => g.Make(IrOp.LinoidSlope, n.Operands[0]),
        [IrOp.Exprel] = static (g, n, _) => g.Make(IrOp.ExprelSlope, n.Operands[0]),
        [IrOp.LinoidSlope] = static (g, n, _) => LinoidCurvature(g, n.Operands[0]),
        [IrOp.ExprelSlope] = static (g, n, _) => ExprelCurvature(g, n.Operands[0]),
        [IrOp.Less] = static (_, _, _) => null,
        [IrOp.LessOrEqual] = static (_, _, _) => null,
        [IrOp.And] = static (_, _, _) => null,
        [IrOp.Or] = static (_, _, _) => null,
        [IrOp.Not] = static (_, _, _) => null,
        [IrOp.Select] = static (g, n, i) => i == 0 ? null : Chosen(g, n.Operands[0], i - 1),
        [IrOp.Heaviside] = static (g, n, _) => SurrogateDerivative(g, n),
    };

    /// <summary>The partial derivative by one operand; null where it is zero everywhere.</summary>
    public static IrNode? Partial(IrGraph graph, IrNode node, int operand) => Table.TryGetValue(node.Op, out var rule)
        ? rule(graph, node, operand)
        : throw new InvalidOperationException($"{node.Op} has no derivative: differentiate before lowering");

    public static bool Knows(IrOp op) => Table.ContainsKey(op);

    private static IrNode Inverse(IrGraph g, IrNode x) => g.Divide(g.Constant(1), x);

    private static IrNode Where(IrGraph g, IrNode mask) => g.Select(mask, g.Constant(1), g.Constant(0));

    private static IrNode Chosen(IrGraph g, IrNode first, int operand) =>
        g.Select(first, g.Constant(operand == 0 ? 1 : 0), g.Constant(operand == 0 ? 0 : 1));

    private static IrNode SurrogateDerivative(IrGraph graph, IrNode node)
    {
        var x = new Symbol("x", SymbolKind.Input, Dimension.None);
        return new Translation(graph, new Dictionary<Symbol, IrNode> { [x] = node.Operands[0] }).Node(node.Surrogate!.Derivative(x));
    }

    /// <summary>The second derivative of x / (1 - exp(-x)), from L' = L + L (1 - L) / x; its series within 1/2 of 0.</summary>
    private static IrNode LinoidCurvature(IrGraph g, IrNode x)
    {
        var (near, safe) = NearZero(g, x);
        var l = g.Make(IrOp.Linoid, safe);
        var slope = g.Make(IrOp.LinoidSlope, safe);
        var one = g.Constant(1);
        var change = g.Multiply(slope, g.Subtract(one, g.Add(l, l)));
        var far = g.Add(slope, g.Divide(g.Subtract(change, g.Divide(g.Multiply(l, g.Subtract(one, l)), safe)), safe));
        var odd = Reference.LinoidSlopeSeries.Select(static (c, k) => c * ((2 * k) + 1)).ToArray();
        return g.Select(near, Series(g, g.Multiply(x, x), odd), far);
    }

    /// <summary>The second derivative of (exp(x) - 1) / x, from E' = E + (1 - E) / x; its series within 1/2 of 0.</summary>
    private static IrNode ExprelCurvature(IrGraph g, IrNode x)
    {
        var (near, safe) = NearZero(g, x);
        var e = g.Make(IrOp.Exprel, safe);
        var slope = g.Make(IrOp.ExprelSlope, safe);
        var far = g.Subtract(slope, g.Divide(g.Add(slope, g.Divide(g.Subtract(g.Constant(1), e), safe)), safe));
        var shifted = Reference.ExprelSlopeSeries.Select(static (c, k) => c * k).Skip(1).ToArray();
        return g.Select(near, Series(g, x, shifted), far);
    }

    /// <summary>Whether x is near 0, and x with those values replaced by 1, so that the far branch stays finite everywhere.</summary>
    private static (IrNode Near, IrNode Safe) NearZero(IrGraph g, IrNode x)
    {
        var near = g.Less(g.Make(IrOp.Abs, x), g.Constant(0.5));
        return (near, g.Select(near, g.Constant(1), x));
    }

    private static IrNode Series(IrGraph g, IrNode x, double[] coefficients) =>
        coefficients.Reverse().Aggregate(g.Constant(0), (sum, c) => g.Add(g.Multiply(sum, x), g.Constant(c)));
}
