namespace BrainModular.Engine.Ir.Passes;

/// <summary>Forward mode: how results change along given changes of inputs. Masks do not change.</summary>
internal static class Tangent
{
    /// <param name="graph">The graph that holds all nodes, and gets the new ones.</param>
    /// <param name="results">The nodes whose change is wanted.</param>
    /// <param name="changes">The nodes that change, usually inputs, and how.</param>
    /// <returns>For each result its change; the constant 0 where it depends on nothing that changes.</returns>
    public static IrNode[] Build(IrGraph graph, IReadOnlyList<IrNode> results, IReadOnlyDictionary<IrNode, IrNode> changes)
    {
        var tangents = changes.ToDictionary();
        var zero = graph.Constant(0);
        foreach (var node in IrFunction.Reachable(results))
        {
            if (tangents.ContainsKey(node))
            {
                continue;
            }

            var sum = zero;
            for (var i = 0; i < node.Operands.Count; i++)
            {
                var change = tangents[node.Operands[i]];
                if (change != zero && DerivativeRules.Partial(graph, node, i) is { } partial)
                {
                    sum = graph.Add(sum, graph.Multiply(change, partial));
                }
            }

            tangents[node] = sum;
        }

        return [.. results.Select(r => tangents[r])];
    }

    /// <summary>The derivative of one node by another.</summary>
    public static IrNode Of(IrGraph graph, IrNode result, IrNode by) =>
        Build(graph, [result], new Dictionary<IrNode, IrNode> { [by] = graph.Constant(1) })[0];
}
