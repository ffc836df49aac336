using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>What a definition wrote down, in the order in which it did.</summary>
internal sealed class Definition
{
    public Dictionary<string, Parameter> Parameters { get; } = [];

    public Dictionary<string, StateVariable> States { get; } = [];

    public List<StateVariable> RateOrder { get; } = [];

    public Dictionary<string, InputPort> Ports { get; } = [];

    public Dictionary<string, Expr> Spikes { get; } = [];

    public Dictionary<string, (Expr Value, Unit Unit)> Outputs { get; } = [];

    /// <summary>Values that come from elsewhere: a loss's model and data, a synapse's spikes and potential.</summary>
    public Dictionary<string, Symbol> Signals { get; } = [];

    /// <summary>What a loss adds at a sample, or a receptor's current.</summary>
    public Expr? Contribution { get; set; }

    public Symbol Time { get; } = new("t", SymbolKind.Time, Dimension.Duration);

    public Symbol TimeStep { get; } = new("dt", SymbolKind.TimeStep, Dimension.Duration);

    public List<string> Names => [.. Parameters.Keys, .. States.Keys, .. Ports.Keys, .. Spikes.Keys, .. Outputs.Keys];
}

/// <summary>A scope that writes down what a model declares. Names are prefixed and must be unique, as in the engine.</summary>
internal class RecordingScope(Definition definition, string prefix = "", ISurrogate? surrogate = null) : IModelScope
{
    public Definition Definition { get; } = definition;

    public Expr Time => Definition.Time;

    public Expr TimeStep => Definition.TimeStep;

    protected string Prefix { get; } = prefix;

    protected ISurrogate Surrogate { get; } = surrogate ?? new NoSurrogate();

    public Parameter Parameter(string name, Quantity defaultValue, Interval bounds, string description, ParameterScale scale = ParameterScale.Linear)
    {
        Assert.Equal(defaultValue.Dimension, bounds.Lower.Dimension);
        Assert.Equal(defaultValue.Dimension, bounds.Upper.Dimension);
        Assert.InRange(defaultValue.InEngineUnits, bounds.Lower.InEngineUnits, bounds.Upper.InEngineUnits);
        Assert.True(scale == ParameterScale.Linear || bounds.Lower.InEngineUnits > 0, $"{name} is logarithmic, but its lower bound is not positive");
        var parameter = new Parameter(Claim(name, description), defaultValue, bounds, scale, description);
        Definition.Parameters.Add(parameter.Name, parameter);
        return parameter;
    }

    public StateVariable State(string name, Expr initial, Unit unit, string description, Interval? range = null)
    {
        var state = new StateVariable(Claim(name, description), unit, initial, description, range, Definition.RateOrder.Add);
        Definition.States.Add(state.Name, state);
        return state;
    }

    public Expr Input(string name, Unit unit, string description) => Port(name, PortKind.Graded, unit, Unit.One, description).Sum;

    public InputPort Port(string name, PortKind kind, Unit signal, Unit weight, string description)
    {
        var port = new InputPort(Claim(name, description), kind, signal, weight, description);
        Definition.Ports.Add(port.Name, port);
        return port;
    }

    public Expr Spike(string name, Expr excess) => Definition.Spikes[Claim(name)] = Functions.Heaviside(excess, Surrogate);

    public Expr Crossing(string name, Expr before, Expr after) => Definition.Spikes[Claim(name)] =
        Functions.Heaviside(after, Surrogate) * (1 - Functions.Heaviside(before, Surrogate));

    public void Output(string name, Expr value, Unit unit, string description)
    {
        Assert.Equal(unit.Dimension, value.Dimension);
        Definition.Outputs.Add(Claim(name, description), (value, unit));
    }

    public Expr Normal(string stream) => new Symbol($"normal.{Prefix}{stream}", SymbolKind.Input, Dimension.None);

    public Expr Uniform(string stream) => new Symbol($"uniform.{Prefix}{stream}", SymbolKind.Input, Dimension.None);

    public IModelScope Nested(string name) => new RecordingScope(Definition, $"{Prefix}{name}.", Surrogate);

    private string Claim(string name, string description = "-")
    {
        Assert.False(string.IsNullOrWhiteSpace(description), $"{name} has no description");
        Assert.DoesNotContain(Prefix + name, Definition.Names);
        return Prefix + name;
    }

    private sealed class NoSurrogate : ISurrogate
    {
        public Expr Derivative(Expr x) => 0;

        public Expr Smooth(Expr x) => x;
    }
}
