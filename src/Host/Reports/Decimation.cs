namespace BrainModular.Host.Reports;

/// <summary>Chooses which samples of a trace are drawn.</summary>
internal static class Decimation
{
    /// <summary>How many spikes of a sweep are drawn at most.</summary>
    public const int MostSpikes = 5_000;

    /// <summary>The spikes of a sweep that are drawn: of more than <see cref="MostSpikes"/>, so many of all, as far from each other in their order as can be.</summary>
    public static IEnumerable<double> Drawn(IReadOnlyList<double> spikes) => spikes.Count <= MostSpikes
        ? spikes : Enumerable.Range(0, MostSpikes).Select(i => spikes[(int)((long)i * spikes.Count / MostSpikes)]);

    /// <summary>
    /// Indices, ascending, of at most <paramref name="most"/> samples that draw the same picture: first and last, the least and greatest of every
    /// bucket, so that no spike and no artefact is lost, and one missing sample (NaN) a gap. A constant run keeps its ends only.
    /// </summary>
    /// <param name="samples">The trace.</param>
    /// <param name="most">At least 8.</param>
    public static List<int> Indices(ReadOnlySpan<double> samples, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 8);
        var corners = Corners(samples);
        return corners.Count <= most ? corners : Extremes(samples, most);
    }

    /// <summary>All samples but those whose both neighbours equal them.</summary>
    private static List<int> Corners(ReadOnlySpan<double> samples)
    {
        var kept = new List<int>();
        for (var i = 0; i < samples.Length; i++)
        {
            var inside = i > 0 && i < samples.Length - 1;
            if (!inside || !samples[i].Equals(samples[i - 1]) || !samples[i].Equals(samples[i + 1]))
            {
                kept.Add(i);
            }
        }

        return kept;
    }

    // A bucket gives at most three indices (least, greatest, a gap); the ends of the trace two more.
    private static List<int> Extremes(ReadOnlySpan<double> samples, int most)
    {
        var kept = new SortedSet<int> { 0, samples.Length - 1 };
        var buckets = (most - 2) / 3;
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var from = (int)((long)samples.Length * bucket / buckets);
            var to = (int)((long)samples.Length * (bucket + 1) / buckets);
            AddExtremes(samples, from, to, kept);
        }

        return [.. kept];
    }

    private static void AddExtremes(ReadOnlySpan<double> samples, int from, int to, SortedSet<int> kept)
    {
        int least = -1, greatest = -1, gap = -1;
        for (var i = from; i < to; i++)
        {
            if (double.IsNaN(samples[i]))
            {
                gap = gap < 0 ? i : gap;
                continue;
            }

            least = least < 0 || samples[i] < samples[least] ? i : least;
            greatest = greatest < 0 || samples[i] > samples[greatest] ? i : greatest;
        }

        foreach (var index in (ReadOnlySpan<int>)[least, greatest, gap])
        {
            if (index >= 0)
            {
                kept.Add(index);
            }
        }
    }
}
