using BrainModular.Diagnostics;

namespace BrainModular.Symbolics;

/// <summary>A symbolic yes or no, made by comparing expressions and used by <see cref="Functions.Where"/>.</summary>
public sealed class Condition
{
    internal Condition(Operation comparison, Expr a, Expr b)
    {
        _ = Expr.Same("compare", a, b);
        Expression = Expr.Node(comparison, Dimension.None, a, b);
    }

    private Condition(Expr expression) => Expression = expression;

    /// <summary>The comparison, or the logical combination, as a node.</summary>
    public Expr Expression { get; }

    /// <summary>Whether both hold.</summary>
    public static Condition operator &(Condition a, Condition b) => new(Expr.Node(Operation.And, Dimension.None, a.Expression, b.Expression));

    /// <summary>Whether at least one holds.</summary>
    public static Condition operator |(Condition a, Condition b) => new(Expr.Node(Operation.Or, Dimension.None, a.Expression, b.Expression));

    /// <summary>Whether it does not hold.</summary>
    public static Condition operator !(Condition a) => new(Expr.Node(Operation.Not, Dimension.None, a.Expression));

    /// <summary>Always throws: a symbolic condition has no value while the model is being defined.</summary>
    /// <exception cref="DiagnosticException">BM4303, with the cure.</exception>
    public static implicit operator bool(Condition condition) => throw new DiagnosticException(
        "BM4303",
        "a symbolic condition was used as a true or false value, as in an if statement",
        expected: "Define is called once, with symbols instead of numbers, so no condition is known yet",
        cure: "write Where(condition, a, b) instead of if, and & or | instead of && or ||");
}
