using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>
/// A neuron model. It does not compute: <see cref="Define"/> is called once, with symbols, and writes down the model's equations.
/// By convention the membrane potential is the state <c>V</c>, the stimulus current the input <c>I</c>, the spike output <c>spike</c>.
/// </summary>
public interface INeuronModel
{
    /// <summary>Writes the model's equations into the scope.</summary>
    void Define(INeuronScope scope);
}

/// <summary>The scope of a neuron's definition.</summary>
public interface INeuronScope : IModelScope
{
    /// <summary>
    /// The sum of the outward currents of the ion channels that the configuration inserts, each defined in a nested scope of its
    /// name; 0 where there are none.
    /// </summary>
    /// <param name="membrane">What the channels see of the cell.</param>
    Expr Channels(Membrane membrane);

    /// <summary>Inserts one channel that the model itself brings, in a nested scope of that name, and gives its outward current.</summary>
    Expr Channel(string name, IIonChannel channel, Membrane membrane);

    /// <summary>Says when the neuron is absolutely refractory, at the start of a step: by what receptors displace its potential in such a step it does not move.</summary>
    void Refractory(Condition condition);

    /// <summary>The part of the outward current of all channels defined so far that an ion carries, by <see cref="IChannelScope.Current"/>; 0 where there is none.</summary>
    /// <param name="ion">The ion's name, such as <c>Ca</c>: what a cell that tracks its concentration needs to know.</param>
    Expr IonCurrent(string ion);
}

/// <summary>What an ion channel sees of the cell that carries it.</summary>
/// <param name="V">The membrane potential.</param>
/// <param name="Temperature">The absolute temperature.</param>
/// <param name="Ions">The ions whose reversal potentials or concentrations the cell knows, by name (<c>Na</c>, <c>K</c>, <c>Ca</c>).</param>
public sealed record Membrane(Expr V, Expr Temperature, IReadOnlyDictionary<string, Ion> Ions);

/// <summary>An ion species at the membrane.</summary>
/// <param name="Reversal">The reversal potential.</param>
/// <param name="Inside">The concentration inside, where the cell tracks it.</param>
/// <param name="Outside">The concentration outside, where the cell knows it.</param>
public sealed record Ion(Expr Reversal, Expr? Inside = null, Expr? Outside = null);
