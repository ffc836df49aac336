using System.Runtime.CompilerServices;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>Every operation on every backend against C#'s own arithmetic, in both precisions.</summary>
public sealed class OperationTests
{
    private sealed record Case(string Name, int Inputs, Func<IrGraph, IrNode[], IrNode> Build, Func<double[], double> InDouble, Func<float[], float> InSingle);

    private static readonly Case[] Cases =
    [
        new("constant", 0, static (g, _) => g.Constant(0.1), static _ => 0.1, static _ => 0.1f),
        new("input", 1, static (_, x) => x[0], static x => x[0], static x => x[0]),
        new("add", 2, static (g, x) => g.Add(x[0], x[1]), static x => x[0] + x[1], static x => x[0] + x[1]),
        new("subtract", 2, static (g, x) => g.Subtract(x[0], x[1]), static x => x[0] - x[1], static x => x[0] - x[1]),
        new("multiply", 2, static (g, x) => g.Multiply(x[0], x[1]), static x => x[0] * x[1], static x => x[0] * x[1]),
        new("divide", 2, static (g, x) => g.Divide(x[0], x[1]), static x => x[0] / x[1], static x => x[0] / x[1]),
        new("negate", 1, static (g, x) => g.Negate(x[0]), static x => -x[0], static x => -x[0]),
        new("abs", 1, static (g, x) => g.Make(IrOp.Abs, x[0]), static x => Math.Abs(x[0]), static x => MathF.Abs(x[0])),
        new("sqrt", 1, static (g, x) => g.Make(IrOp.Sqrt, x[0]), static x => Math.Sqrt(x[0]), static x => MathF.Sqrt(x[0])),
        new("min", 2, static (g, x) => g.Make(IrOp.Min, x[0], x[1]), static x => x[0] < x[1] ? x[0] : x[1], static x => x[0] < x[1] ? x[0] : x[1]),
        new("max", 2, static (g, x) => g.Make(IrOp.Max, x[0], x[1]), static x => x[0] > x[1] ? x[0] : x[1], static x => x[0] > x[1] ? x[0] : x[1]),
        new("less", 2, static (g, x) => Mask(g, g.Less(x[0], x[1])), static x => x[0] < x[1] ? 3 : 4, static x => x[0] < x[1] ? 3 : 4),
        new("less or equal", 2, static (g, x) => Mask(g, g.Make(IrOp.LessOrEqual, x[0], x[1])), static x => x[0] <= x[1] ? 3 : 4, static x => x[0] <= x[1] ? 3 : 4),
        new("and", 3, static (g, x) => Mask(g, g.Make(IrOp.And, g.Less(x[0], x[1]), g.Less(x[1], x[2]))), static x => x[0] < x[1] && x[1] < x[2] ? 3 : 4, static x => x[0] < x[1] && x[1] < x[2] ? 3 : 4),
        new("or", 3, static (g, x) => Mask(g, g.Make(IrOp.Or, g.Less(x[0], x[1]), g.Less(x[1], x[2]))), static x => x[0] < x[1] || x[1] < x[2] ? 3 : 4, static x => x[0] < x[1] || x[1] < x[2] ? 3 : 4),
        new("not", 2, static (g, x) => Mask(g, g.Make(IrOp.Not, g.Less(x[0], x[1]))), static x => x[0] < x[1] ? 4 : 3, static x => x[0] < x[1] ? 4 : 3),
        new("select", 3, static (g, x) => g.Select(g.Less(x[0], g.Constant(0)), x[1], x[2]), static x => x[0] < 0 ? x[1] : x[2], static x => x[0] < 0 ? x[1] : x[2]),
        new("contracted sum", 3, static (g, x) => g.Add(g.Multiply(x[0], x[1]), x[2]), static x => Math.FusedMultiplyAdd(x[0], x[1], x[2]), static x => MathF.FusedMultiplyAdd(x[0], x[1], x[2])),
        new("contracted difference", 3, static (g, x) => g.Subtract(g.Multiply(x[0], x[1]), x[2]), static x => Math.FusedMultiplyAdd(x[0], x[1], -x[2]), static x => MathF.FusedMultiplyAdd(x[0], x[1], -x[2])),
        new("contracted negation", 3, static (g, x) => g.Subtract(x[2], g.Multiply(x[0], x[1])), static x => Math.FusedMultiplyAdd(-x[0], x[1], x[2]), static x => MathF.FusedMultiplyAdd(-x[0], x[1], x[2])),
    ];

    public static TheoryData<string, KernelBackend> All
    {
        get
        {
            var data = new TheoryData<string, KernelBackend>();
            foreach (var c in Cases)
            {
                data.Add(c.Name, KernelBackend.Interpreter);
                data.Add(c.Name, KernelBackend.Il);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Operation_computes_what_the_language_computes(string name, KernelBackend backend)
    {
        var c = Cases.First(c => c.Name == name);
        var function = KernelRunner.Function(c.Inputs, c.Build);
        double[][] x = [.. Enumerable.Range(0, c.Inputs).Select(static _ => KernelRunner.Numbers(97, 0))];
        for (var i = 0; i < x.Length; i++)
        {
            new System.Random(i + 1).Shuffle(x[i]);
        }

        var n = x.Length == 0 ? 1 : 97;
        var asDouble = KernelRunner.Run(KernelCompiler.Compile(function, Precision.Double, new() { Backend = backend }), x)[0];
        KernelRunner.AssertSameBits([.. Enumerable.Range(0, n).Select(k => c.InDouble([.. x.Select(r => r[k])]))], asDouble, name);
        var asSingle = KernelRunner.Run(KernelCompiler.Compile(function, Precision.Single, new() { Backend = backend }), x)[0];
        KernelRunner.AssertSameBits([.. Enumerable.Range(0, n).Select(k => (double)c.InSingle([.. x.Select(r => (float)r[k])]))], asSingle, name);
    }

    [Theory]
    [InlineData(IrOp.BitAnd)]
    [InlineData(IrOp.BitOr)]
    [InlineData(IrOp.BitAdd)]
    [InlineData(IrOp.ShiftLeft)]
    [InlineData(IrOp.ShiftRight)]
    public void Bit_operation_works_on_patterns(IrOp op)
    {
        const ulong pattern = 0x3f40_0001;
        double[] x = [1.5, -2, 1e-3, 77];
        foreach (var backend in Enum.GetValues<KernelBackend>())
        {
            var graph = new IrGraph();
            var row = KernelRunner.Row("a");
            var a = graph.Input(row);
            var node = op is IrOp.ShiftLeft or IrOp.ShiftRight ? graph.Shift(op, a, 5) : graph.Make(op, a, graph.Bits(pattern));
            var kernel = KernelCompiler.CompileLowered(new("bits", [row], [new("y", node)], Precision.Single), backend);
            KernelRunner.AssertSameBits([.. x.Select(v => (double)Unsafe.BitCast<uint, float>(Expected(Unsafe.BitCast<float, uint>((float)v))))], KernelRunner.Run(kernel, x)[0], $"{op} {backend}");
        }

        uint Expected(uint v) => op switch
        {
            IrOp.BitAnd => v & (uint)pattern,
            IrOp.BitOr => v | (uint)pattern,
            IrOp.BitAdd => v + (uint)pattern,
            IrOp.ShiftLeft => v << 5,
            _ => v >> 5,
        };
    }

    [Theory]
    [InlineData(KernelBackend.Interpreter)]
    [InlineData(KernelBackend.Il)]
    public void Without_contraction_products_are_rounded_before_they_are_added(KernelBackend backend)
    {
        var function = KernelRunner.Function(3, static (g, x) => g.Add(g.Multiply(x[0], x[1]), x[2]));
        var kernel = KernelCompiler.Compile(function, Precision.Single, new() { Contract = false, Backend = backend });
        var third = 1f / 3;
        var y = KernelRunner.Run(kernel, [third], [third], [-third * third])[0];
        Assert.Equal(0, y[0]);
    }

    private static IrNode Mask(IrGraph graph, IrNode mask) => graph.Select(mask, graph.Constant(3), graph.Constant(4));
}
