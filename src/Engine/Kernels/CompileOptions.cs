namespace BrainModular.Engine.Kernels;

/// <summary>What executes a kernel.</summary>
public enum KernelBackend
{
    /// <summary>Machine code made at run time; the interpreter where the processor lacks AVX2 or FMA.</summary>
    Il,

    /// <summary>The reference: one scalar operation after another.</summary>
    Interpreter,
}

/// <summary>How a function becomes a kernel.</summary>
public sealed record CompileOptions
{
    public static readonly CompileOptions Default = new();

    /// <summary>
    /// Whether a product and the sum that uses it become one operation with one rounding. Off where results are compared bit by bit with
    /// a program that rounds twice.
    /// </summary>
    public bool Contract { get; init; } = true;

    public KernelBackend Backend { get; init; } = KernelBackend.Il;
}
