using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Steps;

/// <summary>
/// Reads a loss as a sum of squares: a square is a product of a value with itself, times, divided by and chosen by what no parameter changes, such as the
/// weights of samples. Which parts these are stands in the loss's own operations, so that a loss need not say that it is one.
/// </summary>
/// <param name="graph">The graph of the step.</param>
/// <param name="next">The next states, <c>STATE.next</c>.</param>
/// <param name="initial">The initial states, <c>initial.STATE</c>.</param>
internal sealed class SumOfSquares(IrGraph graph, IReadOnlyList<IrOutput> next, IReadOnlyList<IrOutput> initial)
{
    private readonly HashSet<string> given = Given([.. next.Select(static o => (o.Name[..^".next".Length], o.Node)), .. initial.Select(static o => (o.Name["initial.".Length..], o.Node))]);

    /// <summary>The residuals; their squares sum to weight times contribution.</summary>
    /// <param name="weight">The sample's weight.</param>
    /// <param name="contribution">What one sample adds to the loss.</param>
    /// <param name="loss">The loss's name.</param>
    /// <exception cref="DiagnosticException">BM2714: it is no sum of squares.</exception>
    public IReadOnlyList<IrNode> Residuals(IrNode weight, IrNode contribution, string loss)
    {
        var residuals = new List<IrNode>();
        var pending = new Stack<(IrNode Term, IrNode Factor, Func<IrNode, IrNode> Chosen)>([(contribution, weight, static value => value)]);
        while (pending.TryPop(out var part))
        {
            var (term, factor, chosen) = part;
            var (a, b) = (term.Operands.ElementAtOrDefault(0), term.Operands.ElementAtOrDefault(1));
            switch (term.Op)
            {
                case IrOp.Constant when term.Value == 0:
                    break;
                case IrOp.Add:
                    pending.Push((b!, factor, chosen));
                    pending.Push((a!, factor, chosen));
                    break;
                case IrOp.Multiply when a == b:
                    residuals.Add(chosen(graph.Multiply(graph.Make(IrOp.Sqrt, factor), a!)));
                    break;
                case IrOp.Multiply when IsFactor(a!):
                    pending.Push((b!, graph.Multiply(factor, a!), chosen));
                    break;
                case IrOp.Multiply when IsFactor(b!):
                    pending.Push((a!, graph.Multiply(factor, b!), chosen));
                    break;
                case IrOp.Divide when IsFactor(b!):
                    pending.Push((a!, graph.Divide(factor, b!), chosen));
                    break;
                case IrOp.Select when IsGiven(a!, given):
                    // What is not chosen may be infinite or no number, so it is no factor of 0 that leaves it out.
                    pending.Push((term.Operands[2], factor, value => chosen(graph.Select(a!, graph.Constant(0), value))));
                    pending.Push((b!, factor, value => chosen(graph.Select(a!, value, graph.Constant(0)))));
                    break;
                default:
                    throw new DiagnosticException(
                        "BM2714", $"the loss {loss} is no sum of squares, which the optimiser needs",
                        expected: "a sum of products of a value with itself, each times what no parameter changes and what is not negative, such as voltage-mean-squared-error",
                        cure: "take an optimiser that needs the gradient alone, such as l-bfgs-b, or another loss");
            }
        }

        return residuals;
    }

    private bool IsFactor(IrNode node) => node.IsConstant ? node.Value >= 0 : IsGiven(node, given);

    /// <summary>The states that no parameter changes, such as the filtered spikes of a recording.</summary>
    private static HashSet<string> Given(IReadOnlyList<(string State, IrNode Node)> values)
    {
        var given = values.Select(static v => v.State).ToHashSet();
        while (values.FirstOrDefault(v => given.Contains(v.State) && !IsGiven(v.Node, given)) is { State: { } changing })
        {
            given.Remove(changing);
        }

        return given;
    }

    private static bool IsGiven(IrNode node, HashSet<string> states) => IrFunction.Reachable([node]).Where(static n => n.Op == IrOp.Input)
        .All(n => n.Input!.Kind is IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time || (n.Input.Kind == IrInputKind.State && states.Contains(n.Input.Name)));
}
