using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>What travels over a connection.</summary>
public enum PortKind
{
    /// <summary>A value at every step, such as a membrane potential or a rate.</summary>
    Graded,

    /// <summary>Events: at most one per step, delivered only when they happen.</summary>
    Event,
}

/// <summary>A named place where projections and stimuli end. Several sums over what arrives can be used.</summary>
public sealed class InputPort
{
    /// <summary>A new port. Model authors get theirs from <see cref="IModelScope.Port"/>.</summary>
    public InputPort(string name, PortKind kind, Unit signal, Unit weight, string description)
    {
        (Name, Kind, Signal, Weight, Description) = (name, kind, signal, weight, description);
        Sum = new Symbol(name, SymbolKind.Input, signal.Dimension * weight.Dimension);
        WeightSum = new Symbol($"{name}.weight", SymbolKind.Input, weight.Dimension);
    }

    /// <summary>The full name.</summary>
    public string Name { get; }

    /// <summary>Whether events or graded values arrive.</summary>
    public PortKind Kind { get; }

    /// <summary>The unit of what one connection carries before its weight; <see cref="Unit.One"/> for events.</summary>
    public Unit Signal { get; }

    /// <summary>The unit of a connection's weight.</summary>
    public Unit Weight { get; }

    /// <summary>What arrives here, in a few words.</summary>
    public string Description { get; }

    /// <summary>The sum of w_j x_j over the connections; for events, over those that arrive in this step.</summary>
    public Expr Sum { get; }

    /// <summary>The sum of w_j over the connections, whatever they carry; a gap junction needs it beside <see cref="Sum"/>.</summary>
    public Expr WeightSum { get; }
}
