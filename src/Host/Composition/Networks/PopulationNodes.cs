using BrainModular.Connectomes;
using BrainModular.Host.Configuration;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>What the connectomes of a network know of its units, node by node.</summary>
/// <param name="projections">The projections.</param>
/// <param name="open">Their connectomes, by name.</param>
internal sealed class PopulationNodes(IReadOnlyList<ProjectionConfig> projections, IReadOnlyDictionary<string, OpenConnectome> open)
{
    /// <summary>The attribute that holds the number by which files know a node.</summary>
    private const string IdAttribute = "node_id";

    /// <summary>The names of the numeric attributes of a population's or an input's units.</summary>
    public IReadOnlyList<string> Attributes(string population) => [.. Groups(population).SelectMany(static g => g.Group.NumericAttributes.Keys).Distinct()];

    /// <summary>An attribute, [unit], of the first connectome that has it, and its unit; null where none has it.</summary>
    public (double[] Values, Unit Unit)? Find(string population, string attribute)
    {
        var (connectome, group) = Groups(population).FirstOrDefault(g => g.Group.NumericAttributes.ContainsKey(attribute));
        return connectome is null ? null : (connectome.ReadNodeAttribute(group, attribute), group.NumericAttributes[attribute]);
    }

    /// <summary>The numbers by which files know the units; null where they are counted from 0.</summary>
    public long[]? Ids(string population) => Find(population, IdAttribute) is { } found ? [.. found.Values.Select(static v => (long)v)] : null;

    private IEnumerable<(IConnectome Connectome, NodeGroup Group)> Groups(string population) => projections.Where(p => open.ContainsKey(p.Name)).SelectMany(p =>
    {
        var (connectome, edges) = (open[p.Name].Connectome, open[p.Name].Edges);
        return new[] { (Population: p.From, Group: edges.Source), (Population: p.To, Group: edges.Target) }
            .Where(end => end.Population == population).Select(end => (connectome, connectome.Nodes.First(n => n.Name == end.Group)));
    });
}
