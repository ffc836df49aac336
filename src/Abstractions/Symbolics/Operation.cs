namespace BrainModular.Symbolics;

/// <summary>What an expression's node does with its operands.</summary>
public enum Operation
{
    /// <summary>A number, in engine units.</summary>
    Constant,

    /// <summary>A named value that the engine supplies: a state, a parameter, an input, time.</summary>
    Symbol,

    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>-a.</summary>
    Negate,

    /// <summary>|a|; its derivative at 0 is 0.</summary>
    Abs,

    /// <summary>The square root.</summary>
    Sqrt,

    /// <summary>The smaller of two; where they are equal the derivative goes to the first.</summary>
    Min,

    /// <summary>The larger of two; where they are equal the derivative goes to the first.</summary>
    Max,

    /// <summary>e to the power a.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-a)).</summary>
    Sigmoid,

    /// <summary>a / (1 - exp(-a)), 1 at a = 0.</summary>
    Linoid,

    /// <summary>(exp(a) - 1) / a, 1 at a = 0.</summary>
    Exprel,

    /// <summary>a &lt; b, a condition.</summary>
    Less,

    /// <summary>a &lt;= b, a condition.</summary>
    LessOrEqual,

    /// <summary>a and b, conditions.</summary>
    And,

    /// <summary>a or b, conditions.</summary>
    Or,

    /// <summary>not a, a condition.</summary>
    Not,

    /// <summary>b where the condition a holds, else c.</summary>
    Select,

    /// <summary>1 where a >= 0, else 0; its derivative is that of a surrogate.</summary>
    Heaviside,

    /// <summary>A standard normal random number, another one for each step, unit and lane.</summary>
    Normal,

    /// <summary>A random number uniform in (0, 1), another one for each step, unit and lane.</summary>
    Uniform,
}
