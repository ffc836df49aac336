using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>
/// Steps a definition in plain float64 by exponential Euler, x &lt;- x + dt exprel(dt J) f with J = df/dx taken by a difference quotient,
/// exact where f is linear in x: staggered (in the order of the rates, each with those before it already stepped) or all from the old values.
/// </summary>
internal sealed class SmallSimulation
{
    private readonly Definition definition;
    private readonly Dictionary<Symbol, double> values = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Symbol State, Symbol Stepped, Evaluator Rate)> rates = [];
    private readonly List<(Symbol State, Evaluator Next)> jumps = [];
    private readonly Dictionary<string, Evaluator> spikes;
    private readonly Evaluator? contribution;
    private readonly double dt;

    /// <summary>Whether a variable sees those before it already stepped.</summary>
    public bool Staggered { get; init; } = true;

    /// <param name="definition">What to simulate.</param>
    /// <param name="dt">The step in ms.</param>
    /// <param name="parameters">Parameters other than their defaults, in their own units.</param>
    public SmallSimulation(Definition definition, double dt, params (string Name, double Value)[] parameters)
    {
        (this.definition, this.dt) = (definition, dt);
        foreach (var parameter in definition.Parameters.Values)
        {
            values[parameter] = parameter.Default.InEngineUnits;
        }

        foreach (var (name, value) in parameters)
        {
            values[definition.Parameters[name]] = definition.Parameters[name].Unit.Import(value);
        }

        values[definition.Time] = 0;
        values[definition.TimeStep] = dt;
        foreach (var port in definition.Ports.Values)
        {
            values[(Symbol)port.Sum] = 0;
        }

        foreach (var state in definition.States.Values)
        {
            values[state] = values[(Symbol)state.Stepped] = new Evaluator(state.Initial).Evaluate(s => values[s]);
            jumps.Add((state, new Evaluator(state.Next ?? state.Stepped)));
        }

        rates = [.. definition.RateOrder.Select(static s => ((Symbol)s, (Symbol)s.Stepped, new Evaluator(s.Rate!)))];
        contribution = definition.Contribution is { } sum ? new(sum) : null;
        spikes = definition.Spikes.ToDictionary(static s => s.Key, static s => new Evaluator(s.Value));
    }

    /// <summary>What a loss added in the last step, or a receptor's current in it, in engine units.</summary>
    public double Contribution { get; private set; }

    /// <summary>A state's value now, in its own unit.</summary>
    public double this[string state]
    {
        get => definition.States[state].Unit.Export(values[definition.States[state]]);
        set => values[definition.States[state]] = definition.States[state].Unit.Import(value);
    }

    /// <summary>An output's value now, in its own unit.</summary>
    public double Output(string name) =>
        definition.Outputs[name].Unit.Export(new Evaluator(definition.Outputs[name].Value).Evaluate(s => values[s]));

    /// <summary>
    /// Advances by one step with inputs in their ports' units (signal times weight), or signals in engine units; true where the spike output fired.
    /// </summary>
    public bool Step(params (string Port, double Value)[] inputs)
    {
        foreach (var (port, value) in inputs)
        {
            if (definition.Signals.TryGetValue(port, out var signal))
            {
                values[signal] = value;
            }
            else
            {
                values[(Symbol)definition.Ports[port].Sum] = (definition.Ports[port].Signal * definition.Ports[port].Weight).Import(value);
            }
        }

        var before = rates.ToDictionary(static r => r.State, r => values[r.State]);
        foreach (var state in definition.States.Values)
        {
            values[(Symbol)state.Stepped] = values[state];
        }

        foreach (var (state, stepped, rate) in rates)
        {
            var x = values[state];
            var f = rate.Evaluate(s => values[s]);
            values[state] = x + 1;
            var slope = (rate.Evaluate(s => values[s]) - f) * dt;
            var growth = Math.Abs(slope) < 1e-9 ? 1 : (Math.Exp(slope) - 1) / slope;
            values[stepped] = x + (dt * growth * f);
            values[state] = Staggered ? values[stepped] : x;
        }

        foreach (var (state, value) in before)
        {
            values[state] = value;
        }

        var fired = spikes.TryGetValue("spike", out var spike) && spike.Evaluate(s => values[s]) == 1;
        Contribution = contribution?.Evaluate(s => values[s]) ?? 0;
        var after = jumps.Select(j => (j.State, Value: j.Next.Evaluate(s => values[s]))).ToList();
        foreach (var (state, value) in after)
        {
            values[state] = value;
        }

        values[definition.Time] += dt;
        return fired;
    }
}
