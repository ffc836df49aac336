using BrainModular.Symbolics;

namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// Parts the adjoint of a step in what waits for the adjoints of later steps and what does not, such as slopes at the states of the step. The second part is computed with the step itself and kept on a
/// tape. Of few elements a processor does it while it waits for the step's own operations, and the way back has nothing left but its short chains.
/// </summary>
internal static class TapedStep
{
    /// <summary>What begins the names of values on the tape.</summary>
    public const string Prefix = "tape.";

    /// <summary>What ends the names of states as the step left them, in its adjoint.</summary>
    private const string Saved = ".saved";

    /// <param name="step">A step, in primitive operations.</param>
    /// <param name="adjoint">Its adjoint, in primitive operations.</param>
    /// <returns>The step with further outputs <c>tape.NUMBER</c>, and the adjoint that reads them. Both give the same bits as those they were made of.</returns>
    public static (IrFunction Step, IrFunction Adjoint) Derive(IrFunction step, IrFunction adjoint)
    {
        var graph = new IrGraph();
        var copy = new Rewriter(graph, static (_, _) => null);
        IrOutput[] results = [.. step.Outputs.Select(o => o with { Node = copy.Rewrite(o.Node) })];
        var states = results.ToDictionary(static o => o.Name, static o => o.Node);
        var early = new Rewriter(graph, (node, _) => node.Input is { Kind: IrInputKind.Saved } saved ? states[$"{saved.Name[..^Saved.Length]}.next"] : null);

        var passed = Passed(adjoint);
        var back = new IrGraph();
        var rows = passed.ToDictionary(static p => p.Node, p => p.Node.IsMask ? back.Less(back.Constant(0), back.Input(p.Row)) : back.Input(p.Row));
        var late = new Rewriter(back, (node, _) => rows.GetValueOrDefault(node));
        IrOutput[] tape = [.. passed.Select(p => new IrOutput(p.Row.Name, Number(graph, p.Node, early.Rewrite(p.Node))))];
        IrOutput[] outputs = [.. adjoint.Outputs.Select(o => o with { Node = late.Rewrite(o.Node) })];
        return (
            Function($"{step.Name}.taped", [.. step.Inputs, .. adjoint.Inputs.Except(step.Inputs)], [.. results, .. tape], step),
            Function($"{adjoint.Name}.taped", [.. adjoint.Inputs, .. passed.Select(static p => p.Row)], outputs, adjoint));
    }

    /// <summary>The values from which what waits begins. Inputs, which the adjoint reads as they are, and what is the same in all steps are none of them.</summary>
    private static List<(IrNode Node, IrInput Row)> Passed(IrFunction adjoint)
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

        return
        [
            .. waiting.SelectMany(static n => n.Operands).Concat(adjoint.Outputs.Select(static o => o.Node)).Where(n => n.Op != IrOp.Input && !waiting.Contains(n) && changing.Contains(n))
                .Distinct().OrderBy(static n => n.Id).Select(static (n, i) => (n, new IrInput($"{Prefix}{i}", IrInputKind.Saved, Dimension.None))),
        ];
    }

    /// <summary>Rows hold numbers: a mask is 1 or 0.</summary>
    private static IrNode Number(IrGraph graph, IrNode passed, IrNode value) => passed.IsMask ? graph.Select(value, graph.Constant(1), graph.Constant(0)) : value;

    private static IrFunction Function(string name, IReadOnlyList<IrInput> inputs, IReadOnlyList<IrOutput> outputs, IrFunction from)
    {
        var used = IrFunction.Reachable(outputs.Select(static o => o.Node)).Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!).ToHashSet();
        return IrVerifier.Check(new(name, [.. inputs.Where(used.Contains)], outputs, from.LoweredTo));
    }
}
