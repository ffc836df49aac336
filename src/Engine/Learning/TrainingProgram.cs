using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;

namespace BrainModular.Engine.Learning;

/// <summary>The functions of backpropagation through time, compiled. Immutable, so that any number of threads can run it.</summary>
public sealed class TrainingProgram
{
    public TrainingProgram(TrainingFunctions functions, double timeStep, Precision precision, CompileOptions options)
    {
        (Functions, TimeStep, Precision) = (functions, timeStep, precision);
        Prologue = KernelCompiler.Compile(functions.Prologue, precision, options);
        Forward = KernelCompiler.Compile(functions.Forward, precision, options);
        Backward = KernelCompiler.Compile(functions.Backward, precision, options);
        PrologueBackward = KernelCompiler.Compile(functions.PrologueBackward, precision, options);
    }

    public TrainingFunctions Functions { get; }

    /// <summary>The length of a step in ms.</summary>
    public double TimeStep { get; }

    public Precision Precision { get; }

    public Kernel Prologue { get; }

    public Kernel Forward { get; }

    public Kernel Backward { get; }

    public Kernel PrologueBackward { get; }
}
