using BrainModular.Losses;
using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>A loss's scope, for a model with the potential <c>V</c>, the output <c>logHazard</c> and the spike output <c>spike</c>.</summary>
internal sealed class RecordingLossScope(Definition definition) : RecordingScope(definition), ILossScope
{
    public Expr Weight { get; } = new Symbol("weight", SymbolKind.Input, Dimension.None);

    public Expr Total { get; private set; } = 0;

    public Unit? Unit { get; private set; }

    public Expr Model(string name) => Signal($"model.{name}");

    public Expr Data(string name) => Signal($"data.{name}");

    public (Expr Value, Expr Counts) AlignedPotential(Quantity before, Quantity after, Quantity reach) => (Signal("data.V.aligned"), Signal("data.V.counts"));

    public void Add(Expr value, Unit unit)
    {
        Assert.Equal(unit.Dimension, value.Dimension);
        (Total, Unit) = (Total + value, unit);
        Definition.Contribution = Total;
    }

    private Symbol Signal(string name)
    {
        if (!Definition.Signals.TryGetValue(name, out var symbol))
        {
            var isNumber = name.EndsWith("spike", StringComparison.Ordinal) || name.EndsWith("counts", StringComparison.Ordinal) || name.EndsWith("logHazard", StringComparison.Ordinal)
                || name.EndsWith("excess", StringComparison.Ordinal);
            var dimension = isNumber ? Dimension.None : Dimension.Voltage;
            Definition.Signals[name] = symbol = new(name, SymbolKind.Input, dimension);
        }

        return symbol;
    }
}
