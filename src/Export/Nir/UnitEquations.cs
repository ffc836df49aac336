using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Export.Nir;

/// <summary>A model's equations at one unit's parameters, with the states that never change taken as the numbers that they are.</summary>
internal sealed class UnitEquations
{
    private readonly ModelDefinition model;
    private readonly Func<Parameter, double> values;
    private readonly Func<StateVariable, double?> begins;
    private readonly double timeStep;
    private readonly Dictionary<StateVariable, double> still;

    /// <param name="model">The model.</param>
    /// <param name="values">The unit's parameters, in engine units.</param>
    /// <param name="begins">The unit's states at time 0, in engine units; null where the model says it.</param>
    /// <param name="timeStep">In ms.</param>
    public UnitEquations(ModelDefinition model, Func<Parameter, double> values, Func<StateVariable, double?> begins, double timeStep)
    {
        (this.model, this.values, this.begins, this.timeStep) = (model, values, begins, timeStep);
        still = [];
        foreach (var state in model.States.Where(s => s != Displaced))
        {
            if (Initial(state) is { } initial)
            {
                still[state] = initial;
            }
        }

        // Each is still as long as the others are: those that are not fall out until none does.
        while (still.Keys.Where(s => !IsStill(s)).ToList() is { Count: > 0 } moving)
        {
            moving.ForEach(s => still.Remove(s));
        }
    }

    /// <summary>The states that change.</summary>
    public IReadOnlyList<StateVariable> Moving => [.. model.States.Where(s => !still.ContainsKey(s))];

    /// <summary>The potential, where receptors displace it.</summary>
    private StateVariable? Displaced => model.Displacements.Count > 0 ? model.Potential : null;

    /// <summary>Whether the potential is displaced by anything but a weighted sum of events.</summary>
    public bool LosesEvents => Displaced is not null && Of(Displacement()) is null;

    /// <summary>The value at time 0; null where it is no number.</summary>
    public double? Initial(StateVariable state) => begins(state) is { } given ? given : Evaluator(spike: false).Of(state.Initial) is { IsConstant: true } initial ? initial.Constant : null;

    /// <summary>dx/dt; null where it is not affine.</summary>
    public AffineForm? Rate(StateVariable state) => state.Rate is null ? AffineForm.Of(0) : Evaluator(spike: false).Of(state.Rate);

    /// <summary>The value at the end of a step, in terms of <see cref="StateVariable.Stepped"/>, with a spike in it or not.</summary>
    public AffineForm? Next(StateVariable state, bool spike) => Evaluator(spike).Of(state.Next ?? state.Stepped);

    /// <summary>An expression in a step without a spike.</summary>
    public AffineForm? Of(Expr expression) => Evaluator(spike: false).Of(expression);

    private bool IsStill(StateVariable state) =>
        Rate(state) is { IsConstant: true, Constant: 0 }
        && StaysAt(state, spike: false) && StaysAt(state, spike: true);

    private bool StaysAt(StateVariable state, bool spike) => Next(state, spike) is { IsConstant: true } next && next.Constant == still[state];

    private AffineEvaluator Evaluator(bool spike)
    {
        AffineEvaluator? evaluator = null;
        return evaluator = new(Known);

        AffineForm? Known(Expr e) => e switch
        {
            _ when model.Spikes.Any(s => ReferenceEquals(s.Value, e)) => AffineForm.Of(spike ? 1 : 0),
            Parameter parameter => AffineForm.Of(values(parameter)),
            StateVariable state => still.TryGetValue(state, out var value) ? AffineForm.Of(value) : AffineForm.Of(state),
            Symbol { Kind: SymbolKind.Stepped } stepped when stepped == Displaced?.Stepped => evaluator!.Of(Displacement())?.Plus(AffineForm.Of(stepped)),
            Symbol { Kind: SymbolKind.Stepped } stepped => still.Where(s => s.Key.Stepped == stepped).Select(static s => AffineForm.Of(s.Value)).FirstOrDefault() ?? AffineForm.Of(stepped),
            Symbol { Kind: SymbolKind.TimeStep } => AffineForm.Of(timeStep),
            Symbol { Kind: SymbolKind.Input } input when IsCurrent(input) => Injected(input, evaluator!),
            Symbol { Kind: SymbolKind.Input } input when model.Ports.Any(p => p.Sum == input) => AffineForm.Of(input),
            _ => null,
        };
    }

    /// <summary>By what receptors displace the potential.</summary>
    private Expr Displacement()
    {
        var sum = model.Displacements.Aggregate(static (a, b) => a + b);
        return model.Refractory is { } refractory ? Functions.Where(refractory, 0, sum) : sum;
    }

    private bool IsCurrent(Symbol input) => model.Ports.Any(p => p.Name == ModelDefinition.CurrentPort && p.Sum == input);

    /// <summary>What arrives at the current port, with the currents of receptors.</summary>
    private AffineForm? Injected(Symbol input, AffineEvaluator evaluator)
    {
        var sum = AffineForm.Of(input);
        foreach (var current in model.Injections)
        {
            if (evaluator.Of(current) is not { } form)
            {
                return null;
            }

            sum = sum.Plus(form);
        }

        return sum;
    }
}
