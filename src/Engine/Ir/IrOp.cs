namespace BrainModular.Engine.Ir;

/// <summary>
/// The operations of the intermediate representation. Those up to <see cref="Heaviside"/> are what models are written in, and what is
/// differentiated and exported; those after it appear only once the lowering pass has run, and are what a processor does.
/// </summary>
public enum IrOp
{
    /// <summary>A number.</summary>
    Constant,

    /// <summary>An element of one of the function's input rows.</summary>
    Input,

    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Abs,
    Sqrt,

    /// <summary>The smaller; the second where they are unordered or equal.</summary>
    Min,

    /// <summary>The larger; the second where they are unordered or equal.</summary>
    Max,

    Exp,
    Log,
    Tanh,
    Sigmoid,

    /// <summary>x / (1 - exp(-x)).</summary>
    Linoid,

    /// <summary>The derivative of <see cref="Linoid"/>.</summary>
    LinoidSlope,

    /// <summary>(exp(x) - 1) / x.</summary>
    Exprel,

    /// <summary>The derivative of <see cref="Exprel"/>.</summary>
    ExprelSlope,

    /// <summary>a &lt; b, a mask.</summary>
    Less,

    /// <summary>a &lt;= b, a mask.</summary>
    LessOrEqual,

    /// <summary>Both masks.</summary>
    And,

    /// <summary>Either mask.</summary>
    Or,

    /// <summary>The other mask.</summary>
    Not,

    /// <summary>The second operand where the mask (the first) holds, else the third.</summary>
    Select,

    /// <summary>1 where x >= 0, else 0; its derivative is the surrogate's.</summary>
    Heaviside,

    /// <summary>a b + c with one rounding.</summary>
    Fma,

    /// <summary>a b - c with one rounding.</summary>
    FmaSubtract,

    /// <summary>c - a b with one rounding.</summary>
    FmaNegate,

    /// <summary>The bit pattern of a constant, for bit operations.</summary>
    BitConstant,

    /// <summary>Bitwise and of two patterns.</summary>
    BitAnd,

    /// <summary>Bitwise or of two patterns.</summary>
    BitOr,

    /// <summary>Integer sum of two patterns.</summary>
    BitAdd,

    /// <summary>A pattern shifted left by <see cref="IrNode.Bits"/>.</summary>
    ShiftLeft,

    /// <summary>A pattern shifted right by <see cref="IrNode.Bits"/>, zeros moving in.</summary>
    ShiftRight,
}
