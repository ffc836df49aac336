using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks.Online;

namespace BrainModular.Engine.Networks;

/// <summary>
/// A network made runnable: one kernel per population and step, in an order in which what arrives without delay has been sent before. Its
/// adjoint is the same schedule backwards. Immutable, so that any number of threads can run it.
/// </summary>
public sealed class NetworkProgram
{
    /// <exception cref="DiagnosticException">BM25xx: the definition contradicts itself.</exception>
    public NetworkProgram(NetworkDefinition definition, Precision precision, NetworkOptions options)
    {
        NetworkVerifier.Check(definition);
        (Definition, Precision, Options) = (definition, precision, options);
        var owners = definition.Projections.Where(static p => p.SharesWeightsOf is null).ToList();
        Blocks = [.. owners.Select((p, i) => new WeightBlock(p, definition.CountOf(p.Source), definition.Population(p.Target).Count, i))];
        Projections =
        [
            .. definition.Projections.Select(p => new ProjectionProgram(
                p, definition.CountOf(p.Source), definition.Population(p.Target).Count, Blocks.First(b => b.Definition.Name == (p.SharesWeightsOf ?? p.Name)))),
        ];
        var learning = Learning();
        Populations = [.. Schedule().Select(p => Compile(p, learning))];
        Online = options is { Training: true, Online: { } method } ? new(this, learning, method) : null;
    }

    public NetworkDefinition Definition { get; }

    public Precision Precision { get; }

    public NetworkOptions Options { get; }

    /// <summary>How many numbers an optimiser sees: one for every trained weight.</summary>
    public int Coordinates => Blocks.Sum(static b => b.Coordinates);

    /// <summary>The names of the populations in the order in which they are stepped: who sends without delay comes before who receives it.</summary>
    public IEnumerable<string> Order => Populations.Select(static p => p.Definition.Name);

    /// <summary>The populations that a gradient flows through.</summary>
    public IEnumerable<PopulationDefinition> Trained => Populations.Where(static p => p.Backward is not null).Select(static p => p.Definition);

    /// <summary>The populations in the order of the schedule.</summary>
    internal IReadOnlyList<PopulationProgram> Populations { get; }

    /// <summary>What an online method adds; null for backpropagation through time.</summary>
    internal OnlineProgram? Online { get; }

    internal IReadOnlyList<ProjectionProgram> Projections { get; }

    internal IReadOnlyList<WeightBlock> Blocks { get; }

    /// <summary>The coordinates of the initial weights.</summary>
    public double[] InitialCoordinates() =>
    [
        .. Blocks.Where(static b => b.Coordinates > 0).SelectMany(static b => b.Free is null ? b.Definition.Weights.Select(static w => (double)w) : b.Free.Select(f => (double)b.Definition.Weights[f])),
    ];

    /// <summary>The weights of a projection at given coordinates, in engine units, [connection] or [source][target].</summary>
    public double[] Weights(string projection, ReadOnlySpan<double> coordinates)
    {
        var offset = 0;
        foreach (var block in Blocks)
        {
            if (block.Definition.Name == projection)
            {
                double[] weights = block.IsShared
                    ? [.. Enumerable.Repeat((double)block.Definition.Weights[0], block.Definition.Connections!.Count)]
                    : [.. block.Definition.Weights.Select(static w => (double)w)];
                for (var i = 0; i < block.Coordinates; i++)
                {
                    weights[block.Free is null ? i : block.Free[i]] = coordinates[offset + i];
                }

                return [.. weights.Select(block.Weight)];
            }

            offset += block.Coordinates;
        }

        throw new ArgumentException($"no projection owns weights under the name {projection}", nameof(projection));
    }

    /// <summary>What a source sends that projections carry.</summary>
    internal IEnumerable<ProjectionProgram> From(string source, string output) =>
        Projections.Where(p => p.Definition.Source == source && p.Definition.Output == output);

    private PopulationProgram Compile(PopulationDefinition population, HashSet<string> learning)
    {
        var inbound = Projections.Where(p => p.Definition.Target == population.Name).ToList();
        var outbound = Projections.Where(p => p.Definition.Source == population.Name).ToList();
        IReadOnlyList<string> sent = [.. population.Model.Spikes.Select(static s => s.Name).Concat(outbound.Select(static p => p.Definition.Output)).Distinct()];
        var plan = Options.Online is not null || !learning.Contains(population.Name) ? null : new BackwardPlan(
            [.. inbound.Where(p => p.Block.Coordinates > 0 || learning.Contains(p.Definition.Source)).Select(static p => p.Definition.Port).Distinct()],
            [
                .. outbound.Where(p => learning.Contains(p.Definition.Target)).Select(static p => p.Definition.Output)
                    .Concat(population.Model.Spikes.Where(s => s.Name == RateRegularizer.Output && Options.Rates is not null).Select(static s => s.Name)).Distinct(),
            ]);
        return new(population, inbound, sent, plan, Definition.TimeStep, Precision, Options);
    }

    /// <summary>The populations through which a gradient flows: from trained weights onwards, and on to what is observed.</summary>
    private HashSet<string> Learning()
    {
        if (!Options.Training)
        {
            return [];
        }

        var after = Closure(
            [.. Projections.Where(static p => p.Block.Coordinates > 0).Select(static p => p.Definition.Target)],
            static p => (p.Source, p.Target));
        var before = Closure([.. Options.Observed], static p => (p.Target, p.Source));
        return [.. after.Intersect(before)];
    }

    private HashSet<string> Closure(HashSet<string> reached, Func<ProjectionDefinition, (string From, string To)> along)
    {
        for (var before = -1; before != reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(Definition.Projections.Select(along).Where(e => reached.Contains(e.From)).Select(static e => e.To).ToList());
        }

        return reached;
    }

    /// <summary>Populations such that those that send without delay come before those that receive it.</summary>
    private List<PopulationDefinition> Schedule()
    {
        var done = new List<PopulationDefinition>();
        var waiting = Definition.Populations.ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.FirstOrDefault(p => !Projections.Any(e => e.Definition.Target == p.Name && e.ShortestDelay == 0 && waiting.Any(w => w.Name == e.Definition.Source)))
                ?? throw new DiagnosticException(
                    "BM2501",
                    $"projections without delay form a cycle through {string.Join(" -> ", Cycle(waiting))}",
                    expected: "at least one step of delay in every cycle of projections",
                    cure: "give one of these projections a 'delay' of a time step or more; it takes the place of those of a connectome");
            done.Add(next);
            waiting.Remove(next);
        }

        return done;
    }

    /// <summary>Populations along a cycle, the first one again at the end.</summary>
    private List<string> Cycle(List<PopulationDefinition> waiting)
    {
        var path = new List<string> { waiting[0].Name };
        while (path.Count == path.Distinct().Count())
        {
            path.Add(Projections.First(e => e.Definition.Target == path[^1] && e.ShortestDelay == 0 && waiting.Any(w => w.Name == e.Definition.Source)).Definition.Source);
        }

        path.RemoveRange(0, path.IndexOf(path[^1]));
        path.Reverse();
        return path;
    }
}
