using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Tests.Kernels;

namespace BrainModular.Engine.Tests.Ir;

/// <summary>The table of derivatives against differences of the operations themselves.</summary>
public sealed class DerivativeRulesTests
{
    private static readonly double[] NearAndFar = [-20, -3, -0.7, -0.2, -1e-3, 0, 1e-7, 0.3, 1.1, 4, 18];

    private static readonly Dictionary<IrOp, double[]> Unary = new()
    {
        [IrOp.Negate] = NearAndFar,
        [IrOp.Abs] = [-3, -0.2, 0.3, 5],
        [IrOp.Sqrt] = [0.05, 1, 7],
        [IrOp.Exp] = [-6, -0.3, 0, 1.5, 6],
        [IrOp.Log] = [0.05, 1, 30],
        [IrOp.Tanh] = [-4, -0.3, 0, 0.8, 3],
        [IrOp.Sigmoid] = [-9, -0.3, 0, 0.8, 7],
        [IrOp.Linoid] = NearAndFar,
        [IrOp.LinoidSlope] = NearAndFar,
        [IrOp.Exprel] = [-20, -3, -0.7, -0.2, -1e-3, 0, 1e-7, 0.3, 1.1, 4],
        [IrOp.ExprelSlope] = [-20, -3, -0.7, -0.2, -1e-3, 0, 1e-7, 0.3, 1.1, 4],
    };

    public static TheoryData<IrOp> UnaryOperations => new(Unary.Keys);

    [Fact]
    public void Every_operation_that_models_are_written_in_has_a_rule_and_no_lowered_one_has()
    {
        foreach (var op in Enum.GetValues<IrOp>())
        {
            Assert.True(DerivativeRules.Knows(op) == (op <= IrOp.Heaviside), op.ToString());
        }

        var graph = new IrGraph();
        var x = graph.Input(KernelRunner.Row("x"));
        var fused = graph.Make(IrOp.Fma, x, x, x);
        Assert.Throws<InvalidOperationException>(() => DerivativeRules.Partial(graph, fused, 0));
    }

    [Theory]
    [MemberData(nameof(UnaryOperations))]
    public void First_and_second_derivative_of_a_function_are_the_limits_of_differences(IrOp op)
    {
        var graph = new IrGraph();
        var row = KernelRunner.Row("x");
        var x = graph.Input(row);
        var value = graph.Make(op, x);
        var slope = Tangent.Of(graph, value, x);
        var (f, first, second) = (Evaluation.Function(row, value), Evaluation.Function(row, slope), Evaluation.Function(row, Tangent.Of(graph, slope, x)));
        foreach (var at in Unary[op])
        {
            var h = 1e-3 * Math.Max(1, Math.Abs(at)) * (at is > 0 and < 0.1 && op is IrOp.Sqrt or IrOp.Log ? 0.05 : 1);
            AssertClose(Evaluation.Slope(f, at, h), first(at), $"{op} at {at}");
            AssertClose(Evaluation.Slope(first, at, h), second(at), $"slope of {op} at {at}");
        }
    }

    public static TheoryData<IrOp, double, double> BinaryPoints()
    {
        var data = new TheoryData<IrOp, double, double>();
        foreach (var op in new[] { IrOp.Add, IrOp.Subtract, IrOp.Multiply, IrOp.Divide, IrOp.Min, IrOp.Max })
        {
            data.Add(op, 1.3, -0.4);
            data.Add(op, -2, 3.5);
            data.Add(op, 0.25, 0.75);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BinaryPoints))]
    public void Partial_derivatives_of_two_operands_are_the_limits_of_differences(IrOp op, double a, double b)
    {
        var graph = new IrGraph();
        IrInput[] rows = [KernelRunner.Row("a"), KernelRunner.Row("b")];
        var value = graph.Make(op, graph.Input(rows[0]), graph.Input(rows[1]));
        IrNode[] partials = [.. Enumerable.Range(0, 2).Select(i => DerivativeRules.Partial(graph, value, i)!)];
        var y = Evaluation.Of(partials, rows, [a], [b]);
        AssertClose(Evaluation.Slope(v => Evaluation.Of([value], rows, [v], [b])[0][0], a, 1e-3), y[0][0], $"{op} by the first");
        AssertClose(Evaluation.Slope(v => Evaluation.Of([value], rows, [a], [v])[0][0], b, 1e-3), y[1][0], $"{op} by the second");
    }

    [Theory]
    [InlineData(IrOp.Min)]
    [InlineData(IrOp.Max)]
    public void Of_two_equal_operands_one_has_the_whole_derivative(IrOp op)
    {
        var graph = new IrGraph();
        IrInput[] rows = [KernelRunner.Row("a"), KernelRunner.Row("b")];
        var value = graph.Make(op, graph.Input(rows[0]), graph.Input(rows[1]));
        var y = Evaluation.Of([DerivativeRules.Partial(graph, value, 0)!, DerivativeRules.Partial(graph, value, 1)!], rows, [2], [2]);
        Assert.Equal([0, 1], new[] { y[0][0], y[1][0] }.Order());
    }

    [Fact]
    public void Absolute_value_has_the_derivative_0_at_0()
    {
        var graph = new IrGraph();
        var row = KernelRunner.Row("x");
        var x = graph.Input(row);
        Assert.Equal(0, Evaluation.Function(row, Tangent.Of(graph, graph.Make(IrOp.Abs, x), x))(0));
    }

    [Fact]
    public void Selection_passes_the_derivative_to_what_it_chose_and_none_to_the_mask()
    {
        var graph = new IrGraph();
        IrInput[] rows = [KernelRunner.Row("a"), KernelRunner.Row("b"), KernelRunner.Row("c")];
        IrNode[] x = [.. rows.Select(graph.Input)];
        var value = graph.Select(graph.Less(x[0], graph.Constant(0)), x[1], x[2]);
        Assert.Null(DerivativeRules.Partial(graph, value, 0));
        var y = Evaluation.Of([.. x.Select(by => Tangent.Of(graph, value, by))], rows, [-1, 1], [5, 5], [7, 7]);
        Assert.Equal([0, 0], y[0]);
        Assert.Equal([1, 0], y[1]);
        Assert.Equal([0, 1], y[2]);
    }

    [Fact]
    public void Comparisons_and_logic_carry_no_derivative()
    {
        var graph = new IrGraph();
        var (a, b) = (graph.Input(KernelRunner.Row("a")), graph.Input(KernelRunner.Row("b")));
        var (less, other) = (graph.Less(a, b), graph.Make(IrOp.LessOrEqual, b, a));
        foreach (var mask in new[] { less, other, graph.Make(IrOp.And, less, other), graph.Make(IrOp.Or, less, other), graph.Make(IrOp.Not, less) })
        {
            Assert.All(Enumerable.Range(0, mask.Operands.Count), i => Assert.Null(DerivativeRules.Partial(graph, mask, i)));
        }
    }

    [Fact]
    public void Step_is_differentiated_as_its_surrogate_says()
    {
        var graph = new IrGraph();
        var row = KernelRunner.Row("x");
        var x = graph.Input(row);
        var step = graph.Heaviside(graph.Multiply(graph.Constant(3), x), new LogisticSurrogate());
        var (value, slope) = (Evaluation.Function(row, step), Evaluation.Function(row, Tangent.Of(graph, step, x)));
        foreach (var at in new[] { -0.4, -1e-9, 0, 0.2 })
        {
            var s = 1 / (1 + Math.Exp(-3 * at));
            Assert.Equal(at >= 0 ? 1 : 0, value(at));
            Assert.Equal(3 * s * (1 - s), slope(at), 1e-14);
        }
    }

    /// <summary>L'' = 1/6 - x^2/60 + x^4/1008 - ..., E'' = 1/3 + x/4 + x^2/10 + ..., and both have one value on either side of 1/2, where the series ends.</summary>
    [Theory]
    [InlineData(IrOp.LinoidSlope)]
    [InlineData(IrOp.ExprelSlope)]
    public void Curvature_is_its_power_series_near_0_and_continuous_where_the_series_ends(IrOp op)
    {
        var graph = new IrGraph();
        var row = KernelRunner.Row("x");
        var x = graph.Input(row);
        var curvature = Evaluation.Function(row, Tangent.Of(graph, graph.Make(op, x), x));
        foreach (var at in new[] { -1e-2, -1e-5, 0, 1e-300, 1e-9, 3e-3 })
        {
            var expected = op == IrOp.LinoidSlope
                ? (1.0 / 6) - (at * at / 60) + (at * at * at * at / 1008)
                : (1.0 / 3) + (at / 4) + (at * at / 10) + (at * at * at / 36) + (at * at * at * at / 168);
            Assert.Equal(expected, curvature(at), 1e-11);
        }

        foreach (var boundary in new[] { -0.5, 0.5 })
        {
            var (inside, outside) = (curvature(boundary - (1e-12 * Math.Sign(boundary))), curvature(boundary + (1e-12 * Math.Sign(boundary))));
            Assert.Equal(inside, outside, 1e-11);
            Assert.Equal(inside, curvature(boundary), 1e-11);
        }
    }

    private static void AssertClose(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-8 * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, by differences {expected:R}");
}
