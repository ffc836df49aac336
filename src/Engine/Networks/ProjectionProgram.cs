using System.Numerics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>A projection made ready: its connections in slices of one delay each, and the block that holds its weights.</summary>
internal sealed class ProjectionProgram
{
    public ProjectionProgram(ProjectionDefinition definition, int sources, int targets, WeightBlock block)
    {
        (Definition, Sources, Targets, Block) = (definition, sources, targets, block);
        Slices = definition.Connections is { Delay: not null } connections
            ? [.. Split(connections)]
            : [new(definition.Delay, definition.Connections, null)];
    }

    public ProjectionDefinition Definition { get; }

    public int Sources { get; }

    public int Targets { get; }

    public WeightBlock Block { get; }

    public IReadOnlyList<ProjectionSlice> Slices { get; }

    public int LongestDelay => Slices.Max(static s => s.Delay);

    public int ShortestDelay => Slices.Min(static s => s.Delay);

    /// <summary>What carries a slice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="range">The targets that it carries to; null for all.</param>
    public Transmission<T> Transmission<T>(ProjectionSlice slice, int lanes, UnitRange? range = null)
        where T : unmanaged, INumberBase<T> => slice.Connections is { } connections
            ? slice.WeightOf is null && !Block.IsShared && IsOneToOne(connections) ? new OneToOneTransmission<T>(Sources, lanes, range)
            : new SparseTransmission<T>(connections, slice.WeightOf, Block.IsShared, lanes, range is { } part ? RowPart.Of(connections, part) : null)
            : new DenseTransmission<T>(Sources, Targets, lanes, range);

    /// <summary>The connections of a slice one by one, by source, with the places of their weights in memory.</summary>
    public IEnumerable<(int Source, int Target, long Weight)> Edges<T>(ProjectionSlice slice)
        where T : unmanaged, INumberBase<T>
    {
        for (var source = 0; source < Sources; source++)
        {
            if (slice.Connections is not { } connections)
            {
                for (var target = 0; target < Targets; target++)
                {
                    yield return (source, target, Block.StoredAt<T>((source * Targets) + target));
                }

                continue;
            }

            for (var edge = connections.RowStart[source]; edge < connections.RowStart[source + 1]; edge++)
            {
                yield return (source, connections.Target[edge], Block.StoredAt<T>(slice.WeightOf?[edge] ?? edge));
            }
        }
    }

    private static bool IsOneToOne(Connections connections) => connections.Sources == connections.Targets && connections.Count == connections.Sources
        && Enumerable.Range(0, connections.Sources).All(i => connections.RowStart[i] == i && connections.Target[i] == i);

    private static IEnumerable<ProjectionSlice> Split(Connections all)
    {
        var delays = all.Delay!;
        foreach (var delay in delays.Distinct().Order())
        {
            var rowStart = new long[all.Sources + 1];
            var edges = new List<int>();
            for (var source = 0; source < all.Sources; source++)
            {
                for (var edge = all.RowStart[source]; edge < all.RowStart[source + 1]; edge++)
                {
                    if (delays[edge] == delay)
                    {
                        edges.Add((int)edge);
                    }
                }

                rowStart[source + 1] = edges.Count;
            }

            yield return new(delay, new(all.Sources, all.Targets, rowStart, [.. edges.Select(e => all.Target[e])], []), [.. edges]);
        }
    }
}

/// <summary>Connections of one projection with the same delay.</summary>
/// <param name="Delay">In steps.</param>
/// <param name="Connections">The connections; null for all to all.</param>
/// <param name="WeightOf">The place of each connection's weight in the projection; null where it is the connection's own number.</param>
internal sealed record ProjectionSlice(int Delay, Connections? Connections, int[]? WeightOf);
