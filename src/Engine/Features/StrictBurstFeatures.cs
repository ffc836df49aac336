namespace BrainModular.Engine.Features;

/// <summary>
/// Bursts to which not every spike has to belong: one begins at an interval shorter than half of the one before, and ends at one longer than twice the median of its own. What lies
/// between them are interbursts, what follows each a postburst, which ends at the next peak, or for the last at the stimulus's end.
/// </summary>
internal static class StrictBurstFeatures
{
    private const double Factor = 2;
    private const double SlowFrom = 5;

    public static readonly Feature[] All =
    [
        new("burst_begin_indices", "1", "The first peak of each burst, without the spike before the first interval.", static s => Bursts(s) is { } b ? Series.AsNumbers(b.Begins) : null),
        new("burst_end_indices", "1", "The last peak of each burst.", static s => Bursts(s) is { } b ? Series.AsNumbers(b.Ends) : null),
        new("strict_burst_mean_freq", "Hz", "The number of spikes of each burst of more than one, divided by the time from its first to its last.", Frequency),
        new("strict_burst_number", "1", "The number of bursts of more than one spike.", static s => [s["strict_burst_mean_freq"]?.Length ?? 0]) { IsCount = true },
        new("strict_interburst_voltage", "mV", "The mean potential before each burst but the first, from 5 ms after the peak before it to 5 ms before its own first.", Voltage),
        new("spikes_per_burst", "1", "The number of spikes of each burst.", static s => s["burst_begin_indices"] is { } b ? [.. s["burst_end_indices"]!.Zip(b, static (end, begin) => end - begin + 1)] : null) { IsCount = true },
        new("spikes_per_burst_diff", "1", "The number of spikes of each burst less that of the next.", static s => Series.Differences(s["spikes_per_burst"]) is { } d ? [.. d.Select(static v => -v)] : null),
        new("spikes_in_burst1_burst2_diff", "1", "The number of spikes of the first burst less that of the second.", static s => Series.Single(s["spikes_per_burst_diff"], 0)),
        new("spikes_in_burst1_burstlast_diff", "1", "The number of spikes of the first burst less that of the last.", static s => s["spikes_per_burst"] is { Length: > 1 } n ? [n[0] - n[^1]] : null),
        new("interburst_duration", "ms", "From the last peak of each burst to the next peak.", static s => s.Indices("burst_end_indices") is { } ends && s["peak_time"] is { } t ? [.. Inner(ends, t).Select(e => t[e + 1] - t[e])] : null),
        new("interburst_min_indices", "1", "The sample of the lowest potential from the last peak of each burst to the next peak.", Minima),
        new("interburst_min_values", "mV", "The potential there.", static s => At(s, "interburst_min_indices")),
        new("time_to_interburst_min", "ms", "From the last peak of each burst to there.", static s => After(s, "interburst_min_indices")),
        new("postburst_min_indices", "1", "The sample of the lowest potential after each burst.", static s => Postburst(s, 0, inEmpty: true)),
        new("postburst_min_values", "mV", "The potential there.", static s => At(s, "postburst_min_indices")),
        new("postburst_slow_ahp_indices", "1", "The sample of the lowest potential after each burst, from 5 ms after its last peak on.", static s => Postburst(s, SlowFrom, inEmpty: false)),
        new("postburst_slow_ahp_values", "mV", "The potential there.", static s => At(s, "postburst_slow_ahp_indices")),
        new("time_to_postburst_slow_ahp", "ms", "From the last peak of each burst to there.", static s => After(s, "postburst_slow_ahp_indices")),
        new("postburst_fast_ahp_indices", "1", "The sample of the first minimum after each burst.", Fast),
        new("postburst_fast_ahp_values", "mV", "The potential there.", static s => At(s, "postburst_fast_ahp_indices")),
        new("time_to_postburst_fast_ahp", "ms", "From the last peak of each burst to there.", static s => After(s, "postburst_fast_ahp_indices")),
        new("postburst_adp_peak_indices", "1", "The sample of the highest potential between fast and slow afterhyperpolarisation after a burst, where there is one between them.", Depolarised),
        new("postburst_adp_peak_values", "mV", "The potential there.", static s => At(s, "postburst_adp_peak_indices")),
        new("time_to_postburst_adp_peak", "ms", "From the last peak before it to there.", SinceLastPeak),
        .. new[] { 15, 20, 25, 30, 40, 60 }.SelectMany(static percent => new Feature[]
        {
            new($"interburst_{percent}percent_indices", "1", $"The sample after {percent} % of the time from the fast afterhyperpolarisation of a burst to the next peak.", s => Part(s, percent / 100.0)),
            new($"interburst_{percent}percent_values", "mV", "The potential there.", s => At(s, $"interburst_{percent}percent_indices")),
        }),
    ];

    private static (IReadOnlyList<int> Begins, IReadOnlyList<int> Ends)? Bursts(FeatureSet s)
    {
        if (s["all_ISI_values"] is not { Length: > 1 } intervals)
        {
            return null;
        }

        var (begins, ends, first) = (new List<int> { 1 }, new List<int>(), 1);
        bool Within() => ends.Count == 0 || begins[^1] > ends[^1];
        for (var i = 2; i < intervals.Length; i++)
        {
            var (within, median) = (Within(), Series.Median(intervals[first..i]));
            if (within && intervals[i] > Factor * median)
            {
                ends.Add(i);
                first = i;
            }

            if (intervals[i] < intervals[i - 1] / Factor)
            {
                if (within)
                {
                    begins[^1] = i;
                }
                else
                {
                    begins.Add(i);
                }

                first = i;
            }
        }

        if (Within())
        {
            ends.Add(intervals.Length);
        }

        return (begins, ends);
    }

    private static double[]? Frequency(FeatureSet s) => s.Indices("burst_begin_indices") is { } begins && s["peak_time"] is { } times
        ? [.. begins.Zip(s.Indices("burst_end_indices")!).Where(static b => b.Second > b.First).Select(b => 1000 * (b.Second - b.First + 1) / (times[b.Second] - times[b.First]))]
        : null;

    private static double[]? Voltage(FeatureSet s) => s.Indices("burst_begin_indices") is { } begins && s["peak_time"] is { } times
        ? [.. begins.Skip(1).Select(b => Series.Mean(s.V, s.Trace.IndexAt(Math.BitIncrement(times[b - 1] + SlowFrom)) - 1, s.Trace.IndexAt(times[b] - SlowFrom) + 1))]
        : null;

    /// <summary>The ends of bursts after which another spike comes.</summary>
    private static IEnumerable<int> Inner(int[] ends, double[] times) => ends.TakeWhile(e => e + 1 < times.Length);

    private static double[]? Minima(FeatureSet s) => s.Indices("burst_end_indices") is { } ends && s.Indices("peak_indices") is { } peaks
        ? [.. Inner(ends, s["peak_time"]!).Select(e => (double)Series.Lowest(s.V, peaks[e], peaks[e + 1]))]
        : null;

    /// <summary>Where a postburst ends: at the next peak, at the stimulus's end, or at that of the trace.</summary>
    private static int EndAfter(FeatureSet s, int[] peaks, int burst) =>
        burst + 1 < peaks.Length ? peaks[burst + 1] : peaks[burst] < s.Trace.EndIndex ? s.Trace.EndIndex : s.Trace.Count;

    private static double[]? Postburst(FeatureSet s, double after, bool inEmpty)
    {
        if (s.Indices("burst_end_indices") is not { } ends || s.Indices("peak_indices") is not { } peaks)
        {
            return null;
        }

        return [.. ends.Select(e => (First: Math.Min(after > 0 ? s.Trace.IndexAt(s.T[peaks[e]] + after) : peaks[e], EndAfter(s, peaks, e)), End: EndAfter(s, peaks, e), Last: e + 1 >= peaks.Length))
            .Where(p => inEmpty || !p.Last || p.First < p.End).Select(p => (double)Series.Lowest(s.V, p.First, p.End))];
    }

    private static double[]? Fast(FeatureSet s)
    {
        if (s.Indices("burst_end_indices") is not { } ends || s.Indices("peak_indices") is not { } peaks)
        {
            return null;
        }

        var last = peaks[ends[^1]] < s.Trace.EndIndex ? s.Trace.EndIndex : s.Trace.Count;
        return [.. ends.Select(e => Series.FirstMinimum(s.V, peaks[e], EndAfter(s, peaks, e))).Where(i => i != last - 1).Select(static i => (double)i)];
    }

    private static double[]? Depolarised(FeatureSet s) =>
        s.Indices("postburst_fast_ahp_indices") is { } fast && s.Indices("postburst_slow_ahp_indices") is { } slow && slow.Length <= fast.Length
            ? [.. fast.Zip(slow).Where(static p => p.Second >= p.First).Select(p => (At: Series.Highest(s.V, p.First, p.Second), p.Second)).Where(static p => p.At < p.Second - 1).Select(static p => (double)p.At)]
            : null;

    private static double[]? Part(FeatureSet s, double part) => s.Indices("postburst_fast_ahp_indices") is { } fast && s.Indices("burst_end_indices") is { } ends && s["peak_time"] is { } times
        ? [.. fast.Zip(ends).Where(p => p.Second + 1 < times.Length).Select(p => (double)s.Trace.IndexAt(s.T[p.First] + (part * (times[p.Second + 1] - s.T[p.First]))))]
        : null;

    private static double[]? At(FeatureSet s, string indices) => s.Indices(indices) is { } at ? Series.At(s.V, at) : null;

    private static double[]? After(FeatureSet s, string indices) => s.Indices(indices) is { } at && s.Indices("burst_end_indices") is { } ends && s["peak_time"] is { } times
        ? [.. at.Zip(ends).Select(p => s.T[p.First] - times[p.Second])]
        : null;

    private static double[]? SinceLastPeak(FeatureSet s) => s.Indices("postburst_adp_peak_indices") is { } at && s.Indices("burst_end_indices") is { } ends && s["peak_time"] is { } times
        ? [.. at.Zip(ends).Select(p => s.T[p.First] - times[Enumerable.Range(p.Second, times.Length - p.Second).TakeWhile(k => k == p.Second || times[k] < s.T[p.First]).Last()])]
        : null;
}
