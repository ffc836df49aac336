using BrainModular.Diagnostics;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>A loss and what it counts.</summary>
/// <param name="Name">Its name, for messages; several of one name are told apart by a number.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Weight">What it is multiplied by, not negative.</param>
public sealed record WeightedLoss(string Name, ILoss Loss, double Weight);

/// <summary>One loss of a sum.</summary>
/// <param name="Name">Its name, unique in the sum.</param>
/// <param name="Weight">What its value in its unit counts.</param>
/// <param name="Factor">By what its contribution in engine units is multiplied.</param>
/// <param name="Contribution">What one sample adds to it, before the sample's weight.</param>
/// <param name="Unit">The unit in which it is reported.</param>
public sealed record LossPart(string Name, double Weight, double Factor, Expr Contribution, Unit Unit);

/// <summary>What the <c>Define</c> of a loss, or of those of a sum, wrote down.</summary>
/// <param name="Model">Their own parameters and states, as for any model.</param>
/// <param name="Weight">The symbol of the sample's weight.</param>
/// <param name="ModelValues">The symbols that stand for the model's values, by name.</param>
/// <param name="DataValues">The symbols that stand for recorded values, by name.</param>
/// <param name="Parts">The losses.</param>
/// <param name="Unit">The unit in which their sum is reported.</param>
public sealed record LossDefinition(
    ModelDefinition Model,
    Symbol Weight,
    IReadOnlyDictionary<string, Symbol> ModelValues,
    IReadOnlyDictionary<string, Symbol> DataValues,
    IReadOnlyList<LossPart> Parts,
    Unit Unit)
{
    /// <summary>How the recorded potential is moved along with the model's spikes; null where no loss reads that.</summary>
    public AlignmentWindow? Alignment { get; init; }
}

/// <summary>How a recorded potential is moved along with a model's spikes.</summary>
/// <param name="Before">How long before a spike its window begins, in ms.</param>
/// <param name="After">How long after it the window ends, in ms.</param>
/// <param name="Reach">How far apart spikes may be that are each other's counterparts, in ms.</param>
public sealed record AlignmentWindow(double Before, double After, double Reach);

/// <summary>The symbols by which losses that stand side by side know the sample, the model and the recording.</summary>
internal sealed class LossSymbols
{
    public Symbol Weight { get; } = new("weight", SymbolKind.Input, Dimension.None);

    public Dictionary<string, Symbol> ModelValues { get; } = [];

    public Dictionary<string, Symbol> DataValues { get; } = [];

    public AlignmentWindow? Alignment { get; set; }
}

/// <summary>The scope of a loss's definition.</summary>
internal sealed class LossScope(Tracing tracing, ModelDefinition model, LossSymbols symbols, string name, string prefix) : ModelScope(tracing, prefix), ILossScope
{
    private Expr contribution = 0.0;
    private Unit? unit;

    public Expr Weight => symbols.Weight;

    public Expr Model(string name) => Known(symbols.ModelValues, $"model.{name}", name);

    public Expr Data(string name) => Known(symbols.DataValues, $"data.{name}", name);

    public (Expr Value, Expr Counts) AlignedPotential(Quantity before, Quantity after, Quantity reach)
    {
        var window = new AlignmentWindow(Checked("before", before, isReach: false), Checked("after", after, isReach: false), Checked("reach", reach, isReach: true));
        if (symbols.Alignment is { } other && other != window)
        {
            throw ModelTracer.Fault("BM4314", name, "aligns the potential in other windows than a loss beside it", "the same before, after and reach");
        }

        symbols.Alignment = window;
        var potential = DimensionOf("V");
        return (Symbol("V.aligned", potential), Symbol("V.counts", Dimension.None));

        Symbol Symbol(string value, Dimension dimension) =>
            symbols.DataValues.TryGetValue(value, out var known) ? known : symbols.DataValues[value] = new($"data.{value}", SymbolKind.Input, dimension);
    }

    public void Add(Expr value, Unit unit)
    {
        contribution = contribution + value;
        this.unit ??= unit;
    }

    /// <summary>What was added, and the unit of it.</summary>
    public (Expr Contribution, Unit Unit) Added() =>
        (contribution, unit ?? throw ModelTracer.Fault("BM4307", name, "adds nothing to the loss", "at least one call of Add"));

    private double Checked(string key, Quantity value, bool isReach) => value.InEngineUnits is >= 0 and < double.PositiveInfinity && (value.InEngineUnits > 0 || !isReach)
        ? value.InEngineUnits
        : throw new DiagnosticException(
            "BM4315", $"{name} aligns the potential with '{key}' {value}", expected: isReach ? "a duration longer than 0" : "a duration of at least 0",
            cure: $"give '{key}' such a duration, or leave it out for its default");

    private Symbol Known(Dictionary<string, Symbol> values, string full, string wanted)
    {
        if (!values.TryGetValue(wanted, out var symbol))
        {
            values[wanted] = symbol = new(full, SymbolKind.Input, DimensionOf(wanted));
        }

        return symbol;
    }

    private Dimension DimensionOf(string wanted) =>
        model.States.FirstOrDefault(s => s.Name == wanted)?.Dimension
        ?? model.Outputs.FirstOrDefault(o => o.Name == wanted)?.Unit.Dimension
        ?? (model.Spikes.Any(s => s.Name == wanted || (s.Excess is not null && s.ExcessName == wanted))
            ? Dimension.None
            : throw ModelTracer.Fault("BM4308", name, $"reads '{wanted}', which {model.Name} does not have", $"one of {ModelTracer.Names(model)}"));
}
