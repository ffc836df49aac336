using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>Builds small functions and runs kernels on numbers given as arrays.</summary>
internal static class KernelRunner
{
    public static readonly double[] Special =
        [0, -0.0, 1, -1, 0.5, 2, -3, 1e-30, -1e-30, 1e30, -1e30, 88, -88, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static IrInput Row(string name, bool uniform = false) => new(name, IrInputKind.Signal, default, uniform);

    /// <summary>A function of rows a, b, c, ...</summary>
    public static IrFunction Function(int inputs, Func<IrGraph, IrNode[], IrNode> body)
    {
        var graph = new IrGraph();
        IrInput[] rows = [.. Enumerable.Range(0, inputs).Select(static i => Row(((char)('a' + i)).ToString()))];
        return new("f", rows, [new("y", body(graph, [.. rows.Select(graph.Input)]))]);
    }

    public static IrFunction Unary(IrOp op) => Function(1, (graph, x) => graph.Make(op, x[0]));

    /// <summary>The outputs, as rows of numbers, for input rows of numbers; a uniform input's row has one.</summary>
    public static unsafe double[][] Run(Kernel kernel, params double[][] inputs)
    {
        var count = inputs.Where((_, i) => !kernel.Function.Inputs[i].Uniform).Select(static r => r.Length).DefaultIfEmpty(1).Max();
        var outputs = kernel.Function.Outputs.Count;
        using var rows = new RowBuffer(inputs.Length + outputs, count, kernel.Precision);
        using var table = new RowTable((int)rows.Rows);
        for (var i = 0; i < rows.Rows; i++)
        {
            table.Set(i, rows.Row(i));
            for (var k = 0; i < inputs.Length && k < inputs[i].Length; k++)
            {
                rows[i, k] = inputs[i][k];
            }
        }

        kernel.Run(table.Pointers, count);
        return [.. Enumerable.Range(inputs.Length, outputs).Select(i => Enumerable.Range(0, count).Select(k => rows[i, k]).ToArray())];
    }

    /// <summary>Spreads numbers over many magnitudes and both signs, with the special ones first.</summary>
    public static double[] Numbers(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Special.Concat(Enumerable.Repeat(0, count).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 3)))).Take(count)];
    }

    public static void AssertSameBits(double[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var same = BitConverter.DoubleToInt64Bits(expected[i]) == BitConverter.DoubleToInt64Bits(actual[i]) || (double.IsNaN(expected[i]) && double.IsNaN(actual[i]));
            Assert.True(same, $"{what}: element {i} of {expected.Length} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
