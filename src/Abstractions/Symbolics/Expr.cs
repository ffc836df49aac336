namespace BrainModular.Symbolics;

/// <summary>
/// A symbolic value: what a model's <c>Define</c> computes with. It holds no number; it is a node of the graph from which the
/// engine derives the simulation step, its adjoint, its ONNX form and its documentation.
/// </summary>
/// <remarks>
/// Every expression carries its dimension. Numbers inside are in engine units (mV, ms, nA, MOhm, uS, nF, um, mM), which are
/// coherent, so no scale factors appear. Adding or comparing different dimensions raises BM4301 at the line that does it.
/// </remarks>
public class Expr
{
    private protected Expr(Operation operation, Dimension dimension, IReadOnlyList<Expr> operands)
        => (Operation, Dimension, Operands) = (operation, dimension, operands);

    /// <summary>What this node does.</summary>
    public Operation Operation { get; }

    /// <summary>What the value measures.</summary>
    public Dimension Dimension { get; }

    /// <summary>What the operation is applied to.</summary>
    public IReadOnlyList<Expr> Operands { get; }

    /// <summary>The number of a constant, in engine units.</summary>
    public double Value { get; private init; }

    /// <summary>The surrogate of a Heaviside step.</summary>
    public Models.ISurrogate? Surrogate { get; private init; }

    /// <summary>The name of the random stream of a Normal or Uniform node.</summary>
    public string? Stream { get; private init; }

    /// <summary>Zero: the one constant that has every dimension, so that <c>Max(x, 0)</c> needs no unit.</summary>
    internal bool IsZero => Operation == Operation.Constant && Value == 0;

    /// <summary>A pure number as an expression.</summary>
    public static implicit operator Expr(double value) => Constant(value, Dimension.None);

    /// <summary>A quantity as an expression.</summary>
    public static implicit operator Expr(Quantity quantity) => Constant(quantity.InEngineUnits, quantity.Dimension);

    /// <summary>The sum.</summary>
    public static Expr operator +(Expr a, Expr b) => new(Operation.Add, Same("add", a, b), [a, b]);

    /// <summary>The difference.</summary>
    public static Expr operator -(Expr a, Expr b) => new(Operation.Subtract, Same("subtract", a, b), [a, b]);

    /// <summary>The product.</summary>
    public static Expr operator *(Expr a, Expr b) => new(Operation.Multiply, a.Dimension * b.Dimension, [a, b]);

    /// <summary>The quotient.</summary>
    public static Expr operator /(Expr a, Expr b) => new(Operation.Divide, a.Dimension / b.Dimension, [a, b]);

    /// <summary>The value with the other sign.</summary>
    public static Expr operator -(Expr a) => new(Operation.Negate, a.Dimension, [a]);

    /// <summary>Whether a is less than b, as a condition for <see cref="Functions.Where"/>.</summary>
    public static Condition operator <(Expr a, Expr b) => new(Operation.Less, a, b);

    /// <summary>Whether a is greater than b.</summary>
    public static Condition operator >(Expr a, Expr b) => new(Operation.Less, b, a);

    /// <summary>Whether a is at most b.</summary>
    public static Condition operator <=(Expr a, Expr b) => new(Operation.LessOrEqual, a, b);

    /// <summary>Whether a is at least b.</summary>
    public static Condition operator >=(Expr a, Expr b) => new(Operation.LessOrEqual, b, a);

    internal static Expr Constant(double value, Dimension dimension) => new(Operation.Constant, dimension, []) { Value = value };

    internal static Expr Node(Operation operation, Dimension dimension, params Expr[] operands) => new(operation, dimension, operands);

    internal static Expr Heaviside(Expr argument, Models.ISurrogate surrogate) =>
        new(Operation.Heaviside, Dimension.None, [argument]) { Surrogate = surrogate };

    internal static Expr Random(Operation distribution, string stream) => new(distribution, Dimension.None, []) { Stream = stream };

    internal static Dimension Same(string what, Expr a, Expr b) =>
        a.Dimension == b.Dimension || b.IsZero ? a.Dimension
        : a.IsZero ? b.Dimension
        : throw DimensionFault.Mismatch(what, a.Dimension, b.Dimension);
}
