using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>
/// A state variable. As an expression it is the value at the start of the step; <see cref="Rate"/> gives its differential equation,
/// <see cref="Next"/> what a spike or another jump makes of it at the step's end.
/// </summary>
public sealed class StateVariable : Symbol
{
    private readonly Action<StateVariable> rateSet;
    private Expr? rate;
    private Expr? next;

    /// <summary>A new state variable. Model authors get theirs from <see cref="IModelScope.State"/>.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="unit">The unit in which it is documented and recorded.</param>
    /// <param name="initial">Its value at time 0, from parameters, constants and the states declared before it, as they begin.</param>
    /// <param name="description">What it means, in a few words.</param>
    /// <param name="range">Values that the equations never leave; null where none are known.</param>
    /// <param name="rateSet">Told when <see cref="Rate"/> is first set; staggered integrators follow that order.</param>
    public StateVariable(string name, Unit unit, Expr initial, string description, Interval? range, Action<StateVariable> rateSet)
        : base(name, SymbolKind.State, unit.Dimension)
    {
        (Unit, Initial, Description, Range, this.rateSet) = (unit, initial, description, range, rateSet);
        _ = Expr.Same($"start {name} from", this, initial);
        Stepped = new Symbol(name, SymbolKind.Stepped, unit.Dimension);
    }

    /// <summary>The unit in which it is documented and recorded.</summary>
    public Unit Unit { get; }

    /// <summary>The value at time 0.</summary>
    public Expr Initial { get; }

    /// <summary>What it means.</summary>
    public string Description { get; }

    /// <summary>Values that the equations never leave; null where none are known.</summary>
    public Interval? Range { get; }

    /// <summary>Its value after this step's integration and, of a potential, displacement by receptors; before jumps.</summary>
    public Expr Stepped { get; }

    /// <summary>dx/dt, from states, parameters and inputs at the start of the step; null for a variable that only jumps.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4301: not this variable's dimension per time.</exception>
    public Expr? Rate
    {
        get => rate;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.IsZero && value.Dimension != Dimension / Dimension.Duration)
            {
                throw DimensionFault.Mismatch($"give {Name} a rate in", value.Dimension, Dimension / Dimension.Duration);
            }

            if (rate is null)
            {
                rateSet(this);
            }

            rate = value;
        }
    }

    /// <summary>The value at the end of the step, usually <c>OnSpike(spike, Vreset, V.Stepped)</c>; null where it is <see cref="Stepped"/>.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4301: not this variable's dimension.</exception>
    public Expr? Next
    {
        get => next;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _ = Expr.Same($"set {Name} to", this, value);
            next = value;
        }
    }
}
