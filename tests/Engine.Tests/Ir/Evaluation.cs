using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Tests.Kernels;

namespace BrainModular.Engine.Tests.Ir;

/// <summary>Numbers of nodes, by the interpreter in float64.</summary>
internal static class Evaluation
{
    private static readonly CompileOptions Options = new() { Backend = KernelBackend.Interpreter, Contract = false };

    /// <summary>[node][element], for rows of the inputs in their order.</summary>
    public static double[][] Of(IReadOnlyList<IrNode> nodes, IReadOnlyList<IrInput> inputs, params double[][] rows)
    {
        var function = new IrFunction("f", inputs, [.. nodes.Select(static (n, i) => new IrOutput($"y{i}", n))]);
        return KernelRunner.Run(KernelCompiler.Compile(function, Precision.Double, Options), rows);
    }

    /// <summary>A function of one number, given as a node of the input row.</summary>
    public static Func<double, double> Function(IrInput input, IrNode node)
    {
        var kernel = KernelCompiler.Compile(new("f", [input], [new("y", node)]), Precision.Double, Options);
        return x => KernelRunner.Run(kernel, [x])[0][0];
    }

    /// <summary>Richardson's extrapolation of central differences: its error falls with the fourth power of h.</summary>
    public static double Slope(Func<double, double> f, double x, double h)
    {
        return ((4 * Central(h)) - Central(2 * h)) / 3;

        double Central(double d) => (f(x + d) - f(x - d)) / (2 * d);
    }
}
