using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Networks.Online;

/// <summary>A number for each unit and lane that a kernel writes in every step, or one for all of them.</summary>
/// <param name="Row">The row; null for one number.</param>
/// <param name="Value">That number.</param>
internal readonly record struct Coefficient(string? Row, double Value)
{
    public bool IsZero => Row is null && Value == 0;
}

/// <summary>What the weights that end at a port move: in states that depend on source and target (<see cref="Traces"/>), or as a product of both.</summary>
/// <param name="Port">The port.</param>
/// <param name="Traces">What has a trace for each synapse; null where products say all.</param>
/// <param name="Factors">The products; null where no gradient needs them.</param>
internal sealed record PortCredit(string Port, TracePlan? Traces, FactorPlan? Factors);

/// <summary>
/// Traces of a synapse: e &lt;- K e + D x + t z, with z what its source sent, x the source's filtered events, and K, D and t of its target. The
/// gradient is the sum of the learning signals times e.
/// </summary>
/// <param name="States">What the traces are derivatives of.</param>
/// <param name="Keep">K, [trace][trace].</param>
/// <param name="Filter">What makes x of z.</param>
/// <param name="Draw">D, [trace][state of the filter].</param>
/// <param name="Take">t, [trace].</param>
/// <param name="Signals">The number of each trace's learning signal; -1 for none.</param>
internal sealed record TracePlan(
    IReadOnlyList<string> States, Coefficient[,] Keep, LinearFilter Filter, Coefficient[,] Draw, Coefficient[] Take, int[] Signals);

/// <summary>The gradient as a sum of products: of what <see cref="Filter"/> makes of the source's events, and a gain of the target for each of its states.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="IsExact">Whether the products are the traces; if not, the filter's states are averages, with the weight of what has gone by taken out.</param>
/// <param name="Gains">For each state of the filter, the signals it is the sum of and the row by which each is multiplied; null for 1.</param>
internal sealed record FactorPlan(LinearFilter Filter, bool IsExact, (int Signal, string? Row)[][] Gains);

/// <summary>What a population sends, filtered as a port that it drives filters it: learning signals of the target belong to its states.</summary>
/// <param name="Output">What is sent.</param>
/// <param name="Target">The population that is driven.</param>
/// <param name="Port">Its port.</param>
/// <param name="Filter">The filter.</param>
/// <param name="First">The number of the signal of its first state.</param>
internal sealed record SentFilter(string Output, string Target, string Port, LinearFilter Filter, int First)
{
    /// <summary>The name of one of its states among those of the population.</summary>
    public string Name(int state) => $"{Output}>{Target}.{Port}.{Filter.States[state]}";
}

/// <summary>All derivatives of a unit in one step.</summary>
/// <param name="By">The states before the step, then what arrives at each port, then each port's sum of weights.</param>
/// <param name="Next">Of the states after the step, [state][by].</param>
/// <param name="Sent">Of what is sent, [sent][by].</param>
internal sealed record UnitPlan(IReadOnlyList<string> By, Coefficient[,] Next, Coefficient[,] Sent);

/// <summary>The derivatives of a unit's states and of the filters of what it sends.</summary>
internal sealed class UnitChange(UnitJacobian jacobian, IReadOnlyList<SentFilter> filters)
{
    private readonly Dictionary<string, (SentFilter Filter, int State)> filtered =
        filters.SelectMany(static f => Enumerable.Range(0, f.Filter.States.Count).Select(s => (f, s))).ToDictionary(static p => p.f.Name(p.s));

    /// <summary>The unit's states, then those of the filters.</summary>
    public IReadOnlyList<string> States { get; } = [.. jacobian.States, .. filters.SelectMany(static f => Enumerable.Range(0, f.Filter.States.Count).Select(f.Name))];

    public bool IsFiltered(string state) => filtered.ContainsKey(state);

    /// <summary>How much of itself a filter's state keeps.</summary>
    public double Keep(string state) => filtered[state].Filter.Filter.Keep[filtered[state].State, filtered[state].State];

    /// <summary>The derivative of a state after the step by one before it, or by what arrives at a port.</summary>
    public IrNode Of(string state, string by)
    {
        if (!filtered.TryGetValue(state, out var of))
        {
            return IsFiltered(by) ? jacobian.Graph.Constant(0) : jacobian.Next(state, by);
        }

        return filtered.TryGetValue(by, out var from)
            ? jacobian.Graph.Constant(from.Filter == of.Filter ? of.Filter.Filter.Keep[of.State, from.State] : 0)
            : jacobian.Graph.Multiply(jacobian.Graph.Constant(of.Filter.Filter.Take[of.State]), jacobian.Sending(of.Filter.Output, by));
    }
}
