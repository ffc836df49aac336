using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Random;

namespace BrainModular.Host.Composition.Networks;

/// <summary>An open connectome, and the group of its edges that a projection takes.</summary>
internal sealed record OpenConnectome(IConnectome Connectome, EdgeGroup Edges) : IDisposable
{
    /// <summary>What a weight of 1 in the connectome is in engine units.</summary>
    /// <param name="weightUnit">What weights without a unit are multiples of, in engine units.</param>
    public double WeightFactor(double weightUnit) => Edges.Weight.Dimension.IsNone ? weightUnit : Edges.Weight.ToEngine;

    public int CountOf(string nodes) => Connectome.Nodes.First(n => n.Name == nodes).Count;

    public void Dispose() => Connectome.Dispose();
}

/// <summary>Opens the connectomes of a network; populations whose size is not given get it from them.</summary>
internal sealed class ConnectomeComposer(ComponentFactory components, Faults faults)
{
    private const string SizeUnknown = "BM3210";

    private readonly HashSet<string> unsized = [];

    /// <summary>Inputs and populations at whose projections a connectome could not be opened, which might have told their size.</summary>
    public IReadOnlySet<string> Unsized => unsized;

    /// <param name="projections">The projections between ends that are known.</param>
    /// <param name="sizes">How many units inputs and populations have; those that are not there are added where a connectome says so.</param>
    /// <param name="random">The stream of the network's connectomes.</param>
    /// <returns>The connectomes by projection, to be disposed.</returns>
    public Dictionary<string, OpenConnectome> Open(IReadOnlyList<ProjectionConfig> projections, Dictionary<string, int> sizes, IRandomStream random)
    {
        var open = new Dictionary<string, OpenConnectome>();
        var waiting = projections.ToList();
        var refused = new HashSet<ProjectionConfig>();
        bool Known(ProjectionConfig p) => sizes.ContainsKey(p.From) && sizes.ContainsKey(p.To);
        while ((waiting.FirstOrDefault(Known) ?? waiting.FirstOrDefault(p => !refused.Contains(p))) is { } next)
        {
            // A generator cannot say how many units there are; another connectome may.
            if (!TryOpen(next, sizes, random.Split(next.Name), mayWait: !Known(next), out var connectome))
            {
                refused.Add(next);
                continue;
            }

            waiting.Remove(next);
            if (connectome is null)
            {
                unsized.UnionWith([next.From, next.To]);
            }
            else
            {
                open[next.Name] = connectome;
                CheckSize(next, next.From, connectome.CountOf(connectome.Edges.Source), sizes);
                CheckSize(next, next.To, connectome.CountOf(connectome.Edges.Target), sizes);
            }
        }

        return open;
    }

    /// <summary>The connections of a projection.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="connectome">Its connectome.</param>
    /// <param name="sources">How many source units.</param>
    /// <param name="targets">How many target units.</param>
    /// <param name="weightUnit">What weights without a unit are multiples of, in engine units.</param>
    /// <param name="timeStep">The length of a step in ms.</param>
    /// <param name="notes">Told where delays were rounded.</param>
    /// <param name="limit">How many edges are read.</param>
    public static Connections Read(
        ProjectionConfig projection, OpenConnectome connectome, int sources, int targets, double weightUnit, double timeStep, List<string> notes, EdgeLimit limit)
    {
        var edges = connectome.Edges;
        var perDelay = projection.Delay is null && edges.Delay is { } unit ? unit.ToEngine / timeStep : (double?)null;
        var rounded = false;
        var connections = new ConnectionsBuilder(sources, targets, new(connectome.WeightFactor(weightUnit), perDelay), projection.Connectome.Place)
            .Build(() => limit.Of(projection.Name, connectome.Connectome.ReadEdges(edges)).Select(chunk =>
            {
                rounded |= perDelay is { } factor && chunk.Delays.ToArray().Any(d => Delays.IsRounded(d * factor));
                return chunk;
            }), edges.Count);
        if (rounded)
        {
            notes.Add($"projection {projection.Name}: delays of its connections are rounded to time steps of {timeStep:R} ms");
        }

        if (perDelay is not null && projection.From == projection.To)
        {
            DelayRecurrent(projection, connections, notes);
        }

        return connections;
    }

    /// <summary>
    /// Gives connections of a population with itself whose delay is no time step the delay of one: what units send at the end of a step arrives in the next, as in The Virtual Brain, where a tract without length
    /// takes the state at the beginning of the step.
    /// </summary>
    private static void DelayRecurrent(ProjectionConfig projection, Connections connections, List<string> notes)
    {
        var none = connections.Delay.AsSpan().Count((ushort)0);
        if (none > 0)
        {
            connections.Delay.AsSpan().Replace((ushort)0, (ushort)1);
            ConnectionOrder.Sort(connections);
            notes.Add($"projection {projection.Name}: {none} of {connections.Count} connections have a delay that is nearer to 0 than to a time step, and take one time step");
        }
    }

    private bool TryOpen(ProjectionConfig projection, Dictionary<string, int> sizes, IRandomStream random, bool mayWait, out OpenConnectome? opened)
    {
        opened = null;
        var config = projection.Connectome;
        var request = new ConnectomeRequest(
            random, sizes.TryGetValue(projection.From, out var from) ? from : null, sizes.TryGetValue(projection.To, out var to) ? to : null, projection.From == projection.To);
        try
        {
            if (components.Create<IConnectomeLoader>(config, faults) is { } loader)
            {
                var connectome = ComponentFactory.Guarded(components.Catalog.Get<IConnectomeLoader>(config.Type!, config.TypePlace), config.Place, () => loader.Open(request));
                opened = Choose(projection, connectome) is { } edges ? new(connectome, edges) : null;
            }

            return true;
        }
        catch (DiagnosticException exception) when (mayWait && exception.Diagnostics[0].Id == SizeUnknown)
        {
            return false;
        }
        catch (DiagnosticException exception)
        {
            faults.Collect(() => throw exception);
            return true;
        }
    }

    private EdgeGroup? Choose(ProjectionConfig projection, IConnectome connectome)
    {
        var keys = projection.Connectome.Host;
        var (name, source, target) = (keys.Find<string>("edgeGroup"), keys.Find<string>("sourceGroup"), keys.Find<string>("targetGroup"));
        var fitting = connectome.Edges.Where(e => (name ?? e.Name) == e.Name && (source ?? e.Source) == e.Source && (target ?? e.Target) == e.Target).ToList();
        if (fitting.Count == 1)
        {
            return fitting[0];
        }

        faults.Add(
            "BM2608",
            fitting.Count == 0 ? $"the connectome of projection {projection.Name} has no such edges" : $"the connectome of projection {projection.Name} has {fitting.Count} groups of edges that fit",
            projection.Connectome.Place,
            $"one of {string.Join(", ", connectome.Edges.Select(static e => $"'{e.Name}' ({e.Source} to {e.Target})"))}",
            "choose it by 'edgeGroup', or by 'sourceGroup' and 'targetGroup'");
        connectome.Dispose();
        return null;
    }

    private void CheckSize(ProjectionConfig projection, string population, int count, Dictionary<string, int> sizes)
    {
        if (!sizes.TryAdd(population, count) && sizes[population] != count)
        {
            faults.Add(
                "BM2607", $"the connectome of projection {projection.Name} has {count} units, and {population} has {sizes[population]}", projection.Connectome.Place,
                $"as many units as {population} has", population == NetworkSchema.Input ? "use another connectome" : "change the population's 'count', or leave it out");
        }
    }
}
