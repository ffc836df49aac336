namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Of every row of connections, those that end on a range of targets; they lie side by side, since rows are in the order of targets.</summary>
internal sealed class RowPart
{
    private RowPart(UnitRange range, long[] starts, long[] ends, int endOffset) => (Range, Starts, Ends, EndOffset) = (range, starts, ends, endOffset);

    public UnitRange Range { get; }

    /// <summary>The first connection of the part of each source's row.</summary>
    public long[] Starts { get; }

    /// <summary>The connection after the last of the part of each source's row, at the source's number plus <see cref="EndOffset"/>.</summary>
    public long[] Ends { get; }

    public int EndOffset { get; }

    public static RowPart Whole(Connections connections) => new(new(0, connections.Targets), connections.RowStart, connections.RowStart, 1);

    public static RowPart Of(Connections connections, UnitRange range)
    {
        if (range.Count == connections.Targets)
        {
            return Whole(connections);
        }

        var (starts, ends) = (new long[connections.Sources], new long[connections.Sources]);
        for (var source = 0; source < connections.Sources; source++)
        {
            var (start, end) = (connections.RowStart[source], connections.RowStart[source + 1]);
            starts[source] = FirstFrom(connections.Target, start, end, range.First);
            ends[source] = FirstFrom(connections.Target, starts[source], end, range.End);
        }

        return new(range, starts, ends, 0);
    }

    /// <summary>The first connection of the part, and the one after its last.</summary>
    public (long Start, long End) Extent(int source) => (Starts[source], Ends[source + EndOffset]);

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
