namespace BrainModular.Engine.Features;

/// <summary>Bursts in which every spike belongs to one, parted by intervals that are long beside those before and after; and the burst at the stimulus's start.</summary>
internal static class BurstFeatures
{
    private const double Factor = 1.5;
    private const int FewestIntervals = 4;
    private const double InitialFrequency = 50;
    private const double Margin = 5;
    private const double Latest = 100;

    public static readonly Feature[] All =
    [
        new("burst_ISI_indices", "1", "The peaks that end a burst: the interval after one is more than 1.5 times the median of those of its burst, and the next is shorter by that factor again.", Ends),
        new("burst_number", "1", "The number of bursts.", static s => [s["burst_mean_freq"]?.Length ?? 0]) { IsCount = true },
        new("burst_mean_freq", "Hz", "The number of spikes of each burst of more than one, divided by the time from its first to its last.", Frequency),
        new("interburst_voltage", "mV", "The mean potential between bursts, from 5 ms after the last peak to 5 ms before the next.", Between),
        new("initburst_sahp", "mV", "The lowest potential from 5 to 100 ms after the initial burst, the spikes at 50 Hz or more at the start; no later than the next peak and the stimulus's end.", SlowAfterInitial),
        new("initburst_sahp_vb", "mV", "initburst_sahp less voltage_base.", static s => Less(s, "voltage_base")),
        new("initburst_sahp_ssse", "mV", "initburst_sahp less steady_state_voltage_stimend.", static s => Less(s, "steady_state_voltage_stimend")),
    ];

    private static double[]? Ends(FeatureSet s)
    {
        if (IntervalFeatures.Later(s) is not { Length: >= FewestIntervals } intervals)
        {
            return null;
        }

        var (ends, first) = (new List<int>(), 0);
        for (var i = 1; i < intervals.Length - 1; i++)
        {
            if (first < i && intervals[i] > Factor * Series.Median(intervals[first..i]) && intervals[i + 1] < intervals[i] / Factor)
            {
                ends.Add(i + 1);
                first = i;
            }
        }

        return Series.AsNumbers(ends);
    }

    private static double[]? Frequency(FeatureSet s)
    {
        if (s.Indices("burst_ISI_indices") is not { } found)
        {
            return null;
        }

        var times = s["peak_time"]!;
        int[] ends = [.. found, times.Length - 1];
        return [.. ends.Select((end, i) => (First: i == 0 ? 0 : ends[i - 1] + 1, Last: end)).Where(static (b, i) => i == 0 || b.First != b.Last)
            .Select(b => 1000 * (b.Last - b.First + 1) / (times[b.Last] - times[b.First]))];
    }

    private static double[]? Between(FeatureSet s)
    {
        if (s.Indices("burst_ISI_indices") is not { } ends)
        {
            return null;
        }

        var times = s["peak_time"]!;
        return [.. ends.Select(e => Series.Mean(s.V, s.Trace.IndexAt(times[e] + Margin) - 1, s.Trace.IndexAt(Math.BitIncrement(times[e + 1] - Margin)) + 1))];
    }

    private static double[]? SlowAfterInitial(FeatureSet s)
    {
        if (s["all_ISI_values"] is not { } intervals || intervals.TakeWhile(static i => 1000 / i >= InitialFrequency).Count() is not (> 0 and var burst))
        {
            return null;
        }

        var times = s["peak_time"]!;
        var from = Math.Min(times[burst] + Margin, s.Trace.End);
        var to = Math.Min(Math.Min(times[burst] + Latest, burst + 1 < times.Length ? times[burst + 1] : double.PositiveInfinity), s.Trace.End);
        var (first, end) = (s.Trace.IndexAt(from), s.Trace.IndexAt(Math.BitIncrement(to)));
        return to > from && first < end ? [s.V[Series.Lowest(s.V, first, end)]] : null;
    }

    private static double[]? Less(FeatureSet s, string reference) => s["initburst_sahp"] is { } v && s[reference] is { } r ? [v[0] - r[0]] : null;
}
