using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Tests.Kernels;

namespace BrainModular.Engine.Tests.Ir;

public sealed class IrVerifierTests
{
    private sealed record Broken(string Fault, Func<IrGraph, IrNode, IrNode, IrFunction> Build);

    private static readonly IrInput A = KernelRunner.Row("a");
    private static readonly IrInput B = KernelRunner.Row("b");

    private static readonly Broken[] Cases =
    [
        new("input names repeat", static (_, a, _) => new("f", [A, A with { Kind = IrInputKind.State }], [new("y", a)])),
        new("output names repeat", static (_, a, b) => new("f", [A, B], [new("y", a), new("y", b)])),
        new("input b is not declared", static (g, a, b) => new("f", [A], [new("y", g.Add(a, b))])),
        new("Exp has 2 operands", static (g, a, b) => Of(g.Make(IrOp.Exp, a, b))),
        new("Select has 2 operands", static (g, a, b) => Of(new IrNode(99, IrOp.Select, [g.Less(a, b), a]))),
        new("operand 1 of Multiply is a mask", static (g, a, b) => Of(g.Multiply(a, g.Less(a, b)))),
        new("operand 0 of Select is no mask", static (g, a, b) => Of(g.Select(a, a, b))),
        new("operand 1 of And is no mask", static (g, a, b) => Of(g.Select(g.Make(IrOp.And, g.Less(a, b), b), a, b))),
        new("operand 0 of Not is no mask", static (g, a, b) => Of(g.Select(g.Make(IrOp.Not, a), a, b))),
        new("Exp comes before its operand", static (g, a, _) => Of(new IrNode(-1, IrOp.Exp, [a]))),
        new("Fma does not belong at this level", static (g, a, b) => Of(g.Make(IrOp.Fma, a, b, a))),
        new("BitConstant does not belong at this level", static (g, _, _) => Of(g.Bits(3))),
        new("Tanh does not belong at this level", static (g, a, _) => Of(g.Make(IrOp.Tanh, a)) with { LoweredTo = Precision.Double }),
        new("Heaviside does not belong at this level", static (g, a, _) => Of(g.Heaviside(a, new LogisticSurrogate())) with { LoweredTo = Precision.Single }),
        new("an output is a mask", static (g, a, b) => Of(g.Less(a, b))),
    ];

    public static TheoryData<string> Faults => new(Cases.Select(static c => c.Fault));

    [Theory]
    [MemberData(nameof(Faults))]
    public void Function_that_breaks_a_rule_is_refused_with_the_rule(string fault)
    {
        var graph = new IrGraph();
        var function = Cases.First(c => c.Fault == fault).Build(graph, graph.Input(A), graph.Input(B));
        var refused = Assert.Throws<InvalidOperationException>(() => IrVerifier.Check(function));
        Assert.Equal($"IR of f: {fault}", refused.Message);
    }

    [Fact]
    public void Functions_that_keep_to_the_rules_are_returned()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var function = RandomFunction.Of(seed, nodes: 40);
            Assert.Same(function, IrVerifier.Check(function));
            Assert.NotNull(IrVerifier.Check(Lowering.Run(function, Precision.Single)));
        }
    }

    private static IrFunction Of(IrNode node) => new("f", [A, B], [new("y", node)]);
}
