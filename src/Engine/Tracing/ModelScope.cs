using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>What all scopes of one model share while it is being defined.</summary>
internal sealed class Tracing(string model, ISurrogate surrogate)
{
    public string Model { get; } = model;

    public ISurrogate Surrogate { get; } = surrogate;

    public HashSet<string> Names { get; } = [];

    public List<Parameter> Parameters { get; } = [];

    public List<StateVariable> States { get; } = [];

    public List<StateVariable> RateOrder { get; } = [];

    public List<InputPort> Ports { get; } = [];

    public List<SpikeOutput> Spikes { get; } = [];

    public List<GradedOutput> Outputs { get; } = [];

    public List<SpikeOutput> Releases { get; } = [];

    /// <summary>Currents of receptors into the neuron.</summary>
    public List<Expr> Injections { get; } = [];

    /// <summary>By what receptors displace the potential.</summary>
    public List<Expr> Displacements { get; } = [];

    /// <summary>When the potential cannot be displaced.</summary>
    public Condition? Refractory { get; set; }

    public Symbol Time { get; } = new("t", SymbolKind.Time, Dimension.Duration);

    public Symbol TimeStep { get; } = new("dt", SymbolKind.TimeStep, Dimension.Duration);

    public ModelDefinition Definition() => new(Model, Parameters, States, RateOrder, Ports, Spikes, Outputs, Time, TimeStep)
    {
        Releases = Releases,
        Injections = Injections,
        Displacements = Displacements,
        Refractory = Refractory,
    };
}

/// <summary>A scope: names are checked, prefixed and remembered in the order in which they come.</summary>
internal class ModelScope(Tracing tracing, string prefix) : IModelScope
{
    public Expr Time => Tracing.Time;

    public Expr TimeStep => Tracing.TimeStep;

    protected Tracing Tracing { get; } = tracing;

    protected string Prefix { get; } = prefix;

    public Parameter Parameter(string name, Quantity defaultValue, Interval bounds, string description, ParameterScale scale = ParameterScale.Linear)
    {
        var full = Claim(name);
        var (lower, upper, value) = (bounds.Lower, bounds.Upper, defaultValue);
        var fits = Matches(lower, value) && Matches(upper, value) && lower.InEngineUnits <= value.InEngineUnits && value.InEngineUnits <= upper.InEngineUnits;
        if (!fits || (scale == ParameterScale.Logarithmic && lower.InEngineUnits <= 0))
        {
            throw new DiagnosticException(
                "BM4305",
                $"parameter {full} of {Tracing.Model} has default {value} and bounds {lower} to {upper}",
                expected: "lower <= default <= upper, all of one dimension, and a lower bound above 0 where the scale is logarithmic",
                cure: "mend the model's Define");
        }

        var parameter = new Parameter(full, value, bounds, scale, description);
        Tracing.Parameters.Add(parameter);
        return parameter;
    }

    public StateVariable State(string name, Expr initial, Unit unit, string description, Interval? range = null)
    {
        var state = new StateVariable(Claim(name), unit, initial, description, range, Tracing.RateOrder.Add);
        Tracing.States.Add(state);
        return state;
    }

    public Expr Input(string name, Unit unit, string description) => Port(name, PortKind.Graded, unit, Unit.One, description).Sum;

    public InputPort Port(string name, PortKind kind, Unit signal, Unit weight, string description)
    {
        var port = new InputPort(Claim(name), kind, signal, weight, description);
        Tracing.Ports.Add(port);
        return port;
    }

    public Expr Spike(string name, Expr excess)
    {
        var spike = Functions.Heaviside(excess, Tracing.Surrogate);
        Tracing.Spikes.Add(new(Claim(name), spike));
        return spike;
    }

    public Expr Crossing(string name, Expr before, Expr after)
    {
        var spike = Functions.Heaviside(after, Tracing.Surrogate) * (1 - Functions.Heaviside(before, Tracing.Surrogate));
        Tracing.Spikes.Add(new(Claim(name), spike));
        return spike;
    }

    public void Output(string name, Expr value, Unit unit, string description)
    {
        if (value.Dimension != unit.Dimension && !(value.Operation == Operation.Constant && value.Value == 0))
        {
            throw new DiagnosticException(
                "BM4301",
                $"output {Prefix}{name} of {Tracing.Model} has the dimension {value.Dimension}, but its unit is {unit}",
                expected: $"a value of the dimension {unit.Dimension}",
                cure: "mend the model's Define");
        }

        Tracing.Outputs.Add(new(Claim(name), value, unit, description));
    }

    public Expr Normal(string stream) => Expr.Random(Operation.Normal, Prefix + stream);

    public Expr Uniform(string stream) => Expr.Random(Operation.Uniform, Prefix + stream);

    public IModelScope Nested(string name) => new ModelScope(Tracing, $"{Prefix}{name}.");

    protected string Claim(string name)
    {
        var full = Prefix + name;
        return Tracing.Names.Add(full)
            ? full
            : throw new DiagnosticException(
                "BM4304",
                $"{Tracing.Model} declares {full} twice",
                expected: "a name of its own for each parameter, state, port and output",
                cure: "rename one of them in the model's Define, or nest it in a scope");
    }

    private static bool Matches(Quantity bound, Quantity value) => bound.Dimension == value.Dimension;
}
