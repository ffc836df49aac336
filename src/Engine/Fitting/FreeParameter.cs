using BrainModular.Models;

namespace BrainModular.Engine.Fitting;

/// <summary>A parameter that a fit may change, and the coordinate in which an optimiser sees it: 0 at its lower bound, 1 at its upper one.</summary>
/// <param name="Name">The parameter's full name.</param>
/// <param name="Lower">The lower bound in engine units.</param>
/// <param name="Upper">The upper bound in engine units, above the lower one.</param>
/// <param name="Scale">Whether the coordinate is linear in the value or in its logarithm.</param>
public sealed record FreeParameter(string Name, double Lower, double Upper, ParameterScale Scale)
{
    /// <summary>The value at a coordinate; exactly a bound at 0 and 1.</summary>
    public double Value(double coordinate) => coordinate switch
    {
        <= 0 => Lower,
        >= 1 => Upper,
        _ => Scale == ParameterScale.Logarithmic
            ? Math.Exp(Math.Log(Lower) + (coordinate * Math.Log(Upper / Lower)))
            : Lower + (coordinate * (Upper - Lower)),
    };

    /// <summary>The coordinate of a value.</summary>
    public double Coordinate(double value) => Scale == ParameterScale.Logarithmic
        ? Math.Log(value / Lower) / Math.Log(Upper / Lower)
        : (value - Lower) / (Upper - Lower);

    /// <summary>The derivative of the value by the coordinate.</summary>
    public double Slope(double coordinate) =>
        Scale == ParameterScale.Logarithmic ? Value(coordinate) * Math.Log(Upper / Lower) : Upper - Lower;
}
