using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>An ion channel: gates and a current, defined once in symbols like a neuron.</summary>
public interface IIonChannel
{
    /// <summary>Writes the channel's equations and declares its current.</summary>
    void Define(IChannelScope scope);
}

/// <summary>The scope of an ion channel's definition, nested in that of its neuron.</summary>
public interface IChannelScope : IModelScope
{
    /// <summary>What the channel sees of the cell.</summary>
    Membrane Membrane { get; }

    /// <summary>Declares an outward current of the channel; several add up.</summary>
    /// <param name="current">The current, positive outward; an absolute current or a density, as the neuron's equations need it.</param>
    /// <param name="ion">The ion that carries it, or null where none is tracked.</param>
    void Current(Expr current, string? ion = null);
}
