using BrainModular.Models;

namespace BrainModular.Engine.Ir;

/// <summary>A node of an <see cref="IrGraph"/>: immutable, and the only one of its kind there, so equality is identity.</summary>
public sealed class IrNode
{
    internal IrNode(int id, IrOp op, IrNode[] operands) => (Id, Op, Operands) = (id, op, operands);

    /// <summary>Its place in the order of creation; operands come before.</summary>
    public int Id { get; }

    public IrOp Op { get; }

    public IReadOnlyList<IrNode> Operands { get; }

    /// <summary>The number of a <see cref="IrOp.Constant"/>.</summary>
    public double Value { get; internal init; }

    /// <summary>The pattern of a <see cref="IrOp.BitConstant"/>, or the distance of a shift.</summary>
    public ulong Bits { get; internal init; }

    /// <summary>The row of an <see cref="IrOp.Input"/>.</summary>
    public IrInput? Input { get; internal init; }

    /// <summary>The surrogate of a <see cref="IrOp.Heaviside"/>.</summary>
    public ISurrogate? Surrogate { get; internal init; }

    /// <summary>Whether it can be seen from the operations that the value is 0 or 1, as that of a spike is.</summary>
    public bool IsZeroOrOne => Op switch
    {
        IrOp.Heaviside => true,
        IrOp.Constant => Value is 0 or 1,
        IrOp.Multiply => Operands.All(static o => o.IsZeroOrOne),
        IrOp.Subtract => Operands[0] is { Op: IrOp.Constant, Value: 1 } && Operands[1].IsZeroOrOne,
        _ => false,
    };

    /// <summary>Whether the value is a mask rather than a number.</summary>
    public bool IsMask => Op is IrOp.Less or IrOp.LessOrEqual or IrOp.And or IrOp.Or or IrOp.Not;

    public bool IsConstant => Op == IrOp.Constant;

    public override string ToString() => $"%{Id}";
}
