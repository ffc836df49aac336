using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>Lowered functions against float64 mathematics, in units in the last place.</summary>
public sealed class LoweringAccuracyTests
{
    private sealed record Case(IrOp Op, Func<double, double> Exact, double Low, double High, double SingleUlps, double DoubleUlps);

    /// <summary>The intervals are those in which neither the function nor its exponential leaves float32.</summary>
    private static readonly Case[] Cases =
    [
        new(IrOp.Exp, Math.Exp, -87.3, 88.72, 2.3, 1.6),
        new(IrOp.Log, Math.Log, 0, 3.4e38, 0.8, 1.5),
        new(IrOp.Tanh, Math.Tanh, -3e38, 3e38, 2.4, 4),
        new(IrOp.Sigmoid, Logistic, -87.3, 3e38, 2.7, 3),
        new(IrOp.Linoid, Reference.Linoid, -80, 3e38, 2.7, 5),
        new(IrOp.Exprel, Reference.Exprel, -3e38, 83.8, 2.7, 5),
        new(IrOp.LinoidSlope, LinoidSlope, -80, 3e38, 3.3, 6),
        new(IrOp.ExprelSlope, ExprelSlope, -1e17, 83.8, 3.2, 6),
    ];

    public static TheoryData<IrOp> Functions => [.. Cases.Select(static c => c.Op)];

    [Theory]
    [MemberData(nameof(Functions))]
    public unsafe void Float32_keeps_its_stated_error_over_the_whole_range(IrOp op)
    {
        var (_, exact, low, high, allowed, _) = Cases.First(c => c.Op == op);
        const int block = 4096;
        const uint stride = 8191;
        var kernel = KernelCompiler.Compile(KernelRunner.Unary(op), Precision.Single);
        using var rows = new RowBuffer(2, block, Precision.Single);
        using var table = new RowTable(2);
        table.Set(0, rows.Row(0));
        table.Set(1, rows.Row(1));
        var x = new Span<float>(rows.Row(0), block);
        var y = new Span<float>(rows.Row(1), block);
        var (worst, at, seen) = (0.0, 0f, 0);
        for (ulong pattern = 0; pattern <= uint.MaxValue;)
        {
            for (var i = 0; i < block; i++, pattern += stride)
            {
                x[i] = BitConverter.UInt32BitsToSingle((uint)pattern);
            }

            kernel.Run(table.Pointers, block);
            for (var i = 0; i < block; i++)
            {
                if (x[i] > low && x[i] < high)
                {
                    seen++;
                    var expected = exact(x[i]);
                    var error = Math.Abs(y[i] - expected) / (MathF.BitIncrement(MathF.Abs((float)expected)) - MathF.Abs((float)expected));
                    (worst, at) = error > worst || double.IsNaN(error) ? (error, x[i]) : (worst, at);
                }
            }
        }

        Assert.True(seen > 100_000);
        Assert.True(worst <= allowed, $"{op} is {worst} ulp off at {at:R}");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Float64_keeps_its_stated_error(IrOp op)
    {
        var (_, exact, low, high, _, allowed) = Cases.First(c => c.Op == op);
        var random = new System.Random(7);
        double[] x = [.. Enumerable.Range(0, 40_000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 3))).Where(v => v > low && v < high)];
        var y = KernelRunner.Run(KernelCompiler.Compile(KernelRunner.Unary(op), Precision.Double), x)[0];
        var (worst, at) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = exact(x[i]);
            var error = Math.Abs(y[i] - expected) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
            (worst, at) = error > worst || double.IsNaN(error) ? (error, x[i]) : (worst, at);
        }

        Assert.True(worst <= allowed, $"{op} is {worst} ulp off at {at:R}");
    }

    [Theory]
    [InlineData(IrOp.Exp, 0, 1)]
    [InlineData(IrOp.Exp, double.NaN, double.NaN)]
    [InlineData(IrOp.Log, 0, double.NegativeInfinity)]
    [InlineData(IrOp.Log, -1, double.NaN)]
    [InlineData(IrOp.Log, double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(IrOp.Log, double.NaN, double.NaN)]
    [InlineData(IrOp.Tanh, double.PositiveInfinity, 1)]
    [InlineData(IrOp.Tanh, double.NegativeInfinity, -1)]
    [InlineData(IrOp.Tanh, -0.0, -0.0)]
    [InlineData(IrOp.Tanh, double.NaN, double.NaN)]
    [InlineData(IrOp.Sigmoid, 0, 0.5)]
    [InlineData(IrOp.Sigmoid, double.PositiveInfinity, 1)]
    [InlineData(IrOp.Sigmoid, double.NaN, double.NaN)]
    [InlineData(IrOp.Linoid, 0, 1)]
    [InlineData(IrOp.Linoid, double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(IrOp.Linoid, double.NaN, double.NaN)]
    [InlineData(IrOp.LinoidSlope, 0, 0.5)]
    [InlineData(IrOp.LinoidSlope, double.PositiveInfinity, 1)]
    [InlineData(IrOp.LinoidSlope, double.NaN, double.NaN)]
    [InlineData(IrOp.Exprel, 0, 1)]
    [InlineData(IrOp.Exprel, double.NegativeInfinity, 0)]
    [InlineData(IrOp.Exprel, double.NaN, double.NaN)]
    [InlineData(IrOp.ExprelSlope, 0, 0.5)]
    [InlineData(IrOp.ExprelSlope, double.NaN, double.NaN)]
    [InlineData(IrOp.Heaviside, 0, 1)]
    [InlineData(IrOp.Heaviside, -1e-30, 0)]
    public void Special_arguments_give_their_limits(IrOp op, double x, double expected)
    {
        var function = op == IrOp.Heaviside ? KernelRunner.Function(1, static (graph, a) => graph.Heaviside(a[0], new NoSurrogate())) : KernelRunner.Unary(op);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            KernelRunner.AssertSameBits([expected], KernelRunner.Run(KernelCompiler.Compile(function, precision), [x])[0], $"{op} {precision}");
        }
    }

    [Fact]
    public void Exponentials_saturate_at_finite_numbers()
    {
        var exp = KernelRunner.Run(KernelCompiler.Compile(KernelRunner.Unary(IrOp.Exp), Precision.Single), [1e30, double.PositiveInfinity, -1e30, double.NegativeInfinity])[0];
        Assert.All(exp, static y => Assert.True(float.IsNormal((float)y)));
        Assert.True(exp[0] > 3.4e38 && exp[1] == exp[0]);
        Assert.True(exp[2] < 1.2e-38 && exp[3] == exp[2]);
    }

    /// <summary>exp(c x) and 1 / (1 + exp(-c x)), whose x / ln 2 is made of x and not of the product, for constants of all sizes.</summary>
    [Theory]
    [InlineData(Precision.Single, 1e-7, 1.2e-38)]
    [InlineData(Precision.Double, 2e-16, 2.3e-308)]
    public void Scaled_exponentials_are_right_and_saturate_at_finite_numbers(Precision precision, double rounding, double smallest)
    {
        var random = new System.Random(3);
        double Round(double value) => precision == Precision.Single ? (float)value : value;
        double[] factors = [.. Enumerable.Range(0, 400).Select(i => Round((random.Next(2) == 0 ? 1 : -1) * (1 + random.NextDouble()) * Math.Pow(10, random.Next(-33, 33)))), .. Enumerable.Range(1, 100).Select(i => i / 7.0)];
        foreach (var (op, exact) in new (IrOp, Func<double, double>)[] { (IrOp.Exp, Math.Exp), (IrOp.Sigmoid, Logistic) })
        {
            foreach (var c in factors)
            {
                var kernel = KernelCompiler.Compile(KernelRunner.Function(1, (graph, x) => graph.Make(op, graph.Multiply(graph.Constant(c), x[0]))), precision, new() { Backend = KernelBackend.Interpreter });
                double[] x = [1e36, -1e36, double.PositiveInfinity, double.NegativeInfinity, .. Enumerable.Range(0, 8).Select(_ => Round((random.NextDouble() - 0.5) * 170 / c))];
                var y = KernelRunner.Run(kernel, x)[0];
                Assert.All(y, value => Assert.True(double.IsFinite(value) && value > 0.9 * smallest, $"{op} of {c:R} x is {value:R}"));
                for (var i = 4; i < x.Length; i++)
                {
                    var expected = exact(c * x[i]);
                    Assert.True(Math.Abs(y[i] - expected) <= rounding * (4 + Math.Abs(c * x[i])) * expected, $"{op} of {c:R} x is {y[i]:R} at {x[i]:R}, not {expected:R}");
                }
            }
        }
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>From the mirrored function where <see cref="Reference.LinoidSlope"/> cancels.</summary>
    private static double LinoidSlope(double x)
    {
        var z = Math.Abs(x);
        if (z < 0.5)
        {
            return Reference.LinoidSlope(x);
        }

        var d = Reference.Expm1(Math.Min(z, 700));
        var g = ((z / d) + (z - 1)) / d;
        return z > 700 ? (x > 0 ? 1 : 0) : x < 0 ? g : 1 - g;
    }

    /// <summary>The sum of (k + 1) x^k / (k + 2)! where the closed form cancels.</summary>
    private static double ExprelSlope(double x)
    {
        if (Math.Abs(x) > 1.5)
        {
            return (1 + ((x - 1) * Math.Exp(x))) / x / x;
        }

        var sum = 0.0;
        for (var k = 30; k >= 0; k--)
        {
            sum = (sum * x / (k + 3)) + k + 1;
        }

        return sum / 2;
    }
}
