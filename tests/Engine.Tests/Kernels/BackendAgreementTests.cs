using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Il;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>Machine code on every width of vector gives the interpreter's bits.</summary>
public sealed class BackendAgreementTests
{
    public static TheoryData<Precision, int> Vectors
    {
        get
        {
            var data = new TheoryData<Precision, int>();
            foreach (var precision in Enum.GetValues<Precision>())
            {
                // Where there are no vectors the fallback is tested, as 0.
                foreach (var bytes in new[] { 32, 64 }.Where(static b => b <= VectorUnit.Bytes).DefaultIfEmpty(0))
                {
                    data.Add(precision, bytes);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Every_special_function_agrees_at_every_length_up_to_257(Precision precision, int vectorBytes)
    {
        foreach (var op in Enum.GetValues<IrOp>().Where(IrVerifier.IsHighLevel).Where(static op => op != IrOp.Heaviside))
        {
            var lowered = Lowering.Run(KernelRunner.Unary(op), precision);
            var (expected, actual) = (KernelCompiler.CompileLowered(lowered, KernelBackend.Interpreter), Compile(lowered, vectorBytes));
            for (var length = 1; length <= 257; length++)
            {
                var x = KernelRunner.Numbers(length, length);
                KernelRunner.AssertSameBits(KernelRunner.Run(expected, x)[0], KernelRunner.Run(actual, x)[0], $"{op} of {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Random_functions_agree(Precision precision, int vectorBytes)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var function = RandomFunction.Of(seed, nodes: 20 + (seed * 5));
            var lowered = FmaContraction.Run(Lowering.Run(function, precision));
            AssertAgreement(lowered, vectorBytes, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_function_too_long_for_one_method_agrees(Precision precision, int vectorBytes)
    {
        var lowered = Lowering.Run(RandomFunction.Of(seed: 1, nodes: 4000), precision);
        Assert.True(lowered.Nodes.Count > 6000);
        AssertAgreement(lowered, vectorBytes, seed: 1);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public unsafe void Rows_may_be_read_and_written(Precision precision, int vectorBytes)
    {
        // Two rows swap and a third is added to: each input's row is also an output's.
        var graph = new IrGraph();
        IrInput[] inputs = [KernelRunner.Row("a"), KernelRunner.Row("b"), KernelRunner.Row("sum")];
        IrNode[] x = [.. inputs.Select(graph.Input)];
        var sum = graph.Add(x[2], graph.Make(IrOp.Exp, graph.Multiply(x[0], x[1])));
        var function = new IrFunction("swap", inputs, [new("a+", x[1]), new("b+", x[0]), new("sum+", sum)]);
        var kernel = Compile(Lowering.Run(function, precision), vectorBytes);
        using var rows = new RowBuffer(3, 33, precision);
        using var table = new RowTable(6);
        for (var i = 0; i < 3; i++)
        {
            rows.Fill(i, i + 1);
            table.Set(i, rows.Row(i));
            table.Set(i + 3, rows.Row(i));
        }

        kernel.Run(table.Pointers, 33);
        Assert.Equal([2, 1, 3 + Math.Exp(2)], [rows[0, 32], rows[1, 32], rows[2, 32]], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_uniform_input_serves_all_elements(Precision precision, int vectorBytes)
    {
        var graph = new IrGraph();
        IrInput[] inputs = [KernelRunner.Row("a"), KernelRunner.Row("t", uniform: true)];
        var function = new IrFunction("f", inputs, [new("y", graph.Subtract(graph.Input(inputs[0]), graph.Input(inputs[1]))), new("t+", graph.Input(inputs[1]))]);
        double[] x = [.. Enumerable.Range(0, 21)];
        var y = KernelRunner.Run(Compile(Lowering.Run(function, precision), vectorBytes), x, [0.5]);
        Assert.Equal(x.Select(static v => v - 0.5), y[0]);
        Assert.All(y[1], static t => Assert.Equal(0.5, t));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_constant_output_is_written(Precision precision, int vectorBytes)
    {
        var function = KernelRunner.Function(1, static (graph, _) => graph.Constant(0.25));
        Assert.Equal([0.25, 0.25], KernelRunner.Run(Compile(Lowering.Run(function, precision), vectorBytes), [1, 2])[0]);
    }

    private static Kernel Compile(IrFunction lowered, int vectorBytes) =>
        vectorBytes == 0 ? KernelCompiler.CompileLowered(lowered, KernelBackend.Il) : VectorKernel.Compile(lowered, vectorBytes, processorRegisters: vectorBytes == 64 ? 32 : 16);

    /// <summary>Rows of many vectors, and such as fit into one of 32 bytes, for which a kernel of longer ones has another.</summary>
    private static void AssertAgreement(IrFunction lowered, int vectorBytes, int seed)
    {
        AssertAgreement(lowered, vectorBytes, seed, length: 37);
        AssertAgreement(lowered, vectorBytes, seed, length: 3);
    }

    private static void AssertAgreement(IrFunction lowered, int vectorBytes, int seed, int length)
    {
        double[][] x = [.. lowered.Inputs.Select((input, i) => KernelRunner.Numbers(input.Uniform ? 1 : length, seed + i))];
        foreach (var row in x)
        {
            new System.Random(seed).Shuffle(row);
        }

        var expected = KernelRunner.Run(KernelCompiler.CompileLowered(lowered, KernelBackend.Interpreter), x);
        var actual = KernelRunner.Run(Compile(lowered, vectorBytes), x);
        for (var i = 0; i < expected.Length; i++)
        {
            KernelRunner.AssertSameBits(expected[i], actual[i], $"output {i} of random function {seed}");
        }
    }
}
