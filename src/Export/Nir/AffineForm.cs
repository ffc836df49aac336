using BrainModular.Symbolics;

namespace BrainModular.Export.Nir;

/// <summary>A number plus multiples of symbols.</summary>
/// <param name="Constant">The number, in engine units.</param>
/// <param name="Slopes">By what each symbol is multiplied; none of them is 0.</param>
internal sealed record AffineForm(double Constant, IReadOnlyDictionary<Symbol, double> Slopes)
{
    private static readonly Dictionary<Symbol, double> None = [];

    /// <summary>Whether no symbol is in it.</summary>
    public bool IsConstant => Slopes.Count == 0;

    public static AffineForm Of(double constant) => new(constant, None);

    public static AffineForm Of(Symbol symbol) => new(0, new Dictionary<Symbol, double> { [symbol] = 1 });

    /// <summary>By what a symbol is multiplied.</summary>
    public double Slope(Expr symbol) => Slopes.GetValueOrDefault((Symbol)symbol);

    /// <summary>The sum of this one and a multiple of another.</summary>
    public AffineForm Plus(AffineForm other, double times = 1)
    {
        var slopes = new Dictionary<Symbol, double>(Slopes);
        foreach (var (symbol, slope) in other.Slopes)
        {
            slopes[symbol] = slopes.GetValueOrDefault(symbol) + (times * slope);
        }

        return new(Constant + (times * other.Constant), slopes.Where(static s => s.Value != 0).ToDictionary());
    }

    public AffineForm Times(double factor) => Of(0).Plus(this, factor);
}

/// <summary>Works out what expressions are in terms of symbols, at given values of parameters and constants.</summary>
/// <param name="known">What stands for an expression; null where nothing is known of it but its operands.</param>
internal sealed class AffineEvaluator(Func<Expr, AffineForm?> known)
{
    private readonly Dictionary<Expr, AffineForm?> done = new(ReferenceEqualityComparer.Instance);

    /// <summary>An expression as an affine form; null where it is none.</summary>
    public AffineForm? Of(Expr expression)
    {
        if (!done.TryGetValue(expression, out var form))
        {
            done[expression] = form = known(expression) ?? Compute(expression);
        }

        return form;
    }

    private AffineForm? Compute(Expr e)
    {
        if (e.Operation == Operation.Constant)
        {
            return AffineForm.Of(e.Value);
        }

        if (e.Operation == Operation.Select)
        {
            // What is not chosen may be anything.
            return Of(e.Operands[0]) is { IsConstant: true } condition ? Of(e.Operands[condition.Constant != 0 ? 1 : 2]) : null;
        }

        var operands = e.Operands.Select(Of).ToList();
        return operands.Count == 0 || operands.Any(static o => o is null) ? null
            : operands.All(static o => o!.IsConstant) ? Number(e.Operation, operands[0]!.Constant, operands[^1]!.Constant) is { } value ? AffineForm.Of(value) : null
            : Combine(e.Operation, operands[0]!, operands[^1]!);
    }

    private static AffineForm? Combine(Operation operation, AffineForm a, AffineForm b) => operation switch
    {
        Operation.Add => a.Plus(b),
        Operation.Subtract => a.Plus(b, -1),
        Operation.Negate => a.Times(-1),
        Operation.Multiply when a.IsConstant => b.Times(a.Constant),
        Operation.Multiply when b.IsConstant => a.Times(b.Constant),
        Operation.Divide when b.IsConstant => a.Times(1 / b.Constant),
        _ => null,
    };

    private static double? Number(Operation operation, double a, double b) => operation switch
    {
        Operation.Add => a + b,
        Operation.Subtract => a - b,
        Operation.Multiply => a * b,
        Operation.Divide => a / b,
        Operation.Negate => -a,
        Operation.Abs => Math.Abs(a),
        Operation.Sqrt => Math.Sqrt(a),
        Operation.Min => Math.Min(a, b),
        Operation.Max => Math.Max(a, b),
        Operation.Exp => Math.Exp(a),
        Operation.Log => Math.Log(a),
        Operation.Less => a < b ? 1 : 0,
        Operation.LessOrEqual => a <= b ? 1 : 0,
        Operation.And => a != 0 && b != 0 ? 1 : 0,
        Operation.Or => a != 0 || b != 0 ? 1 : 0,
        Operation.Not => a == 0 ? 1 : 0,
        _ => null,
    };
}
