namespace BrainModular.Export.Networks;

/// <summary>
/// Connections as tables with a row for each source: its targets and their weights, filled up to the longest row with weights of 0. Sources are
/// put together with others of which none has more than twice as many connections, so that less than half of a table is filling.
/// </summary>
/// <param name="Sources">The sources of the rows, ascending; null for all of them.</param>
/// <param name="Width">How many connections a row has.</param>
/// <param name="Target">[row][connection].</param>
/// <param name="Weight">[row][connection].</param>
internal sealed record FanOutTable(int[]? Sources, int Width, int[] Target, double[] Weight)
{
    /// <summary>The tables of a slice; none where it has no connections.</summary>
    public static IReadOnlyList<FanOutTable> Of(InboundSlice slice)
    {
        if (slice.Count == 0)
        {
            return [];
        }

        var fanOut = new int[slice.Sources];
        slice.ForEach((source, _, _) => fanOut[source]++);
        var widest = fanOut.Max();
        if (widest * (long)slice.Sources <= 2 * slice.Count)
        {
            return [Fill(slice, null, widest)];
        }

        return [.. Enumerable.Range(0, slice.Sources).Where(source => fanOut[source] > 0)
            .GroupBy(source => int.Log2(fanOut[source])).OrderBy(static group => group.Key)
            .Select(group => Fill(slice, [.. group], group.Max(source => fanOut[source])))];
    }

    private static FanOutTable Fill(InboundSlice slice, int[]? sources, int width)
    {
        var rows = sources?.Length ?? slice.Sources;
        var row = Enumerable.Repeat(-1, slice.Sources).ToArray();
        for (var i = 0; i < rows; i++)
        {
            row[sources is null ? i : sources[i]] = i;
        }

        var (filled, target, weights) = (new int[rows], new int[checked(rows * width)], new double[rows * width]);
        slice.ForEach((source, to, weight) =>
        {
            if (row[source] >= 0)
            {
                var place = (row[source] * width) + filled[row[source]]++;
                (target[place], weights[place]) = (to, weight);
            }
        });
        return new(sources, width, target, weights);
    }
}
