using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Tests.Kernels;

namespace BrainModular.Engine.Tests.Ir;

public sealed class AdjointTests
{
    /// <summary>w (J v) = (J' w) v for the Jacobian J of functions drawn at random, at points where all numbers are finite.</summary>
    [Fact]
    public void Adjoint_is_the_transpose_of_the_tangent()
    {
        const int points = 40;
        var (compared, nonZero) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new System.Random(seed);
            var source = RandomFunction.Of(seed, nodes: 8 + (seed % 20));
            var graph = new IrGraph();
            var copy = new Rewriter(graph, static (_, _) => null).Rewrite(source);
            IrNode[] inputs = [.. source.Inputs.Select(graph.Input)];
            IrNode[] results = [.. copy.Outputs.Select(static o => o.Node)];
            double[] v = [.. inputs.Select(_ => random.NextDouble() - 0.5)];
            double[] w = [.. results.Select(_ => random.NextDouble() - 0.5)];
            var tangents = Tangent.Build(graph, results, inputs.Zip(v).ToDictionary(static p => p.First, p => graph.Constant(p.Second)));
            var adjoints = Adjoint.Build(graph, [.. results.Zip(w).Select(p => (p.First, graph.Constant(p.Second)))], inputs);
            double[][] rows = [.. source.Inputs.Select(i => Enumerable.Range(0, i.Uniform ? 1 : points).Select(_ => (random.NextDouble() * 4) - 1.5).ToArray())];
            var numbers = Evaluation.Of([.. tangents, .. adjoints], source.Inputs, rows);
            for (var k = 0; k < points; k++)
            {
                double[] forward = [.. w.Select((weight, i) => weight * numbers[i][k])];
                double[] backward = [.. v.Select((change, i) => change * numbers[w.Length + i][k])];
                var scale = forward.Concat(backward).Sum(Math.Abs);
                if (double.IsFinite(scale) && scale < 1e12)
                {
                    Assert.True(Math.Abs(forward.Sum() - backward.Sum()) <= 1e-9 * scale, $"function {seed}, point {k}: {forward.Sum():R} and {backward.Sum():R}");
                    (compared, nonZero) = (compared + 1, nonZero + (scale > 0 ? 1 : 0));
                }
            }
        }

        Assert.True(compared > 600, $"only {compared} points had finite numbers");
        Assert.True(nonZero > 400, $"only {nonZero} points had a derivative");
    }

    [Fact]
    public void What_a_result_does_not_depend_on_has_the_derivative_0()
    {
        var graph = new IrGraph();
        var (x, y) = (graph.Input(KernelRunner.Row("x")), graph.Input(KernelRunner.Row("y")));
        var square = graph.Multiply(x, x);
        Assert.Same(graph.Constant(0), Adjoint.Build(graph, [(square, graph.Constant(1))], [x, y])[1]);
        Assert.Same(graph.Constant(0), Tangent.Of(graph, square, y));
    }

    [Fact]
    public void Result_that_is_asked_for_itself_has_its_seed_as_derivative()
    {
        var graph = new IrGraph();
        var (x, seed) = (graph.Input(KernelRunner.Row("x")), graph.Input(KernelRunner.Row("seed")));
        var y = graph.Make(IrOp.Exp, x);
        Assert.Equal([seed, graph.Multiply(seed, y)], Adjoint.Build(graph, [(y, seed)], [y, x]));
    }

    [Fact]
    public void Results_given_twice_add_up()
    {
        var graph = new IrGraph();
        var row = KernelRunner.Row("x");
        var x = graph.Input(row);
        var y = graph.Multiply(x, x);
        var derivative = Adjoint.Build(graph, [(y, graph.Constant(1)), (y, graph.Constant(2)), (x, graph.Constant(5))], [x])[0];
        Assert.Equal(5 + (3 * 2 * 1.5), Evaluation.Function(row, derivative)(1.5), 1e-14);
    }
}
