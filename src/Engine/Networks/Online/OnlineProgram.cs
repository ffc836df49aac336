using BrainModular.Diagnostics;

namespace BrainModular.Engine.Networks.Online;

/// <summary>What an online method adds to a network: kernels that give derivatives beside the next states, and where learning signals go.</summary>
internal sealed class OnlineProgram
{
    private readonly NetworkProgram network;
    private readonly IReadOnlySet<string> learning;
    private readonly Dictionary<string, PopulationCredit> credits = [];

    /// <param name="network">The network.</param>
    /// <param name="learning">The populations through which gradients flow.</param>
    /// <param name="method">The method.</param>
    /// <exception cref="DiagnosticException">BM2520: the method cannot train this network.</exception>
    public OnlineProgram(NetworkProgram network, IReadOnlySet<string> learning, OnlineMethod method)
    {
        (this.network, this.learning, Method) = (network, learning, method);
        if (network.Options.Rates is not null || network.Options.Voltages is not null)
        {
            throw new DiagnosticException(
                "BM2520", "regularisers of rates and potentials need whole trials, which online methods do not keep", expected: "a loss of the readout alone",
                cure: "remove the regularisers, or train by backpropagation through time");
        }

        foreach (var population in network.Populations.Where(p => learning.Contains(p.Definition.Name)))
        {
            Credit(population);
        }

        Populations = [.. network.Populations.Select(p => credits.TryGetValue(p.Definition.Name, out var credit) ? p.With(credit.Step, credit.Kept, network.Precision, network.Options) : p)];
    }

    public OnlineMethod Method { get; }

    /// <summary>The populations in the order of the schedule, those that learn with derivatives.</summary>
    public IReadOnlyList<PopulationProgram> Populations { get; }

    /// <summary>What populations need for learning, those that the loss reads first: signals flow in this order.</summary>
    public IReadOnlyCollection<PopulationCredit> Credits => credits.Values;

    /// <summary>What a population needs for learning; null where it does not learn.</summary>
    public PopulationCredit? CreditOf(string population) => credits.GetValueOrDefault(population);

    /// <summary>The projections over which learning signals reach what a population sends.</summary>
    public IEnumerable<ProjectionProgram> Forward(string population) =>
        network.Projections.Where(p => p.Definition.Source == population && learning.Contains(p.Definition.Target) && !IsRecurrent(p.Definition)
            && (Method.Rule != OnlineRule.EligibilityPropagation || network.Options.Observed.Contains(p.Definition.Target)));

    private PopulationCredit Credit(PopulationProgram population)
    {
        var name = population.Definition.Name;
        if (credits.TryGetValue(name, out var known))
        {
            return known;
        }

        var observed = network.Options.Observed.Contains(name);
        var jacobian = new UnitJacobian(population.Step, [.. population.Ports, .. population.Ports.Select(static p => $"{p}.weight")], population.Sent);
        if (Method.Rule == OnlineRule.RealTimeRecurrent)
        {
            var all = new CreditBuilder(jacobian, [], observed);
            var full = all.Full();
            return credits[name] = new(name, jacobian, observed, [], [], all.Signals, all.SignalOf, all.Extended(), all.Kept, 0) { Full = full };
        }

        var filters = new List<SentFilter>();
        var first = observed ? jacobian.States.Count : 0;
        foreach (var (output, target, port) in Sources(name))
        {
            var drives = Credit(network.Populations.First(p => p.Definition.Name == target)).Ports.First(p => p.Port == port).Factors!;
            filters.Add(new(output, target, port, drives.Filter, first));
            first += drives.Filter.States.Count;
        }

        var builder = new CreditBuilder(jacobian, filters, observed);
        var constants = Timescales.Of(jacobian, population.Definition);
        List<PortCredit> ports = [];
        foreach (var port in population.Ports)
        {
            var inbound = population.Inbound.Where(p => p.Definition.Port == port).ToList();
            var learns = inbound.Any(static p => p.Block.Coordinates > 0);
            var passes = Method.Rule != OnlineRule.EligibilityPropagation && inbound.Any(p => learning.Contains(p.Definition.Source) && !IsRecurrent(p.Definition));
            if (learns && population.Step.Step.Inputs.Any(i => i.Name == $"{port}.weight"))
            {
                throw new DiagnosticException(
                    "BM2520",
                    $"the weights of projection {inbound.First(static p => p.Block.Coordinates > 0).Definition.Name} are of gap junctions, which online methods do not train",
                    expected: "weights of synapses that carry events or a graded output",
                    cure: "train by backpropagation through time, or set \"trainable\": false for this projection");
            }

            var response = new PortResponse(jacobian, port);
            var factored = Method.Rule == OnlineRule.Factored || passes || (Method.Rule == OnlineRule.EligibilityPropagation && observed);
            ports.Add(response.IsLinear
                ? new(port, null, builder.Exact(response))
                : new(
                    port,
                    learns && Method.Rule != OnlineRule.Factored ? builder.Trace(response) : null,
                    factored ? builder.Factor(response, constants, [.. Method.TimeConstants.Select(c => c / network.Definition.TimeStep)]) : null));
        }

        var lag = Forward(name).SelectMany(static p => p.Slices.Select(s => (p.Definition.Target, s.Delay))).Select(s => s.Delay + credits[s.Target].Lag).DefaultIfEmpty(0).Max();
        return credits[name] = new(name, jacobian, observed, filters, ports, builder.Signals, builder.SignalOf, builder.Extended(), builder.Kept, lag);
    }

    /// <summary>By what a population sends, and which ports that drives, learning signals reach it.</summary>
    private List<(string Output, string Target, string Port)> Sources(string population)
    {
        var forward = Forward(population).Select(static p => (p.Definition.Output, p.Definition.Target, p.Definition.Port)).Distinct().ToList();
        if (Method.Rule != OnlineRule.EligibilityPropagation || network.Options.Observed.Contains(population))
        {
            return forward;
        }

        // Signals come straight from what the loss reads, whether or not there is a projection to it.
        var spike = (network.Populations.First(p => p.Definition.Name == population).Definition.Model.Spikes is [var first, ..] ? first.Name : null)
            ?? throw new DiagnosticException(
                "BM2520", $"population {population} does not spike, and e-prop sends learning signals to spikes", expected: "populations that spike", cure: "train by d-rtrl or backpropagation through time");
        return
        [
            .. from observed in network.Populations
               where network.Options.Observed.Contains(observed.Definition.Name)
               from port in observed.Ports
               select (spike, observed.Definition.Name, port),
        ];
    }

    /// <summary>Whether a projection's target leads back to its source.</summary>
    private bool IsRecurrent(ProjectionDefinition projection)
    {
        HashSet<string> reached = [projection.Target];
        for (var before = -1; before != reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(network.Definition.Projections.Where(p => reached.Contains(p.Source)).Select(static p => p.Target).ToList());
        }

        return reached.Contains(projection.Source);
    }
}

/// <summary>What one population needs for learning.</summary>
/// <param name="Population">Its name.</param>
/// <param name="Jacobian">The derivatives of its step.</param>
/// <param name="IsObserved">Whether the loss reads its states.</param>
/// <param name="Filters">What it sends, as those whose learning signals it gets filter it.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Signals">How many learning signals it has.</param>
/// <param name="SignalOf">The number of a state's signal; -1 for none.</param>
/// <param name="Step">Its step, with derivatives.</param>
/// <param name="Kept">The rows of those derivatives.</param>
/// <param name="Lag">After how many steps its learning signals are complete: the delays on the way to what the loss reads.</param>
internal sealed record PopulationCredit(
    string Population, UnitJacobian Jacobian, bool IsObserved, IReadOnlyList<SentFilter> Filters, IReadOnlyList<PortCredit> Ports, int Signals,
    Func<string, int> SignalOf, Steps.StepFunction Step, IReadOnlyList<string> Kept, int Lag)
{
    /// <summary>All derivatives of the unit, where the method is real-time recurrent learning.</summary>
    public UnitPlan? Full { get; init; }
}
