using System.Collections.Concurrent;
using System.Numerics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>A projection made ready: its connections in slices of one delay each, and the block that holds its weights.</summary>
internal sealed class ProjectionProgram
{
    private readonly ConcurrentDictionary<UnitRange, RowPart[]> within = [];
    private readonly int[] delays;
    private readonly Lazy<IReadOnlyList<ProjectionSlice>> slices;
    private readonly Lazy<ushort[]?> shortTargets;

    public ProjectionProgram(ProjectionDefinition definition, int sources, int targets, WeightBlock block)
    {
        (Definition, Sources, Targets, Block) = (definition, sources, targets, block);
        if (definition.Connections is { Target: var target })
        {
            LargePages.Collapse(target);
        }

        delays = definition.Connections is { Delay: not null, Count: > 0 } connections ? Present(connections.Delay) : [definition.Delay];
        slices = new(() => definition.Connections is not { } rows ? [new(definition.Delay, null)]
            : rows.Delay is null ? [new(definition.Delay, RowPart.Whole(rows))] : [.. Split(rows, delays)]);
        shortTargets = new(() => definition.Connections is { Targets: <= ushort.MaxValue + 1 } rows ? Shorten(rows.Target) : null);
    }

    public ProjectionDefinition Definition { get; }

    public int Sources { get; }

    public int Targets { get; }

    public WeightBlock Block { get; }

    public IReadOnlyList<ProjectionSlice> Slices => slices.Value;

    public int LongestDelay => delays[^1];

    public int ShortestDelay => delays[0];

    /// <summary>What carries a slice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="range">The targets that it carries to; null for all.</param>
    public Transmission<T> Transmission<T>(ProjectionSlice slice, int lanes, UnitRange? range = null)
        where T : unmanaged, INumberBase<T> => Definition.Connections is not { } connections ? new DenseTransmission<T>(Sources, Targets, lanes, range)
            : connections.Delay is null && IsOneToOne(connections) ? new OneToOneTransmission<T>(Sources, Block.IsShared, lanes, range)
            : new SparseTransmission<T>(connections, slice.Rows!, Block.IsShared, lanes, range is { } part && part != slice.Rows!.Range ? Within(part)[slice.Number] : slice.Rows!, lanes == 1 ? shortTargets.Value : null);

    /// <summary>The connections of a slice one by one, by source, with the places of their weights in memory.</summary>
    public IEnumerable<(int Source, int Target, long Weight)> Edges<T>(ProjectionSlice slice)
        where T : unmanaged, INumberBase<T>
    {
        for (var source = 0; source < Sources; source++)
        {
            if (slice.Rows is not { } rows)
            {
                for (var target = 0; target < Targets; target++)
                {
                    yield return (source, target, Block.StoredAt<T>((source * Targets) + target));
                }

                continue;
            }

            var (edge, end) = rows.Extent(source);
            for (; edge < end; edge++)
            {
                yield return (source, Definition.Connections!.Target[edge], Block.StoredAt<T>(edge));
            }
        }
    }

    /// <summary>The slices' rows within a range of targets.</summary>
    private RowPart[] Within(UnitRange range) => within.GetOrAdd(range, r => RowPart.Within([.. Slices.Select(static s => s.Rows!)], r, Definition.Connections!));

    private static bool IsOneToOne(Connections connections) => connections.Sources == connections.Targets && connections.Count == connections.Sources
        && Enumerable.Range(0, connections.Sources).All(i => connections.RowStart[i] == i && connections.Target[i] == i);

    private static ushort[] Shorten(int[] targets)
    {
        var shorter = new ushort[targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            shorter[i] = (ushort)targets[i];
        }

        LargePages.Collapse(shorter);
        return shorter;
    }

    /// <summary>The delays that occur, ascending.</summary>
    private static int[] Present(ushort[] delays)
    {
        var present = new bool[ushort.MaxValue + 1];
        foreach (var delay in delays)
        {
            present[delay] = true;
        }

        return [.. Enumerable.Range(0, present.Length).Where(d => present[d])];
    }

    /// <summary>In rows that are in the order of delays, the connections of one delay lie side by side, from where it begins to where the next one does.</summary>
    private static IEnumerable<ProjectionSlice> Split(Connections all, int[] delays)
    {
        var stride = delays.Length + 1;
        var table = new long[(long)all.Sources * stride];
        for (var source = 0; source < all.Sources; source++)
        {
            var (edge, end) = (all.RowStart[source], all.RowStart[source + 1]);
            for (var i = 0; i < delays.Length; i++)
            {
                table[((long)source * stride) + i] = edge;
                for (; edge < end && all.Delay![edge] == delays[i]; edge++)
                {
                }
            }

            table[((long)source * stride) + delays.Length] = end;
        }

        return delays.Select((delay, i) => new ProjectionSlice(delay, new(new(0, all.Targets), table, stride, i), i));
    }
}

/// <summary>Connections of one projection with the same delay.</summary>
/// <param name="Delay">In steps.</param>
/// <param name="Rows">Their part of every row; null for all to all.</param>
/// <param name="Number">Its place among the projection's.</param>
internal sealed record ProjectionSlice(int Delay, RowPart? Rows, int Number = 0);
