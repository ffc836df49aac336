using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;

namespace BrainModular.Engine.Tests.Kernels;

public sealed class FmaContractionTests
{
    [Fact]
    public void A_product_that_is_used_twice_stays_a_product()
    {
        var function = KernelRunner.Function(3, static (g, x) => g.Divide(g.Add(g.Multiply(x[0], x[1]), x[2]), g.Multiply(x[0], x[1])));
        Assert.DoesNotContain(FmaContraction.Run(Lowering.Run(function, Precision.Single)).Nodes, static n => n.Op == IrOp.Fma);
    }

    [Fact]
    public void Exponentials_are_the_same_nodes_with_and_without_contraction()
    {
        foreach (var op in Enum.GetValues<IrOp>().Where(IrVerifier.IsHighLevel).Where(static op => op != IrOp.Heaviside))
        {
            var lowered = Lowering.Run(KernelRunner.Unary(op), Precision.Single);
            Assert.Equal(IrPrinter.Print(lowered), IrPrinter.Print(FmaContraction.Run(lowered)));
        }
    }

    [Fact]
    public void Lowering_leaves_primitive_operations_only()
    {
        foreach (var op in Enum.GetValues<IrOp>().Where(IrVerifier.IsHighLevel).Where(static op => op != IrOp.Heaviside))
        {
            IrVerifier.Check(Lowering.Run(KernelRunner.Unary(op), Precision.Double));
        }
    }
}
