namespace BrainModular.Engine.Features;

/// <summary>What follows a spike: afterhyperpolarisation (AHP) and afterdepolarisation (ADP).</summary>
internal static class AfterhyperpolarizationFeatures
{
    private const double SlowFrom = 5;

    public static readonly Feature[] All =
    [
        new("min_AHP_indices", "1", "The sample of the first minimum after each peak, before the next one or the trace's end.", Minima),
        new("min_AHP_values", "mV", "The potential there.", static s => At(s, "min_AHP_indices")),
        new("AHP_depth_abs", "mV", "The same as min_AHP_values.", static s => s["min_AHP_values"]),
        new("AHP_depth", "mV", "min_AHP_values less voltage_base.", static s => Less(s, "min_AHP_values")),
        new("AHP_depth_diff", "mV", "AHP_depth of each spike less that of the one before.", static s => Series.Differences(s["AHP_depth"])),
        new("AHP_depth_from_peak", "mV", "From the first minimum after each peak up to the peak.", FromPeak),
        new("AHP1_depth_from_peak", "mV", "AHP_depth_from_peak of the first spike.", static s => Series.Single(s["AHP_depth_from_peak"], 0)),
        new("AHP2_depth_from_peak", "mV", "AHP_depth_from_peak of the second spike.", static s => Series.Single(s["AHP_depth_from_peak"], 1)),
        new("AHP_time_from_peak", "ms", "From each peak to the first minimum after it.", static s => Pairs(s, "peak_indices", "min_AHP_indices") is { } p ? [.. p.Select(i => s.T[i.Second] - s.T[i.First])] : null),
        new("AHP_depth_abs_slow", "mV", "The lowest potential from 5 ms after a peak to the next, without the first interval.", static s => Slow(s) is { } at ? Series.At(s.V, at) : null),
        new("AHP_slow_time", "1", "When that is, as a part of the interval.", SlowTime),
        new("AHP_depth_slow", "mV", "AHP_depth_abs_slow less voltage_base.", static s => Less(s, "AHP_depth_abs_slow")),
        new("fast_AHP", "mV", "From the first minimum after each spike but the last up to where the spike began.", static s => Pairs(s, "AP_begin_indices", "min_AHP_indices") is { } p ? [.. p.Take(s["AP_begin_indices"]!.Length - 1).Select(i => s.V[i.First] - s.V[i.Second])] : null),
        new("fast_AHP_change", "1", "How much fast_AHP of each later spike differs from the first's, as a part of that.", static s => Series.ChangesFromFirst(s["fast_AHP"])),
        new("min_between_peaks_indices", "1", "The sample of the lowest potential between each peak and the next, or the trace's end.", Between),
        new("min_between_peaks_values", "mV", "The potential there.", static s => At(s, "min_between_peaks_indices")),
        new("min_voltage_between_spikes", "mV", "The lowest potential between each peak and the next.", static s => s["min_between_peaks_values"] is { Length: > 1 } v ? v[..^1] : null),
        new("ADP_peak_indices", "1", "The sample of the highest potential between the first minimum after a peak and the lowest one.", Depolarised),
        new("ADP_peak_values", "mV", "The potential there.", static s => At(s, "ADP_peak_indices")),
        new("ADP_peak_amplitude", "mV", "ADP_peak_values less min_AHP_values.", static s => s["ADP_peak_values"] is { } peak && s["min_AHP_values"] is { } low && peak.Length == low.Length ? [.. peak.Zip(low, static (p, l) => p - l)] : null),
    ];

    private static double[]? Minima(FeatureSet s) => s.Indices("peak_indices") is { } peaks
        ? [.. Ranges(s, peaks).Select(r => Series.FirstMinimum(s.V, r.First, r.End)).Where(i => i != s.Trace.Count - 1).Select(static i => (double)i)]
        : null;

    private static double[]? Between(FeatureSet s) => s.Indices("peak_indices") is { } peaks
        ? [.. Ranges(s, peaks).Select(r => (double)Series.Lowest(s.V, r.First, r.End))]
        : null;

    /// <summary>From each peak to the next, or to the trace's end.</summary>
    private static IEnumerable<(int First, int End)> Ranges(FeatureSet s, int[] peaks) => peaks.Zip([.. peaks.Skip(1), s.Trace.Count]);

    private static double[]? FromPeak(FeatureSet s) => Pairs(s, "peak_indices", "min_AHP_indices") is { } p && s["min_AHP_indices"]!.Length <= s["peak_indices"]!.Length
        ? [.. p.Select(i => s.V[i.First] - s.V[i.Second])]
        : null;

    private static int[]? Slow(FeatureSet s) => s.Indices("peak_indices") is { Length: > 2 } peaks
        ? [.. peaks.Skip(1).Zip(peaks.Skip(2)).Select(p => Series.Lowest(s.V, Math.Min(p.Second, s.Trace.IndexAt(s.T[p.First] + SlowFrom)), p.Second))]
        : null;

    private static double[]? SlowTime(FeatureSet s)
    {
        if (Slow(s) is not { } at)
        {
            return null;
        }

        var times = s["peak_time"]!;
        return [.. at.Select((i, n) => (s.T[i] - times[n + 1]) / (times[n + 2] - times[n + 1]))];
    }

    private static double[]? Depolarised(FeatureSet s) => s.Indices("min_AHP_indices") is { } first && s.Indices("min_between_peaks_indices") is { } lowest && first.Length <= lowest.Length
        ? [.. first.Zip(lowest).Select(p => (double)Series.Highest(s.V, p.First, p.Second))]
        : null;

    private static double[]? Less(FeatureSet s, string name) => s[name] is { } values && s["voltage_base"] is { } rest ? [.. values.Select(v => v - rest[0])] : null;

    private static double[]? At(FeatureSet s, string indices) => s.Indices(indices) is { } at ? Series.At(s.V, at) : null;

    private static IEnumerable<(int First, int Second)>? Pairs(FeatureSet s, string a, string b) => s.Indices(a) is { } x && s.Indices(b) is { } y ? x.Zip(y) : null;
}
