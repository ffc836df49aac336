namespace BrainModular.Engine.Ir.Passes;

/// <summary>What can be proved of a value's sign from the ranges of its inputs, in exact arithmetic.</summary>
/// <param name="nonNegative">Inputs known never to be negative.</param>
/// <param name="positive">Inputs known to be greater than 0.</param>
internal sealed class SignAnalysis(Func<IrInput, bool> nonNegative, Func<IrInput, bool> positive)
{
    private readonly Dictionary<IrNode, bool> knownPositive = [];
    private readonly Dictionary<IrNode, bool> knownNonNegative = [];

    public bool IsPositive(IrNode node) => Memo(node, strictly: true);

    public bool IsNegative(IrNode node) => node.Op switch
    {
        IrOp.Constant => node.Value < 0,
        IrOp.Negate => IsPositive(node.Operands[0]),
        IrOp.Multiply or IrOp.Divide =>
            (IsNegative(node.Operands[0]) && IsPositive(node.Operands[1])) || (IsPositive(node.Operands[0]) && IsNegative(node.Operands[1])),
        _ => false,
    };

    private bool Memo(IrNode node, bool strictly)
    {
        var known = strictly ? knownPositive : knownNonNegative;
        if (!known.TryGetValue(node, out var result))
        {
            known[node] = result = strictly ? Positive(node) : NonNegative(node);
        }

        return result;
    }

    private bool Positive(IrNode n) => n.Op switch
    {
        IrOp.Constant => n.Value > 0,
        IrOp.Input => positive(n.Input!),
        IrOp.Exp or IrOp.Sigmoid or IrOp.Linoid or IrOp.LinoidSlope or IrOp.Exprel or IrOp.ExprelSlope => true,
        IrOp.Add => (Memo(n.Operands[0], true) && Memo(n.Operands[1], false)) || (Memo(n.Operands[0], false) && Memo(n.Operands[1], true)),
        IrOp.Multiply or IrOp.Divide or IrOp.Min => n.Operands.All(o => Memo(o, true)),
        IrOp.Max => n.Operands.Any(o => Memo(o, true)),
        IrOp.Select => Memo(n.Operands[1], true) && Memo(n.Operands[2], true),
        IrOp.Sqrt => Memo(n.Operands[0], true),
        _ => false,
    };

    private bool NonNegative(IrNode n) => Memo(n, true) || n.Op switch
    {
        IrOp.Constant => n.Value >= 0,
        IrOp.Input => nonNegative(n.Input!),
        IrOp.Abs or IrOp.Sqrt or IrOp.Heaviside => true,
        IrOp.Multiply when n.Operands[0] == n.Operands[1] => true,
        IrOp.Add or IrOp.Multiply or IrOp.Min => n.Operands.All(o => Memo(o, false)),
        IrOp.Divide => Memo(n.Operands[0], false) && Memo(n.Operands[1], true),
        IrOp.Max => n.Operands.Any(o => Memo(o, false)),
        IrOp.Select => Memo(n.Operands[1], false) && Memo(n.Operands[2], false),
        _ => false,
    };
}
