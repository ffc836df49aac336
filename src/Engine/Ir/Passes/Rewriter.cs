namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// Rebuilds functions in a fresh graph, which simplifies and drops what is not needed. A pass that replaces nodes gives a rule for them.
/// </summary>
/// <param name="graph">The graph to build in.</param>
/// <param name="replace">Given a node of the old graph and its rebuilt operands, the node that replaces it; null to rebuild it as it is.</param>
internal sealed class Rewriter(IrGraph graph, Func<IrNode, IrNode[], IrNode?> replace)
{
    private readonly Dictionary<IrNode, IrNode> done = [];

    public IrNode Rewrite(IrNode node)
    {
        foreach (var next in IrFunction.Reachable([node]))
        {
            if (!done.ContainsKey(next))
            {
                IrNode[] operands = [.. next.Operands.Select(o => done[o])];
                done[next] = replace(next, operands) ?? graph.Like(next, operands);
            }
        }

        return done[node];
    }

    /// <summary>The whole function, with the inputs that are still used, in their order.</summary>
    public IrFunction Rewrite(IrFunction function)
    {
        foreach (var next in function.Nodes)
        {
            if (!done.ContainsKey(next))
            {
                IrNode[] operands = [.. next.Operands.Select(o => done[o])];
                done[next] = replace(next, operands) ?? graph.Like(next, operands);
            }
        }

        return function with { Outputs = [.. function.Outputs.Select(o => o with { Node = done[o.Node] })] };
    }
}
