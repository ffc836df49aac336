using BrainModular.Symbolics;

namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// Parts the adjoint of a step in two: what waits for the adjoints of the steps after it, and what does not, such as the rates at the states that were kept. A function that does the
/// second part for one step and the first for the step after it has no long chain from one to the other: of few elements a processor then does both at once, in about half the time.
/// </summary>
internal static class StepAhead
{
    /// <summary>What begins the names of values that are computed a step ahead.</summary>
    public const string Prefix = "ahead.";

    /// <summary>What ends their names where they are written for the next step.</summary>
    public const string Next = ".next";

    /// <param name="adjoint">The adjoint of a step, in primitive operations.</param>
    /// <returns>
    /// What does not wait, as outputs <c>ahead.NUMBER</c>; and the whole, whose inputs are those of the step before, but for <c>ahead.NUMBER</c> of its own step, and which writes
    /// <c>ahead.NUMBER.next</c> of the step before.
    /// </returns>
    public static (IrFunction Ahead, IrFunction Joined) Split(IrFunction adjoint)
    {
        var (waiting, changing) = (new HashSet<IrNode>(), new HashSet<IrNode>());
        foreach (var node in adjoint.Nodes)
        {
            if (node.Op == IrOp.Input ? node.Input!.Kind is not (IrInputKind.Parameter or IrInputKind.Invariant) : node.Operands.Any(changing.Contains))
            {
                changing.Add(node);
            }

            if (node.Op == IrOp.Input ? node.Input!.Kind is IrInputKind.Derivative or IrInputKind.Accumulator : node.Operands.Any(waiting.Contains))
            {
                waiting.Add(node);
            }
        }

        var passed = waiting.SelectMany(static n => n.Operands).Concat(adjoint.Outputs.Select(static o => o.Node)).Where(n => !waiting.Contains(n) && changing.Contains(n))
            .Distinct().OrderBy(static n => n.Id).Select(static (n, i) => (Node: n, Row: new IrInput($"{Prefix}{i}", IrInputKind.Saved, Dimension.None))).ToList();
        var alone = new IrGraph();
        var ahead = Results(alone, passed, "");
        var graph = new IrGraph();
        var rows = passed.ToDictionary(static p => p.Node, p => p.Node.IsMask ? graph.Less(graph.Constant(0), graph.Input(p.Row)) : graph.Input(p.Row));
        var rest = new Rewriter(graph, (node, _) => rows.GetValueOrDefault(node));
        IrOutput[] joined = [.. adjoint.Outputs.Select(o => o with { Node = rest.Rewrite(o.Node) }), .. Results(graph, passed, Next)];
        return (
            IrVerifier.Check(new($"{adjoint.Name}.ahead", Used(adjoint.Inputs, ahead), ahead, adjoint.LoweredTo)),
            IrVerifier.Check(new($"{adjoint.Name}.joined", [.. Used(adjoint.Inputs, joined), .. passed.Select(static p => p.Row)], joined, adjoint.LoweredTo)));
    }

    /// <summary>Rows hold numbers: a mask is 1 or 0.</summary>
    private static IrOutput[] Results(IrGraph graph, IReadOnlyList<(IrNode Node, IrInput Row)> passed, string suffix)
    {
        var copy = new Rewriter(graph, static (_, _) => null);
        return
        [
            .. passed.Select(p => new IrOutput(
                $"{p.Row.Name}{suffix}", p.Node.IsMask ? graph.Select(copy.Rewrite(p.Node), graph.Constant(1), graph.Constant(0)) : copy.Rewrite(p.Node))),
        ];
    }

    private static IReadOnlyList<IrInput> Used(IReadOnlyList<IrInput> inputs, IReadOnlyList<IrOutput> outputs)
    {
        var used = IrFunction.Reachable(outputs.Select(static o => o.Node)).Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!).ToHashSet();
        return [.. inputs.Where(used.Contains)];
    }
}
