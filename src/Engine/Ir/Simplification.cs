namespace BrainModular.Engine.Ir;

/// <summary>
/// What is known of an operation before any number is: constants are computed, neutral elements vanish, division by a constant becomes
/// multiplication by its reciprocal. A product with 0 is taken to be 0, as the adjoint's sparsity needs; models keep their values finite.
/// </summary>
internal static class Simplification
{
    public static IrNode? Try(IrGraph graph, IrOp op, IrNode[] x)
    {
        if (x.Length > 0 && x.All(static n => n.IsConstant) && Fold(graph, op, x) is { } folded)
        {
            return folded;
        }

        return op switch
        {
            IrOp.Add => Sum(graph, x[0], x[1]),
            IrOp.Subtract => Difference(graph, x[0], x[1]),
            IrOp.Multiply => Product(graph, x[0], x[1]),
            IrOp.Divide => Quotient(graph, x[0], x[1]),
            IrOp.Negate when x[0].Op == IrOp.Negate => x[0].Operands[0],
            IrOp.Negate when x[0].Op == IrOp.Subtract => graph.Subtract(x[0].Operands[1], x[0].Operands[0]),
            IrOp.Select when x[1] == x[2] => x[1],
            IrOp.Select when Known(x[0]) is { } holds => holds ? x[1] : x[2],
            IrOp.And or IrOp.Or when x[0] == x[1] => x[0],
            IrOp.Not when x[0].Op == IrOp.Not => x[0].Operands[0],
            IrOp.Min or IrOp.Max when x[0] == x[1] => x[0],
            _ => null,
        };
    }

    private static IrNode? Fold(IrGraph graph, IrOp op, IrNode[] x)
    {
        var a = x[0].Value;
        var b = x.Length > 1 ? x[1].Value : 0;
        double? value = op switch
        {
            IrOp.Add => a + b,
            IrOp.Subtract => a - b,
            IrOp.Multiply => a * b,
            IrOp.Divide => a / b,
            IrOp.Negate => -a,
            IrOp.Abs => Math.Abs(a),
            IrOp.Sqrt => Math.Sqrt(a),
            IrOp.Min => a < b ? a : b,
            IrOp.Max => a > b ? a : b,
            IrOp.Exp => Math.Exp(a),
            IrOp.Log => Math.Log(a),
            IrOp.Tanh => Math.Tanh(a),
            IrOp.Sigmoid => 1 / (1 + Math.Exp(-a)),
            IrOp.Linoid => Reference.Linoid(a),
            IrOp.LinoidSlope => Reference.LinoidSlope(a),
            IrOp.Exprel => Reference.Exprel(a),
            IrOp.ExprelSlope => Reference.ExprelSlope(a),
            _ => null,
        };
        return value is { } v ? graph.Constant(v) : null;
    }

    private static IrNode? Sum(IrGraph graph, IrNode a, IrNode b) =>
        Is(a, 0) ? b
        : Is(b, 0) ? a
        : b.Op == IrOp.Negate ? graph.Subtract(a, b.Operands[0])
        : a.Op == IrOp.Negate ? graph.Subtract(b, a.Operands[0])
        : Complement(a, b) ? graph.Select(a.Operands[0], graph.Add(a.Operands[1], b.Operands[1]), graph.Add(a.Operands[2], b.Operands[2]))
        : a.Id > b.Id ? graph.Add(b, a)
        : null;

    private static IrNode? Difference(IrGraph graph, IrNode a, IrNode b) =>
        Is(b, 0) ? a
        : Is(a, 0) ? graph.Negate(b)
        : a == b ? graph.Constant(0)
        : Is(a, 1) && IsIndicator(b) ? graph.Select(b.Operands[0], b.Operands[2], b.Operands[1])
        : b.Op == IrOp.Negate ? graph.Add(a, b.Operands[0])
        : a.Op == IrOp.Negate ? graph.Negate(graph.Add(a.Operands[0], b))
        : null;

    private static IrNode? Product(IrGraph graph, IrNode a, IrNode b) =>
        Is(a, 0) || Is(b, 0) ? graph.Constant(0)
        : Is(a, 1) ? b
        : Is(b, 1) ? a
        : Is(a, -1) ? graph.Negate(b)
        : Is(b, -1) ? graph.Negate(a)
        : IsIndicator(b) ? graph.Select(b.Operands[0], Scale(graph, a, b.Operands[1]), Scale(graph, a, b.Operands[2]))
        : IsIndicator(a) ? graph.Multiply(b, a)
        : a.IsConstant ? ScaledBy(graph, b, a)
        : b.IsConstant ? graph.Multiply(b, a)
        : a.Op == IrOp.Negate ? graph.Negate(graph.Multiply(a.Operands[0], b))
        : b.Op == IrOp.Negate ? graph.Negate(graph.Multiply(a, b.Operands[0]))
        : a.Id > b.Id ? graph.Multiply(b, a)
        : null;

    /// <summary>A choice between 0 and 1 selects instead of multiplying, so what is not chosen may be anything.</summary>
    private static bool IsIndicator(IrNode node) => node.Op == IrOp.Select
        && ((Is(node.Operands[1], 0) && Is(node.Operands[2], 1)) || (Is(node.Operands[1], 1) && Is(node.Operands[2], 0)));

    /// <summary>Two choices by the same mask of which one is 0 where the other is not: their sum is one choice.</summary>
    private static bool Complement(IrNode a, IrNode b) => a.Op == IrOp.Select && b.Op == IrOp.Select && a.Operands[0] == b.Operands[0]
        && ((Is(a.Operands[1], 0) && Is(b.Operands[2], 0)) || (Is(a.Operands[2], 0) && Is(b.Operands[1], 0)));

    private static IrNode Scale(IrGraph graph, IrNode x, IrNode indicator) => indicator.Value == 0 ? graph.Constant(0) : x;

    /// <summary>A constant times a constant times x is one constant times x.</summary>
    private static IrNode? ScaledBy(IrGraph graph, IrNode x, IrNode factor) => x switch
    {
        { Op: IrOp.Multiply } when x.Operands[0].IsConstant => graph.Multiply(graph.Constant(factor.Value * x.Operands[0].Value), x.Operands[1]),
        { Op: IrOp.Negate } => graph.Multiply(graph.Constant(-factor.Value), x.Operands[0]),
        _ => null,
    };

    private static IrNode? Quotient(IrGraph graph, IrNode a, IrNode b) =>
        Is(a, 0) ? a
        : b.IsConstant && b.Value != 0 ? graph.Multiply(graph.Constant(1 / b.Value), a)
        : a.Op == IrOp.Negate ? graph.Negate(graph.Divide(a.Operands[0], b))
        : b.Op == IrOp.Negate ? graph.Negate(graph.Divide(a, b.Operands[0]))
        : a.Op == IrOp.Multiply && a.Operands[0].IsConstant ? graph.Multiply(a.Operands[0], graph.Divide(a.Operands[1], b))
        : b.Op == IrOp.Multiply && b.Operands[0].IsConstant ? graph.Multiply(graph.Constant(1 / b.Operands[0].Value), graph.Divide(a, b.Operands[1]))
        : a.Op == IrOp.Divide && b.Op == IrOp.Divide && a.Operands[1] == b.Operands[1] ? graph.Divide(a.Operands[0], b.Operands[0])
        : null;

    /// <summary>What a mask is where that is known: a comparison of constants, and what follows from it.</summary>
    private static bool? Known(IrNode mask) => mask.Op switch
    {
        IrOp.Less when mask.Operands.All(static o => o.IsConstant) => mask.Operands[0].Value < mask.Operands[1].Value,
        IrOp.LessOrEqual when mask.Operands.All(static o => o.IsConstant) => mask.Operands[0].Value <= mask.Operands[1].Value,
        IrOp.Not => !Known(mask.Operands[0]),
        IrOp.And => Known(mask.Operands[0]) & Known(mask.Operands[1]),
        IrOp.Or => Known(mask.Operands[0]) | Known(mask.Operands[1]),
        _ => null,
    };

    private static bool Is(IrNode node, double value) => node.IsConstant && node.Value == value;
}
