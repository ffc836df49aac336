namespace BrainModular.Engine.Features;

/// <summary>When spikes are: peaks, latencies, counts.</summary>
internal static class SpikeTimeFeatures
{
    private const double InitialPart = 0.1;
    private const double LatestAfterStimulus = 1.05;

    public static readonly Feature[] All =
    [
        new("peak_indices", "1", "The samples of the largest potential between each upward crossing of the threshold and the downward crossing after it.", Peaks),
        new("peak_time", "ms", "When these peaks are.", static s => s.Indices("peak_indices") is { } p ? Series.At(s.T, p) : null),
        new("spike_count", "1", "The number of peaks.", static s => [s["peak_indices"]?.Length ?? 0]) { IsCount = true },
        new("spike_count_stimint", "1", "The number of peaks during the stimulus.", static s => [During(s).Length]) { IsCount = true },
        new("time_to_first_spike", "ms", "From the stimulus's start to the first peak.", static s => Latency(s, 0)),
        new("time_to_second_spike", "ms", "From the stimulus's start to the second peak.", static s => Latency(s, 1)),
        new("time_to_last_spike", "ms", "From the stimulus's start to the last peak.", static s => s["peak_time"] is { } t ? [t[^1] - s.Trace.Start] : null),
        new("inv_time_to_first_spike", "Hz", "1000 divided by time_to_first_spike.", static s => s["time_to_first_spike"] is { } t ? [1000 / t[0]] : null),
        new("mean_frequency", "Hz", "The number of peaks during the stimulus, divided by the time from its start to the last of them.", Frequency),
        new("number_initial_spikes", "1", "The number of peaks in the first tenth of the stimulus.", Initial) { IsCount = true },
        new("is_not_stuck", "1", "1 where a peak lies between half of the stimulus's end time and its end.", static s => s["peak_time"] is { } t && t.Any(p => p > 0.5 * s.Trace.End && p < s.Trace.End) ? [1] : null),
        new("trace_check", "1", "0 where no peak lies before the stimulus, or after it by more than 5 % of its end time.", static s => (s["peak_time"] ?? []).All(p => p >= s.Trace.Start && p <= LatestAfterStimulus * s.Trace.End) ? [0] : null),
    ];

    /// <summary>The times of peaks during the stimulus.</summary>
    public static double[] During(FeatureSet s) => [.. (s["peak_time"] ?? []).Where(t => t >= s.Trace.Start && t <= s.Trace.End)];

    private static double[]? Peaks(FeatureSet s)
    {
        if (s.Trace.Peaks is { } told)
        {
            return Series.AsNumbers(told);
        }

        var (peaks, up) = (new List<int>(), -1);
        for (var i = 1; i < s.V.Length; i++)
        {
            if (s.V[i] > s.Threshold && s.V[i - 1] < s.Threshold)
            {
                up = i;
            }
            else if (s.V[i] < s.Threshold && s.V[i - 1] > s.Threshold && up >= 0)
            {
                peaks.Add(Series.Highest(s.V, up, i + 1));
                up = -1;
            }
        }

        return Series.AsNumbers(peaks);
    }

    private static double[]? Latency(FeatureSet s, int spike) => Series.Single(s["peak_time"], spike) is { } t ? [t[0] - s.Trace.Start] : null;

    private static double[]? Frequency(FeatureSet s)
    {
        var during = During(s);
        return during.Length > 0 ? [1000 * during.Length / (during[^1] - s.Trace.Start)] : s["peak_time"] is null ? null : [0];
    }

    private static double[]? Initial(FeatureSet s) => s["peak_time"] is { } t
        ? [t.Count(p => p < s.Trace.Start + (InitialPart * (s.Trace.End - s.Trace.Start))) - t.Count(p => p < s.Trace.Start)]
        : null;
}
