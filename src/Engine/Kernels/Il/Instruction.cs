using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>Where a value is.</summary>
internal enum Place
{
    /// <summary>A vector register, that is, a local variable.</summary>
    Register,

    /// <summary>The scratch memory of a call, where values wait that no register has room for.</summary>
    Spill,

    /// <summary>An input or output row.</summary>
    Row,

    /// <summary>A uniform input, spread over a vector in scratch memory.</summary>
    Uniform,

    /// <summary>The table of constants.</summary>
    Constant,
}

/// <param name="Place">The kind of place.</param>
/// <param name="Index">Which one of them.</param>
internal sealed record Location(Place Place, int Index);

/// <summary>An operation on vectors, or a move where there is no node.</summary>
/// <param name="Node">The node computed; null for a move of the only operand.</param>
/// <param name="Operands">Where the operands are.</param>
/// <param name="Result">Where the result goes.</param>
internal sealed record Instruction(IrNode? Node, Location[] Operands, Location Result);
