using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Export.Tests.Fixtures;

namespace BrainModular.Export.Tests.Onnx;

/// <summary>Every operation in ONNX Runtime against .NET's mathematics and against the engine, over a grid that holds the values at which operations break.</summary>
public sealed class OperationTableTests : IDisposable
{
    private static readonly double[] Grid =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 0.4999, -0.4999, 2, -2, 3.75, -3.75, 1e-30, -1e-30, 1e-9, -1e-9, 1e-6, -1e-6, 4.9e-4, -4.9e-4, 5.1e-4, -5.1e-4,
        1e-3, -1e-3, 0.1, -0.1, 10, -10, 20, -20, 40, -40, 80, -80, 83, -83,
    ];

    private readonly ExportFolder folder = new();

    public static IEnumerable<object[]> Operations =>
        from op in OperationTable.Operations from precision in new[] { Precision.Single, Precision.Double } select new object[] { op, precision };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_operation_that_models_are_written_in_has_a_rule()
    {
        var written = Enum.GetValues<IrOp>().Where(op => op <= IrOp.Heaviside).Except([IrOp.Constant, IrOp.Input]);

        Assert.Equal(written.Order(), OperationTable.Operations.Order());
    }

    [Fact]
    public void An_operation_of_a_processor_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => OperationTable.Lower(IrOp.Fma, new NodeList(Precision.Single), ["a", "b", "c"]));

        Assert.Contains("before they are lowered", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_gives_in_onnx_runtime_what_the_interpreter_gives(IrOp op, Precision precision)
    {
        var model = Populations.OneOperation(op, Operands(op));
        var rows = Arguments(op, Operands(op));
        using var kernel = new EngineKernel(model.Step, precision, KernelBackend.Interpreter, rows.Length);

        var results = InOnnxRuntime(model, precision, rows);

        var expected = kernel.Run(input => [.. rows.Select(row => row[input.Name[0] - 'a'])])["result"];
        for (var index = 0; index < rows.Length; index++)
        {
            Assert.True(Math.Abs(results[index] - expected[index]) <= Tolerance(op, expected[index], precision) || results[index].Equals(expected[index]),
                $"{op}({string.Join(", ", rows[index])}) in {precision}: {results[index]:R}, the interpreter gives {expected[index]:R}");
        }
    }

    [Theory]
    [InlineData(IrOp.Exp, Precision.Single, 1e3)]
    [InlineData(IrOp.Exp, Precision.Single, -1e3)]
    [InlineData(IrOp.Exp, Precision.Double, 1e4)]
    [InlineData(IrOp.Exp, Precision.Double, -1e4)]
    [InlineData(IrOp.Exprel, Precision.Single, 86.5)]
    [InlineData(IrOp.Exprel, Precision.Double, 708)]
    public void Exponentials_saturate_where_the_engines_do(IrOp op, Precision precision, double x)
    {
        var model = Populations.OneOperation(op, 1);
        using var kernel = new EngineKernel(model.Step, precision, KernelBackend.Interpreter, 1);

        var expected = kernel.Run(_ => [x])["result"][0];

        Assert.True(double.IsFinite(expected) && expected > 0);
        Assert.InRange(InOnnxRuntime(model, precision, [[x]])[0] / expected, 0.99, 1.01);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_gives_in_onnx_runtime_what_it_should(IrOp op, Precision precision)
    {
        var operands = Operands(op);
        var model = Populations.OneOperation(op, operands);
        var rows = Arguments(op, operands);

        var results = InOnnxRuntime(model, precision, rows);

        Assert.Equal(rows.Length, results.Length);
        for (var index = 0; index < rows.Length; index++)
        {
            var expected = Expected(op, rows[index], precision);
            Assert.True(Math.Abs(results[index] - expected) <= Tolerance(op, expected, precision) || results[index].Equals(expected),
                $"{op}({string.Join(", ", rows[index])}) in {precision}: {results[index]:R}, expected {expected:R}");
        }
    }

    private double[] InOnnxRuntime(StepModel model, Precision precision, double[][] rows)
    {
        folder.Write(model, precision);
        using var session = OnnxSession.Open(folder.StepFile);
        var names = new ValueNames(model);
        var result = names.Output(model.Outputs[0]);
        return session.Run(
            model.States.Select((state, index) => (state, row: rows.Select(row => row[index]).ToArray()))
                .ToDictionary(pair => names.State(pair.state), pair => new OnnxRow([rows.Length, 1], pair.row)),
            [result])[result].Elements;
    }

    private static double Expected(IrOp op, double[] x, Precision precision)
    {
        var numbers = x.Select((value, index) => Populations.TakesMask(op, index) ? value != 0 ? 1.0 : 0 : value).ToArray();
        return precision == Precision.Double ? Evaluator.Apply(op, numbers) : Evaluator.Apply(op, Array.ConvertAll(numbers, value => (float)value));
    }

    /// <summary>Arithmetic and comparisons are exact. Functions: a few units in the last place of the result; their slopes lose some to cancellation.</summary>
    private static double Tolerance(IrOp op, double expected, Precision precision)
    {
        var ulps = op switch
        {
            IrOp.Exp or IrOp.Log or IrOp.Tanh or IrOp.Sigmoid => 8,
            IrOp.Linoid or IrOp.Exprel => 16,
            IrOp.LinoidSlope or IrOp.ExprelSlope => 64,
            _ => 0,
        };
        var (unit, smallest) = precision == Precision.Single ? (1.2e-7, 1.2e-38) : (2.3e-16, 2.3e-308);

        // Below the smallest normal number runtimes may flush to 0.
        return ulps == 0 ? 0 : (ulps * unit * Math.Abs(expected)) + (op is IrOp.LinoidSlope ? 8 * unit : 4 * smallest);
    }

    private static int Operands(IrOp op) => op switch
    {
        IrOp.Select => 3,
        IrOp.Add or IrOp.Subtract or IrOp.Multiply or IrOp.Divide or IrOp.Min or IrOp.Max or IrOp.Less or IrOp.LessOrEqual or IrOp.And or IrOp.Or => 2,
        _ => 1,
    };

    private static double[][] Arguments(IrOp op, int operands)
    {
        double[] grid = op is IrOp.Min or IrOp.Max ? [.. Grid, double.NaN] : Grid;
        IEnumerable<double[]> all = operands switch
        {
            1 => grid.Select(a => new[] { a }),
            2 => from a in grid from b in grid select new[] { a, b },
            _ => from a in new[] { 0.0, 1 } from b in grid from c in grid select new[] { a, b, c },
        };
        return [.. all.Where(x => (op is not (IrOp.Sqrt or IrOp.Log) || x[0] > 0) && (op != IrOp.Divide || x[1] != 0))];
    }
}
