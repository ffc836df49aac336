using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Il;

namespace BrainModular.Engine.Learning;

/// <summary>The functions of backpropagation through time, compiled. Immutable, so that any number of threads can run it.</summary>
public sealed class TrainingProgram
{
    private readonly Lazy<(Kernel Alone, Kernel Joined)> ahead;
    private readonly int mostLanesAhead;

    public TrainingProgram(TrainingFunctions functions, double timeStep, Precision precision, CompileOptions options)
    {
        (Functions, TimeStep, Precision) = (functions, timeStep, precision);
        Prologue = KernelCompiler.Compile(functions.Prologue, precision, options);
        Forward = KernelCompiler.Compile(functions.Forward, precision, options);
        Backward = KernelCompiler.Compile(functions.Backward, precision, options);
        PrologueBackward = KernelCompiler.Compile(functions.PrologueBackward, precision, options);
        ahead = new(() =>
        {
            var (alone, joined) = StepAhead.Split(Backward.Function);
            return (KernelCompiler.CompileLowered(alone, options.Backend), KernelCompiler.CompileLowered(joined, options.Backend));
        });
        mostLanesAhead = options.Backend == KernelBackend.Il ? VectorUnit.Bytes / (precision == Precision.Single ? sizeof(float) : sizeof(double)) : 0;
    }

    public TrainingFunctions Functions { get; }

    /// <summary>The length of a step in ms.</summary>
    public double TimeStep { get; }

    public Precision Precision { get; }

    public Kernel Prologue { get; }

    public Kernel Forward { get; }

    public Kernel Backward { get; }

    public Kernel PrologueBackward { get; }

    /// <summary>What of <see cref="Backward"/> does not wait for later steps' adjoints.</summary>
    internal Kernel Ahead => ahead.Value.Alone;

    /// <summary>That, of a step, and the rest of <see cref="Backward"/>, of the step after it.</summary>
    internal Kernel Joined => ahead.Value.Joined;

    /// <summary>Whether a vector holds so many lanes: then <see cref="Joined"/> takes less time than <see cref="Backward"/>.</summary>
    internal bool IsFasterAhead(int lanes) => lanes <= mostLanesAhead;
}
