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

    /// <summary>Whether the value is a mask rather than a number.</summary>
    public bool IsMask => Op is IrOp.Less or IrOp.LessOrEqual or IrOp.And or IrOp.Or or IrOp.Not;

    public bool IsConstant => Op == IrOp.Constant;

    public override string ToString() => $"%{Id}";
}
