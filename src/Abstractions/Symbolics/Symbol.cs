namespace BrainModular.Symbolics;

/// <summary>What a symbol stands for, which tells the engine where its number comes from.</summary>
public enum SymbolKind
{
    /// <summary>A state variable at the start of the step.</summary>
    State,

    /// <summary>A state variable after this step's integration and before spikes are handled.</summary>
    Stepped,

    /// <summary>A parameter: one number, one per unit, or one per lane.</summary>
    Parameter,

    /// <summary>What arrives at an input port in this step.</summary>
    Input,

    /// <summary>The time at the start of the step.</summary>
    Time,

    /// <summary>The length of the step.</summary>
    TimeStep,
}

/// <summary>A named value that the engine supplies. Two symbols are the same only if they are the same object.</summary>
public class Symbol : Expr
{
    /// <summary>A new symbol. Model authors get theirs from a scope.</summary>
    /// <param name="name">Its full name, such as <c>na.gMax</c>.</param>
    /// <param name="kind">What it stands for.</param>
    /// <param name="dimension">What it measures.</param>
    public Symbol(string name, SymbolKind kind, Dimension dimension)
        : base(Operation.Symbol, dimension, []) => (Name, Kind) = (name, kind);

    /// <summary>The full name.</summary>
    public string Name { get; }

    /// <summary>What it stands for.</summary>
    public SymbolKind Kind { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
