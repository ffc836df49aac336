using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Il;

namespace BrainModular.Engine.Learning;

/// <summary>The functions of backpropagation through time, compiled. Immutable, so that any number of threads can run it.</summary>
public sealed class TrainingProgram
{
    private readonly Lazy<(Kernel Forward, Kernel Backward)> taped;
    private readonly int mostTapedLanes;

    public TrainingProgram(TrainingFunctions functions, double timeStep, Precision precision, CompileOptions options)
    {
        (Functions, TimeStep, Precision) = (functions, timeStep, precision);
        Prologue = KernelCompiler.Compile(functions.Prologue, precision, options);
        Forward = KernelCompiler.Compile(functions.Forward, precision, options);
        Backward = KernelCompiler.Compile(functions.Backward, precision, options);
        PrologueBackward = KernelCompiler.Compile(functions.PrologueBackward, precision, options);
        taped = new(() =>
        {
            var (step, adjoint) = TapedStep.Derive(Forward.Function, Backward.Function);
            return (KernelCompiler.CompileLowered(step, options.Backend), KernelCompiler.CompileLowered(adjoint, options.Backend));
        });
        mostTapedLanes = options.Backend == KernelBackend.Il ? VectorUnit.Bytes / (precision == Precision.Single ? sizeof(float) : sizeof(double)) : 0;
    }

    public TrainingFunctions Functions { get; }

    /// <summary>The length of a step in ms.</summary>
    public double TimeStep { get; }

    public Precision Precision { get; }

    public Kernel Prologue { get; }

    public Kernel Forward { get; }

    public Kernel Backward { get; }

    public Kernel PrologueBackward { get; }

    /// <summary><see cref="Forward"/> that keeps what <see cref="TapedBackward"/> reads.</summary>
    internal Kernel TapedForward => taped.Value.Forward;

    /// <summary><see cref="Backward"/> with what does not wait for later steps' adjoints read from the tape.</summary>
    internal Kernel TapedBackward => taped.Value.Backward;

    /// <summary>Whether a vector holds so many lanes: then the taped functions take less time. The interpreter has no vectors.</summary>
    internal bool IsTaped(int lanes) => lanes <= mostTapedLanes;

    /// <summary>How many rows a step's tape has; none where there are more lanes.</summary>
    internal int TapeRows(int lanes) => IsTaped(lanes) ? TapedForward.Function.Outputs.Count - Forward.Function.Outputs.Count : 0;
}
