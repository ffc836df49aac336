using BrainModular.Diagnostics;

namespace BrainModular.Symbolics;

/// <summary>Faults of dimension in a model's equations. They are raised while a plugin defines its model.</summary>
internal static class DimensionFault
{
    public static DiagnosticException Mismatch(string what, Dimension left, Dimension right) => new(
        "BM4301",
        $"cannot {what} quantities of different dimensions: {left} and {right}",
        expected: "the same dimension on both sides",
        cure: "multiply or divide one side by a quantity with a unit, such as 1 * mV");

    public static DiagnosticException NotANumber(string function, Dimension dimension) => new(
        "BM4302",
        $"{function} needs a pure number, but its argument has the dimension {dimension}",
        expected: "a dimensionless argument",
        cure: "divide the argument by a scale with a unit, as in Exp((V - Vth) / (5 * mV))");
}
