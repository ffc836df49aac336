using BrainModular.Diagnostics;
using BrainModular.Plugins;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// Which nodes are taken. Settings: <c>sources</c> and <c>targets</c>, each a <see cref="Choice"/> by the nodes' attributes. A recurrent
/// projection has one population, for which <c>sources</c> chooses.
/// </summary>
internal sealed class NodeChoice(ISettings settings)
{
    private readonly string sources = settings.Text("sources", "", "which nodes to take as sources (and targets, if recurrent): column=value|value");
    private readonly string targets = settings.Text("targets", "", "which nodes to take as targets: column=value|value");

    /// <summary>Whether nodes are chosen at all.</summary>
    public bool IsGiven => sources.Length + targets.Length > 0;

    /// <summary>The ends of edges between nodes that are named.</summary>
    /// <param name="from">The names of the nodes that the file has as sources, in its own counting.</param>
    /// <param name="to">The names of those that it has as targets.</param>
    /// <param name="known">What is known of nodes by name; null where it is no more than the names.</param>
    /// <param name="shared">Whether only nodes that are sources and targets both are taken.</param>
    /// <param name="recurrent">Whether both ends are one population.</param>
    /// <param name="place">The file.</param>
    public (EdgeEnd Sources, EdgeEnd Targets) ByName(
        IReadOnlyList<string> from, IReadOnlyList<string> to, NodeTable? known, bool shared, bool recurrent, Place place)
    {
        if (known is not null)
        {
            RefuseStrangers(known, from.Concat(to), place);
        }

        var all = from.Union(to).ToArray();
        var fromTable = Candidates(known, recurrent ? all : from, shared ? from.Intersect(to) : null);
        if (recurrent)
        {
            var taken = Take(OneChoice(), fromTable, place);
            return (End("nodes", taken, from, place), End("nodes", taken, to, place));
        }

        var toTable = Candidates(known, to, shared ? to.Intersect(from) : null);
        return (End("sources", Take(sources, fromTable, place), from, place), End("targets", Take(targets, toTable, place), to, place));
    }

    /// <summary>The ends of edges between nodes that are numbered.</summary>
    /// <param name="known">What is known of nodes by number, of sources and targets alike; null where it is nothing.</param>
    /// <param name="from">How many nodes edges come from.</param>
    /// <param name="to">How many nodes edges go to.</param>
    /// <param name="recurrent">Whether both ends are one population.</param>
    /// <param name="place">The file.</param>
    public (EdgeEnd Sources, EdgeEnd Targets) ByNumber(NodeTable? known, int from, int to, bool recurrent, Place place)
    {
        var most = Math.Max(from, to);
        if (known is not null && known.Count < most)
        {
            throw new DiagnosticException(
                "BM3225", $"the table of nodes has {known.Count} rows, but edges join {most} nodes", place, "a row for each node", "add the missing nodes");
        }

        return recurrent
            ? OnePopulation("nodes", known ?? NodeTable.Bare(most), place)
            : TwoPopulations(("sources", known ?? NodeTable.Bare(from)), ("targets", known ?? NodeTable.Bare(to)), place);
    }

    /// <summary>The ends of edges between numbered nodes of one population.</summary>
    public (EdgeEnd Sources, EdgeEnd Targets) OnePopulation(string group, NodeTable nodes, Place place)
    {
        var end = End(group, OneChoice(), nodes, place);
        return (end, end);
    }

    /// <summary>The ends of edges between numbered nodes of two populations.</summary>
    public (EdgeEnd Sources, EdgeEnd Targets) TwoPopulations((string Group, NodeTable Nodes) from, (string Group, NodeTable Nodes) to, Place place) =>
        (End(from.Group, sources, from.Nodes, place), End(to.Group, targets, to.Nodes, place));

    private static NodeTable Candidates(NodeTable? known, IReadOnlyList<string> named, IEnumerable<string>? shared)
    {
        if (known is null)
        {
            return NodeTable.Named([.. shared ?? named]);
        }

        if (shared is null)
        {
            return known;
        }

        var names = new HashSet<string>(shared);
        return known.Take([.. Enumerable.Range(0, known.Count).Where(i => names.Contains(known.Texts[NodeTable.Label][i]))]);
    }

    private static void RefuseStrangers(NodeTable known, IEnumerable<string> labels, Place place)
    {
        var names = new HashSet<string>(known.Texts[NodeTable.Label]);
        if (labels.FirstOrDefault(label => !names.Contains(label)) is { } stranger)
        {
            throw new DiagnosticException(
                "BM3225", $"the node '{stranger}' is not in the table of nodes", place, "a row for each node", "add it to the table of nodes");
        }
    }

    private static NodeTable Take(string choice, NodeTable nodes, Place place) => nodes.Take(new Choice(choice).Among(nodes, place));

    private static EdgeEnd End(string group, string choice, NodeTable nodes, Place place)
    {
        var taken = new Choice(choice).Among(nodes, place);
        var places = new int[nodes.Count];
        Array.Fill(places, -1);
        for (var i = 0; i < taken.Count; i++)
        {
            places[taken[i]] = i;
        }

        return new EdgeEnd(group, nodes.Take(taken), places);
    }

    private static EdgeEnd End(string group, NodeTable taken, IReadOnlyList<string> labels, Place place)
    {
        var places = new Dictionary<string, int>();
        foreach (var name in taken.Texts[NodeTable.Label])
        {
            if (!places.TryAdd(name, places.Count))
            {
                throw new DiagnosticException("BM3225", $"two nodes are named '{name}'", place, "a name for each node", "rename one of them");
            }
        }

        return new EdgeEnd(group, taken, [.. labels.Select(label => places.GetValueOrDefault(label, -1))]);
    }

    private string OneChoice() => targets.Length == 0 || targets == sources ? sources : throw new DiagnosticException(
        "BM3224", "a recurrent projection has one population, but sources and targets are chosen differently",
        expected: "one choice", cure: "remove targets, or join two populations");
}
