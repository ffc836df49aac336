using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Tests.Kernels;

namespace BrainModular.Engine.Tests.Ir;

/// <summary>Proofs are given where they hold for all numbers, and never where one number speaks against them.</summary>
public sealed class SignAnalysisTests
{
    private sealed record Case(string Text, Func<IrGraph, IrNode, IrNode, IrNode, IrNode> Build, bool Positive, bool Negative);

    /// <summary>x is any number, n at least 0, p above 0.</summary>
    private static readonly Case[] Cases =
    [
        new("x", static (_, x, _, _) => x, false, false),
        new("n", static (_, _, n, _) => n, false, false),
        new("p", static (_, _, _, p) => p, true, false),
        new("-p", static (g, _, _, p) => g.Negate(p), false, true),
        new("-n", static (g, _, n, _) => g.Negate(n), false, false),
        new("exp(x)", static (g, x, _, _) => g.Make(IrOp.Exp, x), true, false),
        new("-sigmoid(x)", static (g, x, _, _) => g.Negate(g.Make(IrOp.Sigmoid, x)), false, true),
        new("linoid(x) exprel(x)", static (g, x, _, _) => g.Multiply(g.Make(IrOp.Linoid, x), g.Make(IrOp.Exprel, x)), true, false),
        new("tanh(p)", static (g, _, _, p) => g.Make(IrOp.Tanh, p), false, false),
        new("log(p)", static (g, _, _, p) => g.Make(IrOp.Log, p), false, false),
        new("n + p", static (g, _, n, p) => g.Add(n, p), true, false),
        new("n + n'", static (g, x, n, _) => g.Add(n, g.Make(IrOp.Abs, x)), false, false),
        new("x + p", static (g, x, _, p) => g.Add(x, p), false, false),
        new("p - n", static (g, _, n, p) => g.Subtract(p, n), false, false),
        new("x x + p", static (g, x, _, p) => g.Add(g.Multiply(x, x), p), true, false),
        new("x x", static (g, x, _, _) => g.Multiply(x, x), false, false),
        new("p n", static (g, _, n, p) => g.Multiply(n, p), false, false),
        new("-1 / p", static (g, _, _, p) => g.Negate(g.Divide(g.Constant(1), p)), false, true),
        new("1 / n", static (g, _, n, _) => g.Divide(g.Constant(1), n), false, false),
        new("-3 p", static (g, _, _, p) => g.Multiply(g.Constant(-3), p), false, true),
        new("max(x, p)", static (g, x, _, p) => g.Make(IrOp.Max, x, p), true, false),
        new("min(x, p)", static (g, x, _, p) => g.Make(IrOp.Min, x, p), false, false),
        new("min(exp(x), p)", static (g, x, _, p) => g.Make(IrOp.Min, g.Make(IrOp.Exp, x), p), true, false),
        new("sqrt(p)", static (g, _, _, p) => g.Make(IrOp.Sqrt, p), true, false),
        new("sqrt(n)", static (g, _, n, _) => g.Make(IrOp.Sqrt, n), false, false),
        new("where(x < n, p, exp(x))", static (g, x, n, p) => g.Select(g.Less(x, n), p, g.Make(IrOp.Exp, x)), true, false),
        new("where(x < n, p, n)", static (g, x, n, p) => g.Select(g.Less(x, n), p, n), false, false),
        new("|x| + p", static (g, x, _, p) => g.Add(g.Make(IrOp.Abs, x), p), true, false),
        new("H(x) + p", static (g, x, _, p) => g.Add(g.Heaviside(x, new LogisticSurrogate()), p), true, false),
        new("2", static (g, _, _, _) => g.Constant(2), true, false),
        new("-2", static (g, _, _, _) => g.Constant(-2), false, true),
        new("0", static (g, _, _, _) => g.Constant(0), false, false),
    ];

    public static TheoryData<string> Texts => new(Cases.Select(static c => c.Text));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Sign_is_proved_where_it_holds_and_nowhere_else(string text)
    {
        var c = Cases.First(c => c.Text == text);
        var graph = new IrGraph();
        IrInput[] rows = [KernelRunner.Row("x"), KernelRunner.Row("n"), KernelRunner.Row("p")];
        var node = c.Build(graph, graph.Input(rows[0]), graph.Input(rows[1]), graph.Input(rows[2]));
        var signs = new SignAnalysis(static i => i.Name is "n" or "p", static i => i.Name == "p");
        Assert.Equal((c.Positive, c.Negative), (signs.IsPositive(node), signs.IsNegative(node)));

        // What is proved holds for numbers, too.
        double[] x = [-3, -1, 0, 0.5, 2], n = [0, 2, 0, 0.1, 1], p = [0.1, 3, 0.5, 1, 2];
        var values = Evaluation.Of([node], rows, x, n, p)[0];
        Assert.True(!c.Positive || values.All(static v => v > 0));
        Assert.True(!c.Negative || values.All(static v => v < 0));
    }
}
