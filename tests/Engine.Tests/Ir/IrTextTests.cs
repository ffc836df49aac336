using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Tests.Kernels;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tests.Ir;

public sealed class IrTextTests
{
    [Fact]
    public void Function_is_written_one_operation_a_line()
    {
        var expected = """
            function leak
              in V: State [m^2 kg s^-3 A^-1]
              in tau: Parameter uniform [s]
              in I: Signal [1]
              %0 = Divide V, tau
              %1 = Subtract I, %0
              %2 = Multiply 0.1, %1
              %3 = Add V, %2
              %4 = Heaviside %3 as LogisticSurrogate
              %5 = Less V, -0.5
              %6 = Select %5, V, %3
              out V.next = %6
              out spike = %4
              out rest = -65

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), IrPrinter.Print(Leak(0)));
    }

    [Fact]
    public void Text_does_not_depend_on_what_else_the_graph_holds()
    {
        Assert.Equal(IrPrinter.Print(Leak(0)), IrPrinter.Print(Leak(17)));
        Assert.Equal(IrPrinter.Print(Leak(0)), IrPrinter.Print(new Rewriter(new IrGraph(), static (_, _) => null).Rewrite(Leak(3))));
    }

    [Fact]
    public void Lowered_function_says_for_which_numbers_and_shows_patterns()
    {
        var graph = new IrGraph();
        var row = KernelRunner.Row("x");
        var node = graph.Shift(IrOp.ShiftLeft, graph.Make(IrOp.BitAnd, graph.Input(row), graph.Bits(0x7f80_0000)), 3);
        Assert.Equal(
            "function f lowered to Single\n  in x: Signal [1]\n  %0 = BitAnd x, 0x7f800000\n  %1 = ShiftLeft %0 by 3\n  out y = %1\n",
            IrPrinter.Print(new("f", [row], [new("y", node)], Precision.Single)));
    }

    private static IrFunction Leak(int unused)
    {
        var graph = new IrGraph();
        IrInput[] rows =
        [
            new("V", IrInputKind.State, Units.mV.Dimension), new("tau", IrInputKind.Parameter, Units.ms.Dimension, Uniform: true), KernelRunner.Row("I"),
        ];
        for (var i = 0; i < unused; i++)
        {
            graph.Constant(1000 + i);
        }

        IrNode[] x = [.. rows.Select(graph.Input)];
        var stepped = graph.Add(x[0], graph.Multiply(graph.Constant(0.1), graph.Subtract(x[2], graph.Divide(x[0], x[1]))));
        var spike = graph.Heaviside(stepped, new LogisticSurrogate());
        var next = graph.Select(graph.Less(x[0], graph.Constant(-0.5)), x[0], stepped);
        return new("leak", rows, [new("V.next", next), new("spike", spike), new("rest", graph.Constant(-65))]);
    }
}
