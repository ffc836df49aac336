using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Models;

namespace BrainModular.Engine.Steps;

/// <summary>
/// Exponential Euler: each variable is integrated exactly as if its rate were linear in it and all else stood still.
/// With f(x) the rate and a = df/dx, x + dt f(x) (exp(a dt) - 1) / (a dt); where f is linear and a provably negative the same is
/// written as x_inf + (x - x_inf) exp(a dt) with x_inf = -f(0) / a, which is cheaper; where a is 0 it is Euler.
/// </summary>
/// <remarks>
/// Staggered, the variables advance one after the other in the order in which the model gave its rates, and each sees the
/// new values of those before it: gates first, then the potential, as Hodgkin-Huxley codes since NEURON do it.
/// </remarks>
internal sealed class ExponentialEuler(bool staggered) : Integrator
{
    public override string Name => staggered ? "exponential-euler-staggered" : "exponential-euler";

    internal override IReadOnlyDictionary<StateVariable, IrNode> Step(StepPlan plan)
    {
        var rates = plan.Rates(plan.States);
        var next = plan.States.ToDictionary();
        foreach (var state in plan.Order)
        {
            var atZero = plan.Rates(new Dictionary<StateVariable, IrNode>(plan.States) { [state] = plan.Graph.Constant(0) })[state];
            var advanced = Advance(plan, state, rates[state], atZero);
            next[state] = staggered ? AtNewValues(plan, advanced, state, next) : advanced;
        }

        return next;
    }

    /// <param name="plan">What is stepped.</param>
    /// <param name="state">Which of it.</param>
    /// <param name="f">Its rate.</param>
    /// <param name="atZero">The same rate where the state is 0.</param>
    private static IrNode Advance(StepPlan plan, StateVariable state, IrNode f, IrNode atZero)
    {
        var g = plan.Graph;
        var x = plan.States[state];
        if (f.Op == IrOp.Select && !Adjoint.DependsOn([f.Operands[0]], [x]).Contains(f.Operands[0]))
        {
            // One of two rates: each has its own slope, and where a state is held still it stays as it is.
            IrNode Branch(int i) => Advance(plan, state, f.Operands[i], atZero.Op == IrOp.Select && atZero.Operands[0] == f.Operands[0] ? atZero.Operands[i] : atZero);
            return g.Select(f.Operands[0], Branch(1), Branch(2));
        }

        var slope = Tangent.Of(g, f, x);
        if (slope.IsConstant && slope.Value == 0)
        {
            return g.Add(x, g.Multiply(g.Constant(plan.TimeStep), f));
        }

        var exponent = g.Multiply(g.Constant(plan.TimeStep), slope);
        var linear = !Adjoint.DependsOn([slope], [x]).Contains(slope);
        if (linear && plan.Signs.IsNegative(slope))
        {
            var target = g.Negate(g.Divide(atZero, slope));
            return g.Add(target, g.Multiply(g.Subtract(x, target), g.Make(IrOp.Exp, exponent)));
        }

        return g.Add(x, g.Multiply(g.Multiply(g.Constant(plan.TimeStep), f), g.Make(IrOp.Exprel, exponent)));
    }

    /// <summary>The same formula at the new values of the states that have advanced; slopes were taken before, with those held still.</summary>
    private static IrNode AtNewValues(StepPlan plan, IrNode formula, StateVariable state, Dictionary<StateVariable, IrNode> next)
    {
        var advanced = plan.States.Where(p => p.Key != state).ToDictionary(static p => p.Value, p => next[p.Key]);
        return new Rewriter(plan.Graph, (node, _) => advanced.GetValueOrDefault(node)).Rewrite(formula);
    }
}
