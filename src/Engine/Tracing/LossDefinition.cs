using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>What a loss's <c>Define</c> wrote down.</summary>
/// <param name="Model">Its own parameters and states, as for any model.</param>
/// <param name="Weight">The symbol of the sample's weight.</param>
/// <param name="ModelValues">The symbols that stand for the model's values, by name.</param>
/// <param name="DataValues">The symbols that stand for recorded values, by name.</param>
/// <param name="Contribution">What one sample adds, before its weight.</param>
/// <param name="Unit">The unit in which the loss is reported.</param>
public sealed record LossDefinition(
    ModelDefinition Model,
    Symbol Weight,
    IReadOnlyDictionary<string, Symbol> ModelValues,
    IReadOnlyDictionary<string, Symbol> DataValues,
    Expr Contribution,
    Unit Unit);

/// <summary>The scope of a loss's definition.</summary>
internal sealed class LossScope(Tracing tracing, ModelDefinition model) : ModelScope(tracing, "loss."), ILossScope
{
    private readonly Dictionary<string, Symbol> modelValues = [];
    private readonly Dictionary<string, Symbol> dataValues = [];
    private readonly Symbol weight = new("weight", SymbolKind.Input, Dimension.None);
    private Expr contribution = 0.0;
    private Unit? unit;

    public Expr Weight => weight;

    public Expr Model(string name) => Known(modelValues, $"model.{name}", name);

    public Expr Data(string name) => Known(dataValues, $"data.{name}", name);

    public void Add(Expr value, Unit unit)
    {
        contribution = contribution + value;
        this.unit ??= unit;
    }

    public LossDefinition Definition() => new(
        Tracing.Definition(), weight, modelValues, dataValues, contribution,
        unit ?? throw ModelTracer.Fault("BM4307", Tracing.Model, "adds nothing to the loss", "at least one call of Add"));

    private Symbol Known(Dictionary<string, Symbol> values, string full, string name)
    {
        if (!values.TryGetValue(name, out var symbol))
        {
            values[name] = symbol = new(full, SymbolKind.Input, DimensionOf(name));
        }

        return symbol;
    }

    private Dimension DimensionOf(string name) =>
        model.States.FirstOrDefault(s => s.Name == name)?.Dimension
        ?? model.Outputs.FirstOrDefault(o => o.Name == name)?.Unit.Dimension
        ?? (model.Spikes.Any(s => s.Name == name)
            ? Dimension.None
            : throw ModelTracer.Fault("BM4308", Tracing.Model, $"reads '{name}', which {model.Name} does not have", $"one of {ModelTracer.Names(model)}"));
}
