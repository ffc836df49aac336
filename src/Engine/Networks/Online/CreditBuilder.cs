using BrainModular.Engine.Ir;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Networks.Online;

/// <summary>Makes, of the derivatives of one population's step, the rows and states that its learning needs.</summary>
/// <param name="jacobian">The derivatives.</param>
/// <param name="filters">What the population sends, as those whose learning signals it gets filter it.</param>
/// <param name="isObserved">Whether the loss reads its states.</param>
internal sealed class CreditBuilder(UnitJacobian jacobian, IReadOnlyList<SentFilter> filters, bool isObserved)
{
    private readonly UnitChange change = new(jacobian, filters);
    private readonly Dictionary<IrNode, string> rows = [];
    private readonly List<IrOutput> factors = [];
    private readonly List<(string Row, IrNode Node)> keptFactors = [];

    /// <summary>Rows that are written in every step and read later.</summary>
    public IReadOnlyList<string> Kept => [.. rows.Values, .. keptFactors.Select(static k => k.Row)];

    /// <summary>The number of a state's learning signal: an observed unit's own states come first, then those of filters. -1 for none.</summary>
    public int SignalOf(string state) =>
        isObserved ? Index(change.States, state) : change.IsFiltered(state) ? Index(change.States, state) - jacobian.States.Count : -1;

    /// <summary>How many learning signals there are.</summary>
    public int Signals => isObserved ? change.States.Count : change.States.Count - jacobian.States.Count;

    /// <summary>Traces for each synapse.</summary>
    public TracePlan Trace(PortResponse response)
    {
        // What the loss reads is kept as a trace even where it is a filter, so that its signal has a place.
        var linear = isObserved ? new([], new double[0, 0], []) : response.Filter;
        var moved = Moved(response).Where(s => !linear.States.Contains(s)).ToList();
        var needed = moved.Where(s => SignalOf(s) >= 0).ToHashSet();
        for (var before = -1; before != needed.Count;)
        {
            before = needed.Count;
            needed.UnionWith(moved.Where(m => needed.Any(k => !UnitJacobian.IsZero(change.Of(k, m)))).ToList());
        }

        var states = moved.Where(needed.Contains).ToList();
        return new(
            states, Table(states, states, change.Of), linear, Table(states, linear.States, change.Of), [.. states.Select(s => Row(change.Of(s, response.Port)))],
            [.. states.Select(SignalOf)]);
    }

    /// <summary>The products that are exact, where all that a port moves is a filter.</summary>
    public FactorPlan Exact(PortResponse response) =>
        new(response.Filter, IsExact: true, [.. response.Filter.States.Select<string, (int, string?)[]>(s => SignalOf(s) is var n && n >= 0 ? [(n, null)] : [])]);

    /// <summary>
    /// Pairs of factors. The target's is how its states answer a constant input, split by the slowest state through which the answer came; the
    /// source's is the average of what it sent, over the time constant of that split. Where sources send at constant rates, their products
    /// summed are the traces.
    /// </summary>
    /// <param name="response">The port.</param>
    /// <param name="constants">The time constants of the unit's states, in steps.</param>
    /// <param name="given">Those of the pairs; empty to take them from the states.</param>
    public FactorPlan Factor(PortResponse response, IReadOnlyDictionary<string, double> constants, IReadOnlyList<double> given)
    {
        var moved = Moved(response).ToList();
        double ConstantOf(string state) => change.IsFiltered(state) ? Timescales.Constant(change.Keep(state)) : constants[state];
        var groups = given.Count > 0 ? given : Timescales.Group(moved.Select(ConstantOf));
        var groupOf = moved.ToDictionary(static s => s, s => Timescales.Nearest(groups, ConstantOf(s)));
        IrNode Before(int group, string state) =>
            groupOf[state] > group ? jacobian.Graph.Constant(0) : jacobian.Graph.Input(new(Name(response.Port, group, state), IrInputKind.State, Dimension.None));
        IrNode Flow(int group, string state) => moved.Aggregate(jacobian.Graph.Constant(0), (sum, m) => jacobian.Graph.Add(sum, jacobian.Graph.Multiply(change.Of(state, m), Before(group, m))));
        var gains = new List<(int Signal, string? Row)>[groups.Count];
        for (var group = 0; group < groups.Count; group++)
        {
            gains[group] = [];
            foreach (var state in moved.Where(s => groupOf[s] <= group))
            {
                var next = Flow(group, state);
                if (groupOf[state] == group)
                {
                    next = Enumerable.Range(0, group).Aggregate(jacobian.Graph.Add(next, change.Of(state, response.Port)), (sum, faster) => jacobian.Graph.Add(sum, Flow(faster, state)));
                }

                var name = Name(response.Port, group, state);
                factors.Add(new($"{name}.next", next));
                if (SignalOf(state) is var signal && signal >= 0)
                {
                    keptFactors.Add(($"{name}.kept", next));
                    gains[group].Add((signal, $"{name}.kept"));
                }
            }
        }

        var keep = new double[groups.Count, groups.Count];
        var take = new double[groups.Count];
        for (var g = 0; g < groups.Count; g++)
        {
            (keep[g, g], take[g]) = (Math.Exp(-1 / groups[g]), -Math.Exp(-1 / groups[g]) + 1);
        }

        return new(new([.. groups.Select(static (_, g) => $"average{g}")], keep, take), IsExact: false, [.. gains.Select(static g => g.ToArray())]);
    }

    /// <summary>All derivatives.</summary>
    public UnitPlan Full()
    {
        List<string> by = [.. jacobian.States, .. jacobian.Ports];
        return new(by, Table([.. jacobian.States], by, jacobian.Next), Table([.. jacobian.Sent], by, jacobian.Sending));
    }

    /// <summary>The step with the rows and states that were asked for.</summary>
    public StepFunction Extended()
    {
        var prologue = new IrGraph();
        var initial = StepAdjoint.Copy(prologue, jacobian.Source.Prologue);
        string[] added = [.. factors.Select(static f => f.Name[..^".next".Length])];
        IrOutput[] outputs = [.. jacobian.Step.Outputs, .. factors, .. rows.Select(static r => new IrOutput(r.Value, r.Key)), .. keptFactors.Select(static k => new IrOutput(k.Row, k.Node))];
        IReadOnlyList<string> states = [.. jacobian.States, .. added];
        return jacobian.Source with
        {
            Prologue = IrVerifier.Check(initial with { Outputs = [.. initial.Outputs, .. added.Select(a => new IrOutput($"initial.{a}", prologue.Constant(0)))] }),
            Step = StepAdjoint.WithInputs(jacobian.Step.Name, jacobian.Step.Inputs, [.. added.Select(static a => new IrInput(a, IrInputKind.State, Dimension.None))], outputs),
            States = states,
        };
    }

    private static string Name(string port, int group, string state) => $"factor.{port}.{group}.{state}";

    /// <summary>What arrives at a port moves these states, and these filters of what is sent.</summary>
    private IEnumerable<string> Moved(PortResponse response)
    {
        bool Sends(SentFilter filter) => response.Reached.Append(response.Port).Any(by => !UnitJacobian.IsZero(jacobian.Sending(filter.Output, by)));
        var sending = filters.Where(Sends).ToList();
        return jacobian.States.Where(response.Reached.Contains).Concat(sending.SelectMany(static f => Enumerable.Range(0, f.Filter.States.Count).Select(f.Name)));
    }

    private Coefficient[,] Table(List<string> of, IReadOnlyList<string> by, Func<string, string, IrNode> change)
    {
        var table = new Coefficient[of.Count, by.Count];
        for (var k = 0; k < of.Count; k++)
        {
            for (var m = 0; m < by.Count; m++)
            {
                table[k, m] = Row(change(of[k], by[m]));
            }
        }

        return table;
    }

    private Coefficient Row(IrNode node)
    {
        if (node.IsConstant)
        {
            return new(null, node.Value);
        }

        if (!rows.TryGetValue(node, out var row))
        {
            rows[node] = row = $"jacobian.{rows.Count}";
        }

        return new(row, 0);
    }

    private static int Index(IReadOnlyList<string> states, string state) => states.Select(static (s, i) => (s, i)).First(p => p.s == state).i;
}
