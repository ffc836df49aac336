using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>How an optimiser sees a bounded parameter.</summary>
public enum ParameterScale
{
    /// <summary>Scaled linearly between its bounds.</summary>
    Linear,

    /// <summary>By its logarithm; for positive parameters that span decades, such as conductances and time constants.</summary>
    Logarithmic,
}

/// <summary>A range of values of one dimension.</summary>
/// <param name="Lower">The smallest value.</param>
/// <param name="Upper">The largest value.</param>
public readonly record struct Interval(Quantity Lower, Quantity Upper)
{
    /// <summary>A range written as a pair, <c>(1 * nS, 100 * nS)</c>.</summary>
    public static implicit operator Interval((Quantity Lower, Quantity Upper) pair) => new(pair.Lower, pair.Upper);
}

/// <summary>A parameter of a model. It is an expression, so it is used in equations as it is.</summary>
public sealed class Parameter : Symbol
{
    /// <summary>A new parameter. Model authors get theirs from <see cref="IModelScope.Parameter"/>.</summary>
    public Parameter(string name, Quantity defaultValue, Interval bounds, ParameterScale scale, string description)
        : base(name, SymbolKind.Parameter, defaultValue.Dimension)
        => (Default, Bounds, Scale, Description) = (defaultValue, bounds, scale, description);

    /// <summary>The value where none is given, in the unit in which the model is documented.</summary>
    public Quantity Default { get; }

    /// <summary>The unit in which the model is documented and its values are reported.</summary>
    public Unit Unit => Default.Unit;

    /// <summary>The values that make sense; a fit stays inside.</summary>
    public Interval Bounds { get; }

    /// <summary>How an optimiser sees it.</summary>
    public ParameterScale Scale { get; }

    /// <summary>What it means, in a few words.</summary>
    public string Description { get; }
}
