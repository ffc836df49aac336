namespace BrainModular.Engine.Features;

/// <summary>How long action potentials (AP) last: from beginning to end, at half of their height, above the threshold.</summary>
internal static class SpikeWidthFeatures
{
    public static readonly Feature[] All =
    [
        new("AP_duration", "ms", "From where each spike begins to where it ends.", static s => s.Indices("AP_begin_indices") is { } b && s.Indices("AP_end_indices") is { } e ? [.. b.Zip(e).Select(p => s.T[p.Second] - s.T[p.First])] : null),
        new("AP_duration_change", "1", "How much AP_duration of each later spike differs from the first's, as a part of that.", static s => Series.ChangesFromFirst(s["AP_duration"])),
        new("AP_rise_indices", "1", "The sample before each peak that is closest to half of the spike's height above its beginning.", Rises),
        new("AP_fall_indices", "1", "The sample between each peak and the spike's end that is closest to half of its height.", Falls),
        new("AP_duration_half_width", "ms", "From AP_rise_indices to AP_fall_indices.", static s => s.Indices("AP_rise_indices") is { } r && s.Indices("AP_fall_indices") is { } f ? [.. r.Zip(f).Select(p => s.T[p.Second] - s.T[p.First])] : null),
        new("AP_duration_half_width_change", "1", "How much AP_duration_half_width of each later spike differs from the first's, as a part of that.", static s => Series.ChangesFromFirst(s["AP_duration_half_width"])),
        new("spike_half_width", "ms", "The width of each spike halfway between its peak and the first minimum after it, interpolated.", HalfWidths),
        new("AP1_width", "ms", "spike_half_width of the first spike.", static s => Series.Single(s["spike_half_width"], 0)),
        new("AP2_width", "ms", "spike_half_width of the second spike.", static s => Series.Single(s["spike_half_width"], 1)),
        new("APlast_width", "ms", "spike_half_width of the last spike.", static s => Series.Last(s["spike_half_width"])),
        new("spike_width2", "ms", "The width of each spike but the first, halfway between its peak and where the second derivative before it is largest.", WidthsFromKink),
        new("AP_begin_width", "ms", "From where each spike begins to where the potential is there again.", BeginWidths),
        new("AP1_begin_width", "ms", "AP_begin_width of the first spike.", static s => Series.Single(s["AP_begin_width"], 0)),
        new("AP2_begin_width", "ms", "AP_begin_width of the second spike.", static s => Series.Single(s["AP_begin_width"], 1)),
        new("AP2_AP1_begin_width_diff", "ms", "AP_begin_width of the second spike less that of the first.", static s => s["AP_begin_width"] is { Length: > 1 } w ? [w[1] - w[0]] : null),
        new("AP_width", "ms", "For how long each spike is above the threshold, before the first minimum after its peak.", static s => s.Trace.Peaks is null && s.Indices("min_AHP_indices") is { } m ? [.. AboveThreshold(s, [0, .. m]).Select(static w => w.Width)] : null),
        new("AP_width_between_threshold", "ms", "For how long each spike since the stimulus's start is above the threshold, where it comes back before the lowest potential after its peak.", static s => s.Trace.Peaks is null && s.Indices("min_between_peaks_indices") is { } m ? [.. AboveThreshold(s, [s.Trace.StartIndex, .. m]).Where(static w => w.Returns).Select(static w => w.Width)] : null),
    ];

    private static double[]? Rises(FeatureSet s)
    {
        if (s.Indices("AP_begin_indices") is not { } begins || s.Indices("peak_indices") is not { } peaks || begins.Zip(peaks).Any(static p => p.Second <= p.First))
        {
            return null;
        }

        return [.. begins.Zip(peaks).Select(p => (double)Closest(s.V, p.First, p.Second, (s.V[p.First] + s.V[p.Second]) / 2))];
    }

    private static double[]? Falls(FeatureSet s)
    {
        if (s.Indices("AP_begin_indices") is not { } begins || s.Indices("peak_indices") is not { } peaks || s.Indices("AP_end_indices") is not { } ends)
        {
            return null;
        }

        return [.. begins.Zip(peaks, ends).Where(static p => p.Second <= p.Third).Select(p => (double)Closest(s.V, p.Second, p.Third, (s.V[p.First] + s.V[p.Second]) / 2))];
    }

    private static int Closest(double[] values, int first, int end, double to)
    {
        var closest = first;
        for (var i = first + 1; i < end; i++)
        {
            closest = Math.Abs(values[i] - to) < Math.Abs(values[closest] - to) ? i : closest;
        }

        return closest;
    }

    private static double[]? HalfWidths(FeatureSet s)
    {
        if (s.Indices("peak_indices") is not { } peaks || s.Indices("min_AHP_indices") is not { } minima)
        {
            return null;
        }

        int[] limits = [s.Trace.StartIndex, .. minima];
        var widths = new List<double>();
        for (var i = 0; i < minima.Length; i++)
        {
            var half = (s.V[peaks[i]] + s.V[minima[i]]) / 2;
            var rise = Series.FirstWhere(s.V, Math.Min(limits[i], peaks[i]), peaks[i], v => v >= half);
            var fall = Series.FirstWhere(s.V, peaks[i], minima[i], v => v <= half);
            widths.Add(Crossing(s, fall, half) - Crossing(s, rise, half));
        }

        return [.. widths];
    }

    /// <summary>When the potential passes a value, on the straight line to a sample from the one before it.</summary>
    private static double Crossing(FeatureSet s, int to, double value) => to == 0
        ? s.T[0]
        : s.T[to] + ((s.T[to] - s.T[to - 1]) * (value - s.V[to]) / (s.V[to] - s.V[to - 1]));

    private static double[]? WidthsFromKink(FeatureSet s)
    {
        if (s.Indices("peak_indices") is not { Length: > 1 } peaks || s.Indices("min_AHP_indices") is not { } minima)
        {
            return null;
        }

        var widths = new List<double>();
        foreach (var (low, peak) in minima.Zip(peaks.Skip(1)))
        {
            var second = Series.Central(Series.Central(s.V[low..(peak + 1)]));
            var kink = low + Array.LastIndexOf(second, second.Max());
            var half = (s.V[peak] + s.V[kink]) / 2;
            var rise = Series.FirstWhere(s.V, low, peak, v => v > half);
            var fall = Series.FirstWhere(s.V, peak, s.V.Length, v => v < half);
            if (fall == s.V.Length)
            {
                return null;
            }

            widths.Add(Crossing(s, fall, half) - Crossing(s, rise, half));
        }

        return [.. widths];
    }

    private static double[]? BeginWidths(FeatureSet s)
    {
        if (s.Indices("AP_begin_indices") is not { } begins || s.Indices("min_AHP_indices") is not { } all)
        {
            return null;
        }

        int[] minima = [.. all.Where(m => m > s.Trace.StartIndex)];
        return minima.Length <= begins.Length
            ? [.. begins.Zip(minima).Select(p => s.T[Series.FirstWhere(s.V, Math.Min(p.First + 1, p.Second), p.Second, v => v <= s.V[p.First])] - s.T[p.First])]
            : null;
    }

    private static IEnumerable<(double Width, bool Returns)> AboveThreshold(FeatureSet s, int[] limits) => limits.Zip(limits.Skip(1)).Select(p =>
    {
        var onset = Series.FirstWhere(s.V, Math.Min(p.First, p.Second), p.Second, v => v >= s.Threshold);
        var end = Series.FirstWhere(s.V, onset, p.Second, v => v <= s.Threshold);
        return (s.T[end] - s.T[onset], end != p.Second);
    });
}
