namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// Moves what depends on parameters alone out of the step into a function that runs once: exp(-dt/tau) is then a row that the step
/// loads. What holds after it: in the step, no operation has parameters and constants as its only operands.
/// </summary>
internal static class Invariants
{
    /// <param name="initial">The function that gives initial states from parameters, of the same graph.</param>
    /// <param name="step">The step.</param>
    /// <returns>The initial function with the invariants as further outputs, and the step that reads them.</returns>
    public static (IrFunction Prologue, IrFunction Step) Split(IrFunction initial, IrFunction step)
    {
        var invariant = new HashSet<IrNode>();
        foreach (var node in step.Nodes)
        {
            if (node.Op == IrOp.Input ? node.Input!.Kind == IrInputKind.Parameter : node.Operands.All(invariant.Contains))
            {
                invariant.Add(node);
            }
        }

        // Masks stay in the step: rows hold numbers.
        var worth = step.Nodes.Where(n => invariant.Contains(n) && !n.IsMask && n.Operands.Count > 0).ToHashSet();
        var roots = step.Nodes.Where(n => !worth.Contains(n)).SelectMany(static n => n.Operands)
            .Concat(step.Outputs.Select(static o => o.Node)).Where(worth.Contains).Distinct().OrderBy(static n => n.Id).ToList();

        var graph = new IrGraph();
        var rows = roots.Select((n, i) => (Node: n, Row: new IrInput($"invariant.{i}", IrInputKind.Invariant, default, IsUniform(n)))).ToList();
        var replace = rows.ToDictionary(static r => r.Node, r => graph.Input(r.Row));
        var hoisted = new Rewriter(graph, (node, _) => replace.GetValueOrDefault(node)).Rewrite(step);
        var used = hoisted.Nodes.Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!).ToHashSet();
        IReadOnlyList<IrInput> inputs =
            [.. step.Inputs.Where(i => i.Kind == IrInputKind.State || used.Contains(i)), .. rows.Select(static r => r.Row)];

        IReadOnlyList<IrOutput> outputs = [.. initial.Outputs, .. rows.Select(static r => new IrOutput(r.Row.Name, r.Node))];
        var parameters = step.Inputs.Where(static i => i.Kind == IrInputKind.Parameter).Concat(initial.Inputs).Distinct();
        return (new(initial.Name.Replace(".initial", ".prologue", StringComparison.Ordinal), [.. parameters], outputs), hoisted with { Inputs = inputs });
    }

    /// <summary>Whether the value is the same for all elements, because all that it comes from is.</summary>
    private static bool IsUniform(IrNode node) =>
        IrFunction.Reachable([node]).Where(static n => n.Op == IrOp.Input).All(static n => n.Input!.Uniform);
}
