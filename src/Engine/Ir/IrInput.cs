using BrainModular.Symbolics;

namespace BrainModular.Engine.Ir;

/// <summary>Where the numbers of an input row come from.</summary>
public enum IrInputKind
{
    /// <summary>A state at the start of the step.</summary>
    State,

    /// <summary>A parameter; it does not change while time runs.</summary>
    Parameter,

    /// <summary>A value computed once from parameters, before time runs.</summary>
    Invariant,

    /// <summary>What arrives at a port, or recorded data, in this step.</summary>
    Signal,

    /// <summary>The time at the start of the step.</summary>
    Time,

    /// <summary>Random numbers of a stream, in this step.</summary>
    Noise,

    /// <summary>A state at the end of the step, as the forward pass saved it.</summary>
    Saved,

    /// <summary>The adjoint of a result, or the tangent of an input.</summary>
    Derivative,

    /// <summary>A sum that the function reads, adds to and writes back.</summary>
    Accumulator,
}

/// <summary>A row of numbers that a function reads: one per element, or a single one for all.</summary>
/// <param name="Name">Its name, unique in the function.</param>
/// <param name="Kind">Where the numbers come from.</param>
/// <param name="Dimension">What they measure.</param>
/// <param name="Uniform">Whether one number serves all elements.</param>
public sealed record IrInput(string Name, IrInputKind Kind, Dimension Dimension, bool Uniform = false);
