namespace BrainModular.Engine.Features;

/// <summary>Where action potentials (AP) begin and end, and how high and steep they are.</summary>
internal static class SpikeShapeFeatures
{
    private const double BeginSlope = 10;
    private const int BeginSamples = 3;
    private const double EndSlope = -12;
    private const int PhaseSamples = 2;

    public static readonly Feature[] All =
    [
        new("peak_voltage", "mV", "The potential of each peak.", static s => s.Indices("peak_indices") is { } p ? Series.At(s.V, p) : null),
        new("AP_height", "mV", "The same as peak_voltage.", static s => s["peak_voltage"]),
        new("AP1_peak", "mV", "The first peak's potential.", static s => Series.Single(s["peak_voltage"], 0)),
        new("AP2_peak", "mV", "The second peak's potential.", static s => Series.Single(s["peak_voltage"], 1)),
        new("AP2_AP1_peak_diff", "mV", "The second peak's potential less the first's.", static s => s["peak_voltage"] is { Length: > 1 } p ? [p[1] - p[0]] : null),
        new("amp_drop_first_second", "mV", "The first peak's potential less the second's.", static s => s["peak_voltage"] is { Length: > 1 } p ? [p[0] - p[1]] : null),
        new("amp_drop_first_last", "mV", "The first peak's potential less the last's.", static s => s["peak_voltage"] is { Length: > 1 } p ? [p[0] - p[^1]] : null),
        new("amp_drop_second_last", "mV", "The second peak's potential less the last's, of three peaks or more.", static s => s["peak_voltage"] is { Length: > 2 } p ? [p[1] - p[^1]] : null),
        new("max_amp_difference", "mV", "The largest drop of potential from one peak to the next.", static s => Series.Differences(s["peak_voltage"]) is { } d ? [-d.Min()] : null),
        new("AP_begin_indices", "1", "The sample at which each spike of the stimulus and after begins: the last one before its peak from which on dV/dt is 10 mV/ms or more for three samples.", Begins),
        new("AP_begin_time", "ms", "When spikes begin.", static s => s.Indices("AP_begin_indices") is { } b ? Series.At(s.T, b) : null),
        new("AP_begin_voltage", "mV", "The potential where spikes begin.", static s => s.Indices("AP_begin_indices") is { } b ? Series.At(s.V, b) : null),
        new("AP1_begin_voltage", "mV", "The potential where the first spike begins.", static s => Series.Single(s["AP_begin_voltage"], 0)),
        new("AP2_begin_voltage", "mV", "The potential where the second spike begins.", static s => Series.Single(s["AP_begin_voltage"], 1)),
        new("AP_end_indices", "1", "The sample at which each spike of the stimulus and after ends: after its steepest fall the first at which dV/dt is -12 mV/ms or more again.", Ends),
        new("AP_amplitude", "mV", "From where each spike begins to its peak, of peaks during the stimulus.", Amplitudes),
        new("AP1_amp", "mV", "AP_amplitude of the first spike.", static s => Series.Single(s["AP_amplitude"], 0)),
        new("AP2_amp", "mV", "AP_amplitude of the second spike.", static s => Series.Single(s["AP_amplitude"], 1)),
        new("APlast_amp", "mV", "AP_amplitude of the last spike.", static s => Series.Last(s["AP_amplitude"])),
        new("AP2_AP1_diff", "mV", "AP_amplitude of the second spike less that of the first.", static s => s["AP_amplitude"] is { Length: > 1 } a ? [a[1] - a[0]] : null),
        new("mean_AP_amplitude", "mV", "The mean of AP_amplitude.", static s => s["AP_amplitude"] is { } a ? [a.Average()] : null),
        new("AP_amplitude_diff", "mV", "AP_amplitude of each spike less that of the one before.", static s => Series.Differences(s["AP_amplitude"])),
        new("AP_amplitude_change", "1", "How much AP_amplitude of each later spike differs from the first's, as a part of that.", static s => Series.ChangesFromFirst(s["AP_amplitude"])),
        new("AP_amplitude_from_voltagebase", "mV", "The potential of each peak less voltage_base.", static s => s["peak_voltage"] is { } p && s["voltage_base"] is { } rest ? [.. p.Select(v => v - rest[0])] : null),
        new("AP_rise_rate", "mV/ms", "The mean dV/dt from where each spike begins to its peak.", static s => PeaksAfterBegins(s) is { } p ? [.. p.Select(i => (s.V[i.Peak] - s.V[i.Begin]) / (s.T[i.Peak] - s.T[i.Begin]))] : null),
        new("AP_rise_rate_change", "1", "How much AP_rise_rate of each later spike differs from the first's, as a part of that.", static s => Series.ChangesFromFirst(s["AP_rise_rate"])),
        new("AP_fall_rate", "mV/ms", "The mean dV/dt from each peak to where its spike ends.", static s => EndsAfterPeaks(s) is { } p ? [.. p.Select(i => (s.V[i.End] - s.V[i.Peak]) / (s.T[i.End] - s.T[i.Peak]))] : null),
        new("AP_fall_rate_change", "1", "How much AP_fall_rate of each later spike differs from the first's, as a part of that.", static s => Series.ChangesFromFirst(s["AP_fall_rate"])),
        new("AP_rise_time", "ms", "From where each spike begins to its peak.", static s => PeaksAfterBegins(s) is { } p ? [.. p.Select(i => s.T[i.Peak] - s.T[i.Begin])] : null),
        new("AP_fall_time", "ms", "From each peak to where its spike ends.", static s => EndsAfterPeaks(s) is { } p ? [.. p.Select(i => s.T[i.End] - s.T[i.Peak])] : null),
        new("AP_peak_upstroke", "mV/ms", "The largest dV/dt from where each spike begins to its peak.", Upstrokes),
        new("AP_peak_downstroke", "mV/ms", "The smallest dV/dt from each peak to the first minimum after it.", static s => s.Indices("peak_indices") is { } p && s.Indices("min_AHP_indices") is { } m ? [.. p.Zip(m).Select(i => s.Slope[Series.Lowest(s.Slope, i.First, i.Second)])] : null),
        new("AP_phaseslope", "1/ms", "The slope of dV/dt over V where each spike begins, from two samples before to two after.", PhaseSlopes),
        new("phaseslope_max", "mV/ms", "The largest dV/dt of the trace, from one sample to the next.", static s => [Enumerable.Range(1, s.Trace.Count - 1).Max(i => (s.V[i] - s.V[i - 1]) / (s.T[i] - s.T[i - 1]))]),
        new("depolarized_base", "mV", "The mean potential from the end of each spike to the beginning of the next, of three spikes or more.", Bases),
    ];

    private static double[]? Begins(FeatureSet s)
    {
        var start = s.Trace.StartIndex;
        int[] peaks = [.. (s.Indices("peak_indices") ?? []).Where(p => p > start)];

        // The search for a spike's beginning ends at the minimum before it; two samples before the stimulus for the first, which may begin with it.
        int[] limits = [Math.Max(0, start - 2), .. (s.Indices("min_AHP_indices") ?? []).Where(m => m > start)];
        if (limits.Length < peaks.Length)
        {
            return null;
        }

        return [.. peaks.Select((peak, i) => Begin(s, limits[i], peak)).OfType<int>().Select(static b => (double)b)];
    }

    private static int? Begin(FeatureSet s, int limit, int peak)
    {
        for (var end = peak; ;)
        {
            var begin = end;
            while (begin > limit && s.Slope[begin - 1] > BeginSlope)
            {
                begin--;
            }

            begin = Math.Min(begin, s.Trace.Count - BeginSamples);
            if (begin <= limit)
            {
                return null;
            }

            if (s.Slope.AsSpan(begin, BeginSamples).IndexOfAnyExceptInRange(BeginSlope, double.PositiveInfinity) < 0)
            {
                return begin;
            }

            end = begin - 1;
        }
    }

    private static double[]? Ends(FeatureSet s)
    {
        if (s.Indices("peak_indices") is not { } all)
        {
            return null;
        }

        int[] peaks = [.. all.Where(p => p > s.Trace.StartIndex), s.Trace.Count - 1];
        var ends = new List<int>();
        foreach (var (peak, next) in peaks.Zip(peaks.Skip(1)).Where(static p => p.First + 1 < p.Second))
        {
            var end = Series.FirstWhere(s.Slope, Series.Lowest(s.Slope, peak + 1, next), next, static d => d >= EndSlope);
            if (end < next)
            {
                ends.Add(end);
            }
        }

        return Series.AsNumbers(ends);
    }

    private static double[]? Amplitudes(FeatureSet s)
    {
        if (s["AP_begin_voltage"] is not { } begins || s["peak_voltage"] is not { } peaks)
        {
            return null;
        }

        double[] during = [.. peaks.Zip(s["peak_time"]!).Where(p => p.Second >= s.Trace.Start && p.Second <= s.Trace.End).Select(static p => p.First)];
        return during.Length <= begins.Length ? [.. during.Zip(begins, static (peak, begin) => peak - begin)] : null;
    }

    private static IEnumerable<(int Begin, int Peak)>? PeaksAfterBegins(FeatureSet s) =>
        s.Indices("AP_begin_indices") is { } begins && s.Indices("peak_indices") is { } peaks ? begins.Zip(peaks.Where(p => p > begins[0])) : null;

    private static IEnumerable<(int Peak, int End)>? EndsAfterPeaks(FeatureSet s) =>
        s.Indices("AP_end_indices") is { } ends && s.Indices("peak_indices") is { } peaks ? peaks.Where(p => s.T[p] > s.Trace.Start).Zip(ends) : null;

    private static double[]? Upstrokes(FeatureSet s)
    {
        if (s.Indices("AP_begin_indices") is not { } begins || s.Indices("peak_indices") is not { } peaks)
        {
            return null;
        }

        var (found, next) = (new List<double>(), 0);
        foreach (var begin in begins)
        {
            while (next < peaks.Length && peaks[next] < begin)
            {
                next++;
            }

            if (next < peaks.Length)
            {
                found.Add(s.Slope[Series.Highest(s.Slope, begin, peaks[next++])]);
            }
        }

        return [.. found];
    }

    private static double[]? PhaseSlopes(FeatureSet s) => s.Indices("AP_begin_indices") is { } begins && begins.All(b => b >= PhaseSamples && b + PhaseSamples < s.Trace.Count)
        ? [.. begins.Select(b => (s.Slope[b + PhaseSamples] - s.Slope[b - PhaseSamples]) / (s.V[b + PhaseSamples] - s.V[b - PhaseSamples]))]
        : null;

    private static double[]? Bases(FeatureSet s) => s.Indices("AP_begin_indices") is { Length: > 2 } begins && s.Indices("AP_end_indices") is { Length: > 2 } ends
        ? [.. ends.Zip(begins.Skip(1)).Take(Math.Min(begins.Length, ends.Length) - 1).Where(static p => p.First < p.Second).Select(p => Series.Mean(s.V, p.First, p.Second))]
        : null;
}
