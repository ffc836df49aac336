namespace BrainModular.Engine.Ir.Passes;

/// <summary>Reverse mode: from seeds on results, the derivative of their weighted sum by inputs. Masks carry no gradient.</summary>
internal static class Adjoint
{
    /// <param name="graph">The graph that holds all nodes, and gets the new ones.</param>
    /// <param name="seeds">Results and their weights.</param>
    /// <param name="wrt">The nodes by which to differentiate, usually inputs.</param>
    /// <returns>For each of <paramref name="wrt"/> the derivative; the constant 0 where nothing depends on it.</returns>
    public static IrNode[] Build(IrGraph graph, IReadOnlyList<(IrNode Result, IrNode Seed)> seeds, IReadOnlyList<IrNode> wrt)
    {
        var adjoints = new Dictionary<IrNode, IrNode>();
        foreach (var (result, seed) in seeds)
        {
            Accumulate(result, seed);
        }

        var needed = DependsOn(seeds.Select(static s => s.Result), wrt);
        foreach (var node in IrFunction.Reachable(seeds.Select(static s => s.Result)).Reverse())
        {
            if (!adjoints.TryGetValue(node, out var adjoint))
            {
                continue;
            }

            for (var i = 0; i < node.Operands.Count; i++)
            {
                if (needed.Contains(node.Operands[i]) && DerivativeRules.Partial(graph, node, i) is { } partial)
                {
                    Accumulate(node.Operands[i], graph.Multiply(adjoint, partial));
                }
            }
        }

        return [.. wrt.Select(n => adjoints.GetValueOrDefault(n, graph.Constant(0)))];

        void Accumulate(IrNode node, IrNode part) => adjoints[node] = adjoints.TryGetValue(node, out var sum) ? graph.Add(sum, part) : part;
    }

    /// <summary>The nodes below the roots that depend on one of the given ones, those included.</summary>
    internal static HashSet<IrNode> DependsOn(IEnumerable<IrNode> roots, IEnumerable<IrNode> on)
    {
        var dependent = on.ToHashSet();
        foreach (var node in IrFunction.Reachable(roots))
        {
            if (node.Operands.Any(dependent.Contains))
            {
                dependent.Add(node);
            }
        }

        return dependent;
    }
}
