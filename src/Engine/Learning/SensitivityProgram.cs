using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;

namespace BrainModular.Engine.Learning;

/// <summary>The functions of forward sensitivities, compiled. Immutable, so that any number of threads can run it.</summary>
public sealed class SensitivityProgram
{
    public SensitivityProgram(SensitivityFunctions functions, double timeStep, Precision precision, CompileOptions options)
    {
        (Functions, TimeStep, Precision) = (functions, timeStep, precision);
        Prologue = KernelCompiler.Compile(functions.Prologue, precision, options);
        Forward = KernelCompiler.Compile(functions.Forward, precision, options);
    }

    public SensitivityFunctions Functions { get; }

    /// <summary>The length of a step in ms.</summary>
    public double TimeStep { get; }

    public Precision Precision { get; }

    public Kernel Prologue { get; }

    public Kernel Forward { get; }
}
