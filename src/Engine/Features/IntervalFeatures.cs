namespace BrainModular.Engine.Features;

/// <summary>The intervals between spikes (ISI) and how they change. Where the definition says so, the first is left out, as it is often that of a burst at the stimulus's start.</summary>
internal static class IntervalFeatures
{
    private const double SkippedPart = 0.1;
    private const int MostSkipped = 2;

    public static readonly Feature[] All =
    [
        new("all_ISI_values", "ms", "The intervals between neighbouring peaks.", static s => Series.Differences(s["peak_time"])),
        new("ISIs", "ms", "The same as all_ISI_values.", static s => s["all_ISI_values"]),
        new("ISI_values", "ms", "The intervals without the first.", Later),
        new("inv_ISI_values", "Hz", "1000 divided by each interval.", static s => s["all_ISI_values"] is { } i ? [.. i.Select(static v => 1000 / v)] : null),
        .. new[] { "first", "second", "third", "fourth", "fifth" }.Select(static (name, place) =>
            new Feature($"inv_{name}_ISI", "Hz", $"1000 divided by the {name} interval.", s => Series.Single(s["inv_ISI_values"], place))),
        new("inv_last_ISI", "Hz", "1000 divided by the last interval.", static s => Series.Last(s["inv_ISI_values"])),
        new("doublet_ISI", "ms", "The first interval.", static s => Series.Single(s["all_ISI_values"], 0)),
        new("ISI_CV", "1", "The standard deviation of intervals without the first, with n - 1, divided by their mean.", Variation),
        new("single_burst_ratio", "1", "The second interval divided by the mean of all from there on.", static s => Later(s) is { Length: > 1 } i ? [i[0] / i.Average()] : null),
        new("irregularity_index", "ms", "The mean absolute difference of neighbouring intervals, without the first.", static s => Series.Differences(Later(s)) is { } d ? [d.Average(static v => Math.Abs(v))] : null),
        new("ISI_log_slope", "1", "The slope of a straight line through the logarithms of intervals without the first, over those of their numbers.", static s => Slope(Later(s), Math.Log)),
        new("ISI_semilog_slope", "1", "The slope of a straight line through the logarithms of intervals without the first, over their numbers.", static s => Slope(Later(s), static n => n)),
        new("ISI_log_slope_skip", "1", "ISI_log_slope without the first tenth of spikes besides, at most two of them.", static s => Later(s) is { } i ? Slope(i[Math.Min(i.Length, Skipped(i.Length + 1))..], Math.Log) : null),
        new("adaptation_index", "1", "The mean of the difference of neighbouring intervals divided by their sum, during the stimulus, without the first tenth of spikes, at most two of them.", static s => Adaptation(s, Skipped)),
        new("adaptation_index2", "1", "The same without the first spike.", static s => SpikeTimeFeatures.During(s).Length >= 4 ? Adaptation(s, static _ => 1, fewest: 3) : null),
    ];

    /// <summary>The intervals without the first; null where there is none.</summary>
    public static double[]? Later(FeatureSet s) => s["all_ISI_values"] is { Length: > 1 } i ? i[1..] : null;

    private static int Skipped(int spikes) => Math.Min(MostSkipped, (int)((spikes * SkippedPart) + 0.5));

    private static double[]? Variation(FeatureSet s)
    {
        if (Later(s) is not { Length: > 1 } intervals)
        {
            return null;
        }

        var mean = intervals.Average();
        return [Math.Sqrt(intervals.Sum(i => (i - mean) * (i - mean)) / (intervals.Length - 1)) / mean];
    }

    private static double[]? Slope(double[]? intervals, Func<double, double> scale) => intervals is { Length: > 1 }
        ? [Series.Line([.. Enumerable.Range(1, intervals.Length).Select(n => scale(n))], [.. intervals.Select(static i => Math.Log(i))]).Slope]
        : null;

    private static double[]? Adaptation(FeatureSet s, Func<int, int> skip, int fewest = 4)
    {
        var during = SpikeTimeFeatures.During(s);
        var times = during[Math.Min(during.Length, skip(during.Length))..];
        return times.Length >= fewest && Series.Differences(times) is { } i
            ? [Enumerable.Range(1, i.Length - 1).Average(k => (i[k] - i[k - 1]) / (i[k] + i[k - 1]))]
            : null;
    }
}
