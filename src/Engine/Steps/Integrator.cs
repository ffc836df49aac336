using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Models;

namespace BrainModular.Engine.Steps;

/// <summary>The rates of a model as a function of its states, as nodes. It may be asked at several points of one step.</summary>
/// <param name="states">A node for every state.</param>
/// <returns>A node for every state with a rate.</returns>
internal delegate IReadOnlyDictionary<StateVariable, IrNode> Rates(IReadOnlyDictionary<StateVariable, IrNode> states);

/// <summary>
/// A one-step method, as a rewriting of rates into the values after the step. It works on nodes, so the step it makes can be
/// differentiated, compiled and exported like any other function.
/// </summary>
public abstract class Integrator
{
    /// <summary>The name that configurations use.</summary>
    public abstract string Name { get; }

    /// <summary>All integrators.</summary>
    public static IReadOnlyList<Integrator> All { get; } =
        [new Euler(), new Heun(), new RungeKutta4(), new ExponentialEuler(staggered: false), new ExponentialEuler(staggered: true)];

    internal abstract IReadOnlyDictionary<StateVariable, IrNode> Step(StepPlan plan);

    internal static IReadOnlyDictionary<StateVariable, IrNode> Advance(
        StepPlan plan, IReadOnlyDictionary<StateVariable, IrNode> rates, double fraction)
    {
        var result = plan.States.ToDictionary();
        foreach (var (state, rate) in rates)
        {
            result[state] = plan.Graph.Add(plan.States[state], plan.Graph.Multiply(plan.Graph.Constant(fraction * plan.TimeStep), rate));
        }

        return result;
    }
}

/// <summary>What an integrator works on.</summary>
/// <param name="Graph">Where nodes are made.</param>
/// <param name="States">The states at the start of the step.</param>
/// <param name="Rates">Their rates.</param>
/// <param name="Order">The order in which the model gave its rates.</param>
/// <param name="TimeStep">The length of the step in ms.</param>
/// <param name="Signs">What is known of signs.</param>
internal sealed record StepPlan(
    IrGraph Graph, IReadOnlyDictionary<StateVariable, IrNode> States, Rates Rates, IReadOnlyList<StateVariable> Order, double TimeStep, SignAnalysis Signs);

/// <summary>x + dt f(x): order 1.</summary>
internal sealed class Euler : Integrator
{
    public override string Name => "euler";

    internal override IReadOnlyDictionary<StateVariable, IrNode> Step(StepPlan plan) => Advance(plan, plan.Rates(plan.States), 1);
}

/// <summary>x + dt (f(x) + f(x + dt f(x))) / 2: order 2.</summary>
internal sealed class Heun : Integrator
{
    public override string Name => "heun";

    internal override IReadOnlyDictionary<StateVariable, IrNode> Step(StepPlan plan)
    {
        var first = plan.Rates(plan.States);
        var second = plan.Rates(Advance(plan, first, 1));
        return Advance(plan, first.ToDictionary(p => p.Key, p => plan.Graph.Add(p.Value, second[p.Key])), 0.5);
    }
}

/// <summary>The classical method of Runge and Kutta: order 4.</summary>
internal sealed class RungeKutta4 : Integrator
{
    public override string Name => "rk4";

    internal override IReadOnlyDictionary<StateVariable, IrNode> Step(StepPlan plan)
    {
        var g = plan.Graph;
        var k1 = plan.Rates(plan.States);
        var k2 = plan.Rates(Advance(plan, k1, 0.5));
        var k3 = plan.Rates(Advance(plan, k2, 0.5));
        var k4 = plan.Rates(Advance(plan, k3, 1));
        return Advance(plan, k1.ToDictionary(p => p.Key, p => g.Add(g.Add(p.Value, k4[p.Key]), g.Multiply(g.Constant(2), g.Add(k2[p.Key], k3[p.Key])))), 1.0 / 6);
    }
}
