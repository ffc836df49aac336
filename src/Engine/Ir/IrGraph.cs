using BrainModular.Models;

namespace BrainModular.Engine.Ir;

/// <summary>
/// Makes nodes. The same operation on the same operands gives the same node (hash-consing, which is common subexpression elimination),
/// and what can be computed or simplified is, on the way in (<see cref="Simplification"/>).
/// </summary>
public sealed class IrGraph
{
    private readonly Dictionary<Key, IrNode> known = [];

    public int Count => known.Count;

    public IrNode Constant(double value) => Intern(new(IrOp.Constant, null, null, null, BitConverter.DoubleToUInt64Bits(value), null), value);

    public IrNode Bits(ulong pattern) => Intern(new(IrOp.BitConstant, null, null, null, pattern, null));

    public IrNode Input(IrInput input) => Intern(new(IrOp.Input, null, null, null, 0, input));

    public IrNode Heaviside(IrNode x, ISurrogate surrogate) => Intern(new(IrOp.Heaviside, x, null, null, 0, surrogate));

    public IrNode Shift(IrOp direction, IrNode pattern, int distance) => Intern(new(direction, pattern, null, null, (ulong)distance, null));

    public IrNode Add(IrNode a, IrNode b) => Make(IrOp.Add, a, b);

    public IrNode Subtract(IrNode a, IrNode b) => Make(IrOp.Subtract, a, b);

    public IrNode Multiply(IrNode a, IrNode b) => Make(IrOp.Multiply, a, b);

    public IrNode Divide(IrNode a, IrNode b) => Make(IrOp.Divide, a, b);

    public IrNode Negate(IrNode a) => Make(IrOp.Negate, a);

    public IrNode Select(IrNode mask, IrNode then, IrNode otherwise) => Make(IrOp.Select, mask, then, otherwise);

    public IrNode Less(IrNode a, IrNode b) => Make(IrOp.Less, a, b);

    /// <summary>The node for an operation without payload, simplified where that is possible.</summary>
    public IrNode Make(IrOp op, params IrNode[] operands) =>
        Simplification.Try(this, op, operands) ?? Intern(new(op, operands.ElementAtOrDefault(0), operands.ElementAtOrDefault(1), operands.ElementAtOrDefault(2), 0, null));

    /// <summary>The node with the same operation and payload on other operands.</summary>
    public IrNode Like(IrNode node, params IrNode[] operands) => node.Op switch
    {
        IrOp.Constant => Constant(node.Value),
        IrOp.BitConstant => Bits(node.Bits),
        IrOp.Input => Input(node.Input!),
        IrOp.Heaviside => Heaviside(operands[0], node.Surrogate!),
        IrOp.ShiftLeft or IrOp.ShiftRight => Shift(node.Op, operands[0], (int)node.Bits),
        _ => Make(node.Op, operands),
    };

    private IrNode Intern(Key key, double value = 0)
    {
        if (!known.TryGetValue(key, out var node))
        {
            IrNode[] operands = key.C is not null ? [key.A!, key.B!, key.C] : key.B is not null ? [key.A!, key.B] : key.A is not null ? [key.A] : [];
            known[key] = node = new(known.Count, key.Op, operands)
            {
                Value = value,
                Bits = key.Op == IrOp.Constant ? 0 : key.Bits,
                Input = key.Payload as IrInput,
                Surrogate = key.Payload as ISurrogate,
            };
        }

        return node;
    }

    private sealed record Key(IrOp Op, IrNode? A, IrNode? B, IrNode? C, ulong Bits, object? Payload);
}
