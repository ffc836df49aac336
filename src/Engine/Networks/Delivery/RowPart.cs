namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// Of every row of connections those of one delay that end on a range of targets; they lie side by side, since rows are in the order of delays and then of targets.
/// The places of one source's parts are side by side, too: what a spike reaches after one delay and after the next is found in one line of the cache.
/// </summary>
/// <param name="Range">The targets.</param>
/// <param name="Table">Places of connections, <see cref="Stride"/> numbers for each source: where the part begins at <see cref="First"/>, and after it where it ends.</param>
/// <param name="Stride">How many places each source has in the table.</param>
/// <param name="First">Which of them is the part's.</param>
internal sealed record RowPart(UnitRange Range, long[] Table, int Stride, int First)
{
    /// <summary>Whole rows of connections that all have the same delay.</summary>
    public static RowPart Whole(Connections connections) => new(new(0, connections.Targets), connections.RowStart, 1, 0);

    /// <summary>The first connection of the part, and the one after its last.</summary>
    public (long Start, long End) Extent(int source)
    {
        var at = ((long)source * Stride) + First;
        return (Table[at], Table[at + 1]);
    }

    /// <summary>What of some parts of the same rows ends on a range of targets.</summary>
    public static RowPart[] Within(IReadOnlyList<RowPart> parts, UnitRange range, Connections connections)
    {
        var stride = 2 * parts.Count;
        var table = new long[(long)connections.Sources * stride];
        for (var source = 0; source < connections.Sources; source++)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var ((start, end), at) = (parts[i].Extent(source), ((long)source * stride) + (2 * i));
                table[at] = FirstFrom(connections.Target, start, end, range.First);
                table[at + 1] = FirstFrom(connections.Target, table[at], end, range.End);
            }
        }

        return [.. parts.Select((_, i) => new RowPart(range, table, stride, 2 * i))];
    }

    private static long FirstFrom(int[] target, long low, long high, int bound)
    {
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = target[middle] < bound ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
