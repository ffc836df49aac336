using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels.Il;
using BrainModular.Engine.Kernels.Interpreter;

namespace BrainModular.Engine.Kernels;

/// <summary>
/// From a function in mathematical operations to one that runs: check, lower to what a processor does, fuse products and sums, check
/// again, then schedule, give registers and write machine code (<see cref="VectorKernel"/>), or interpret.
/// </summary>
public static class KernelCompiler
{
    /// <summary>Compiles a function.</summary>
    /// <param name="function">A function as models are written, in operations up to <see cref="IrOp.Heaviside"/>.</param>
    /// <param name="precision">The precision of all its rows.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static Kernel Compile(IrFunction function, Precision precision, CompileOptions? options = null)
    {
        options ??= CompileOptions.Default;
        IrVerifier.Check(function);
        var lowered = Lowering.Run(function, precision);
        var contracted = options.Contract ? FmaContraction.Run(lowered) : lowered;
        IrVerifier.Check(contracted);
        return CompileLowered(contracted, options.Backend);
    }

    /// <summary>The last stage alone, for a function in primitive operations.</summary>
    internal static Kernel CompileLowered(IrFunction lowered, KernelBackend backend) =>
        backend == KernelBackend.Il && VectorUnit.IsAvailable ? VectorKernel.Compile(lowered, VectorUnit.Bytes, VectorUnit.Registers)
        : lowered.LoweredTo == Precision.Single ? new InterpretedKernel<float, uint>(lowered)
        : new InterpretedKernel<double, ulong>(lowered);
}
