using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>Evaluates expressions in plain float64, one node after the other: a second opinion beside the engine.</summary>
internal sealed class Evaluator
{
    private readonly List<Expr> nodes = [];
    private readonly Dictionary<Expr, int> index = new(ReferenceEqualityComparer.Instance);
    private readonly int root;
    private readonly double[] values;

    public Evaluator(Expr expression)
    {
        root = Add(expression);
        values = new double[nodes.Count];
    }

    public static double Value(Expr expression, params (Expr Symbol, double Value)[] symbols) =>
        new Evaluator(expression).Evaluate(s => symbols.First(p => ReferenceEquals(p.Symbol, s)).Value);

    public double Evaluate(Func<Symbol, double> symbol)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            double Operand(int k) => values[index[node.Operands[k]]];
            values[i] = node.Operation switch
            {
                Operation.Constant => node.Value,
                Operation.Symbol => symbol((Symbol)node),
                Operation.Add => Operand(0) + Operand(1),
                Operation.Subtract => Operand(0) - Operand(1),
                Operation.Multiply => Operand(0) * Operand(1),
                Operation.Divide => Operand(0) / Operand(1),
                Operation.Negate => -Operand(0),
                Operation.Abs => Math.Abs(Operand(0)),
                Operation.Sqrt => Math.Sqrt(Operand(0)),
                Operation.Min => Math.Min(Operand(0), Operand(1)),
                Operation.Max => Math.Max(Operand(0), Operand(1)),
                Operation.Exp => Math.Exp(Operand(0)),
                Operation.Log => Math.Log(Operand(0)),
                Operation.Tanh => Math.Tanh(Operand(0)),
                Operation.Sigmoid => 1 / (1 + Math.Exp(-Operand(0))),
                Operation.Linoid => Operand(0) == 0 ? 1 : Operand(0) / (1 - Math.Exp(-Operand(0))),
                Operation.Exprel => Operand(0) == 0 ? 1 : (Math.Exp(Operand(0)) - 1) / Operand(0),
                Operation.Less => Operand(0) < Operand(1) ? 1 : 0,
                Operation.LessOrEqual => Operand(0) <= Operand(1) ? 1 : 0,
                Operation.And => Operand(0) * Operand(1),
                Operation.Or => Math.Max(Operand(0), Operand(1)),
                Operation.Not => 1 - Operand(0),
                Operation.Select => Operand(0) != 0 ? Operand(1) : Operand(2),
                Operation.Heaviside => Operand(0) >= 0 ? 1 : 0,
                _ => throw new NotSupportedException($"{node.Operation} has no value without an engine"),
            };
        }

        return values[root];
    }

    private int Add(Expr expression)
    {
        if (index.TryGetValue(expression, out var known))
        {
            return known;
        }

        foreach (var operand in expression.Operands)
        {
            Add(operand);
        }

        nodes.Add(expression);
        return index[expression] = nodes.Count - 1;
    }
}
