namespace BrainModular.Engine.Ir.Passes;

/// <summary>
/// Turns a product that only a sum or difference uses into one fused operation, with one rounding instead of two. Runs after lowering,
/// whose own fused operations are there with or without this pass; afterwards no sum has a product of its own as operand.
/// </summary>
public static class FmaContraction
{
    public static IrFunction Run(IrFunction function)
    {
        var uses = new Dictionary<IrNode, int>();
        foreach (var used in function.Nodes.SelectMany(static n => n.Operands).Concat(function.Outputs.Select(static o => o.Node)))
        {
            uses[used] = uses.GetValueOrDefault(used) + 1;
        }

        var graph = new IrGraph();
        return new Rewriter(graph, (node, rebuilt) => node.Op switch
        {
            // Of two products the later one is fused: the earlier is more likely to be ready.
            IrOp.Add when IsOwnProduct(node.Operands[1]) => Fused(IrOp.Fma, rebuilt[1], rebuilt[0]),
            IrOp.Add when IsOwnProduct(node.Operands[0]) => Fused(IrOp.Fma, rebuilt[0], rebuilt[1]),
            IrOp.Subtract when IsOwnProduct(node.Operands[1]) => Fused(IrOp.FmaNegate, rebuilt[1], rebuilt[0]),
            IrOp.Subtract when IsOwnProduct(node.Operands[0]) => Fused(IrOp.FmaSubtract, rebuilt[0], rebuilt[1]),
            _ => null,
        }).Rewrite(function);

        bool IsOwnProduct(IrNode node) => node.Op == IrOp.Multiply && uses[node] == 1;

        IrNode? Fused(IrOp op, IrNode product, IrNode other) =>
            product.Op == IrOp.Multiply ? graph.Make(op, product.Operands[0], product.Operands[1], other) : null;
    }
}
