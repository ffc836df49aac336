using BrainModular.Engine.Ir;
using BrainModular.Engine.Tests.Kernels;

namespace BrainModular.Engine.Tests.Ir;

public sealed class SimplificationTests
{
    private sealed record Identity(string Text, Func<IrGraph, IrNode[], IrNode> Written, Func<IrGraph, IrNode[], IrNode> Kept);

    /// <summary>x[0], x[1] and x[2] are rows a, b and c; x[3] is the mask a &lt; b.</summary>
    private static readonly Identity[] Identities =
    [
        new("a + 0 = a", static (g, x) => g.Add(x[0], g.Constant(0)), static (_, x) => x[0]),
        new("0 + a = a", static (g, x) => g.Add(g.Constant(0), x[0]), static (_, x) => x[0]),
        new("a + (-b) = a - b", static (g, x) => g.Add(x[0], g.Negate(x[1])), static (g, x) => g.Subtract(x[0], x[1])),
        new("(-a) + b = b - a", static (g, x) => g.Add(g.Negate(x[0]), x[1]), static (g, x) => g.Subtract(x[1], x[0])),
        new("b + a = a + b", static (g, x) => g.Add(x[1], x[0]), static (g, x) => g.Add(x[0], x[1])),
        new("a - 0 = a", static (g, x) => g.Subtract(x[0], g.Constant(0)), static (_, x) => x[0]),
        new("0 - a = -a", static (g, x) => g.Subtract(g.Constant(0), x[0]), static (g, x) => g.Negate(x[0])),
        new("a - a = 0", static (g, x) => g.Subtract(x[0], x[0]), static (g, _) => g.Constant(0)),
        new("a - (-b) = a + b", static (g, x) => g.Subtract(x[0], g.Negate(x[1])), static (g, x) => g.Add(x[0], x[1])),
        new("(-a) - b = -(a + b)", static (g, x) => g.Subtract(g.Negate(x[0]), x[1]), static (g, x) => g.Negate(g.Add(x[0], x[1]))),
        new("-(-a) = a", static (g, x) => g.Negate(g.Negate(x[0])), static (_, x) => x[0]),
        new("-(a - b) = b - a", static (g, x) => g.Negate(g.Subtract(x[0], x[1])), static (g, x) => g.Subtract(x[1], x[0])),
        new("a 0 = 0", static (g, x) => g.Multiply(x[0], g.Constant(0)), static (g, _) => g.Constant(0)),
        new("1 a = a", static (g, x) => g.Multiply(g.Constant(1), x[0]), static (_, x) => x[0]),
        new("a (-1) = -a", static (g, x) => g.Multiply(x[0], g.Constant(-1)), static (g, x) => g.Negate(x[0])),
        new("b a = a b", static (g, x) => g.Multiply(x[1], x[0]), static (g, x) => g.Multiply(x[0], x[1])),
        new("(-a) (-b) = a b", static (g, x) => g.Multiply(g.Negate(x[0]), g.Negate(x[1])), static (g, x) => g.Multiply(x[0], x[1])),
        new("2 (a 3) = 6 a", static (g, x) => g.Multiply(g.Constant(2), g.Multiply(x[0], g.Constant(3))), static (g, x) => g.Multiply(g.Constant(6), x[0])),
        new("2 (-a) = -2 a", static (g, x) => g.Multiply(g.Constant(2), g.Negate(x[0])), static (g, x) => g.Multiply(g.Constant(-2), x[0])),
        new("a where(m, 1, 0) = where(m, a, 0)", static (g, x) => g.Multiply(x[0], g.Select(x[3], g.Constant(1), g.Constant(0))), static (g, x) => g.Select(x[3], x[0], g.Constant(0))),
        new("where(m, 0, 1) a = where(m, 0, a)", static (g, x) => g.Multiply(g.Select(x[3], g.Constant(0), g.Constant(1)), x[0]), static (g, x) => g.Select(x[3], g.Constant(0), x[0])),
        new("0 / a = 0", static (g, x) => g.Divide(g.Constant(0), x[0]), static (g, _) => g.Constant(0)),
        new("a / 4 = 0.25 a", static (g, x) => g.Divide(x[0], g.Constant(4)), static (g, x) => g.Multiply(g.Constant(0.25), x[0])),
        new("(-a) / b = -(a / b)", static (g, x) => g.Divide(g.Negate(x[0]), x[1]), static (g, x) => g.Negate(g.Divide(x[0], x[1]))),
        new("a / (-b) = -(a / b)", static (g, x) => g.Divide(x[0], g.Negate(x[1])), static (g, x) => g.Negate(g.Divide(x[0], x[1]))),
        new("(2 a) / b = 2 (a / b)", static (g, x) => g.Divide(g.Multiply(g.Constant(2), x[0]), x[1]), static (g, x) => g.Multiply(g.Constant(2), g.Divide(x[0], x[1]))),
        new("a / (2 b) = 0.5 (a / b)", static (g, x) => g.Divide(x[0], g.Multiply(g.Constant(2), x[1])), static (g, x) => g.Multiply(g.Constant(0.5), g.Divide(x[0], x[1]))),
        new("(a / c) / (b / c) = a / b", static (g, x) => g.Divide(g.Divide(x[0], x[2]), g.Divide(x[1], x[2])), static (g, x) => g.Divide(x[0], x[1])),
        new("min(a, a) = a", static (g, x) => g.Make(IrOp.Min, x[0], x[0]), static (_, x) => x[0]),
        new("max(a, a) = a", static (g, x) => g.Make(IrOp.Max, x[0], x[0]), static (_, x) => x[0]),
        new("where(m, a, a) = a", static (g, x) => g.Select(x[3], x[0], x[0]), static (_, x) => x[0]),
        new("where(1 < 2, a, b) = a", static (g, x) => g.Select(g.Less(g.Constant(1), g.Constant(2)), x[0], x[1]), static (_, x) => x[0]),
        new("where(1 < 1, a, b) = b", static (g, x) => g.Select(g.Less(g.Constant(1), g.Constant(1)), x[0], x[1]), static (_, x) => x[1]),
        new("where(1 <= 1, a, b) = a", static (g, x) => g.Select(g.Make(IrOp.LessOrEqual, g.Constant(1), g.Constant(1)), x[0], x[1]), static (_, x) => x[0]),
        new("where(not 1 < 2, a, b) = b", static (g, x) => g.Select(g.Make(IrOp.Not, g.Less(g.Constant(1), g.Constant(2))), x[0], x[1]), static (_, x) => x[1]),
        new("where(m and 2 < 1, a, b) = b", static (g, x) => g.Select(g.Make(IrOp.And, x[3], g.Less(g.Constant(2), g.Constant(1))), x[0], x[1]), static (_, x) => x[1]),
        new("where(m or 1 < 2, a, b) = a", static (g, x) => g.Select(g.Make(IrOp.Or, x[3], g.Less(g.Constant(1), g.Constant(2))), x[0], x[1]), static (_, x) => x[0]),
        new("m and m = m", static (g, x) => g.Make(IrOp.And, x[3], x[3]), static (_, x) => x[3]),
        new("m or m = m", static (g, x) => g.Make(IrOp.Or, x[3], x[3]), static (_, x) => x[3]),
        new("not not m = m", static (g, x) => g.Make(IrOp.Not, g.Make(IrOp.Not, x[3])), static (_, x) => x[3]),
    ];

    public static TheoryData<string> Texts => new(Identities.Select(static i => i.Text));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Identity_gives_the_simpler_node(string text)
    {
        var identity = Identities.First(i => i.Text == text);
        var graph = new IrGraph();
        IrNode[] x = [.. new[] { "a", "b", "c" }.Select(static n => KernelRunner.Row(n)).Select(graph.Input)];
        x = [.. x, graph.Less(x[0], x[1])];
        Assert.Same(identity.Kept(graph, x), identity.Written(graph, x));
    }

    [Fact]
    public void What_is_not_the_same_for_all_numbers_is_kept()
    {
        var graph = new IrGraph();
        IrNode[] x = [.. new[] { "a", "b" }.Select(static n => KernelRunner.Row(n)).Select(graph.Input)];
        Assert.Equal(IrOp.Divide, graph.Divide(x[0], x[0]).Op);
        Assert.Equal(IrOp.Divide, graph.Divide(x[0], graph.Constant(0)).Op);
        Assert.NotSame(graph.Subtract(x[0], x[1]), graph.Subtract(x[1], x[0]));
        Assert.NotSame(graph.Less(x[0], x[1]), graph.Less(x[1], x[0]));
        Assert.NotSame(graph.Constant(0.0), graph.Constant(-0.0));
        Assert.Same(graph.Constant(double.NaN), graph.Constant(double.NaN));
        Assert.Equal(IrOp.Multiply, graph.Multiply(x[0], graph.Select(graph.Less(x[0], x[1]), graph.Constant(2), graph.Constant(3))).Op);
    }

    [Fact]
    public void Operations_on_constants_are_computed()
    {
        var graph = new IrGraph();
        Assert.Same(graph.Constant(Math.E), graph.Make(IrOp.Exp, graph.Constant(1)));
        Assert.Same(graph.Constant(2), graph.Make(IrOp.Sqrt, graph.Constant(4)));
        Assert.Same(graph.Constant(0.5), graph.Make(IrOp.Sigmoid, graph.Constant(0)));
        Assert.Same(graph.Constant(1), graph.Make(IrOp.Linoid, graph.Constant(0)));
        Assert.Same(graph.Constant(-7), graph.Subtract(graph.Multiply(graph.Constant(3), graph.Constant(-2)), graph.Constant(1)));
        Assert.Same(graph.Constant(-3), graph.Make(IrOp.Min, graph.Constant(4), graph.Constant(-3)));
    }

    /// <summary>Expressions drawn at random, full of 0, 1 and -1, beside the same ones computed by C# without any simplification.</summary>
    [Fact]
    public void Value_is_that_of_the_expression_as_it_was_written()
    {
        double[] small = [0, 1, -1, 2, 0.5, -3];
        var compared = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new System.Random(seed);
            var graph = new IrGraph();
            IrInput[] rows = [.. new[] { "a", "b", "c" }.Select(static n => KernelRunner.Row(n))];
            double[] point = [.. rows.Select(_ => random.Next(1, 6) * (random.Next(2) == 0 ? -1.0 : 1))];
            List<(IrNode Node, double Value)> known = [.. rows.Select((r, i) => (graph.Input(r), point[i]))];
            for (var i = 0; i < 14; i++)
            {
                known.Add(Next(random, graph, known, small));
            }

            var written = known[^1].Value;
            var largest = known.Max(static k => Math.Abs(k.Value));
            if (double.IsFinite(known.Sum(static k => Math.Abs(k.Value))) && largest < 1e9)
            {
                var value = Evaluation.Of([known[^1].Node], rows, [.. point.Select(static p => new[] { p })])[0][0];
                Assert.True(Math.Abs(written - value) <= 1e-12 * Math.Max(1, largest), $"expression {seed}: {value:R}, written {written:R}");
                compared++;
            }
        }

        Assert.True(compared > 150, $"only {compared} expressions were finite");
    }

    private static (IrNode Node, double Value) Next(System.Random random, IrGraph graph, List<(IrNode Node, double Value)> known, double[] small)
    {
        var (a, b) = (Any(), Any());
        return random.Next(9) switch
        {
            0 => (graph.Add(a.Node, b.Node), a.Value + b.Value),
            1 => (graph.Subtract(a.Node, b.Node), a.Value - b.Value),
            2 => (graph.Multiply(a.Node, b.Node), a.Value * b.Value),
            3 => (graph.Divide(a.Node, b.Node), a.Value / b.Value),
            4 => (graph.Negate(a.Node), -a.Value),
            5 => (graph.Make(IrOp.Abs, a.Node), Math.Abs(a.Value)),
            6 => (graph.Make(IrOp.Min, a.Node, b.Node), Math.Min(a.Value, b.Value)),
            7 => (graph.Make(IrOp.Max, a.Node, b.Node), Math.Max(a.Value, b.Value)),
            _ => (graph.Select(graph.Less(a.Node, b.Node), graph.Constant(1), graph.Constant(0)), a.Value < b.Value ? 1 : 0),
        };

        (IrNode Node, double Value) Any()
        {
            if (random.Next(3) == 0)
            {
                var value = small[random.Next(small.Length)];
                return (graph.Constant(value), value);
            }

            return known[random.Next(known.Count)];
        }
    }
}
