namespace BrainModular.Engine.Features;

/// <summary>The potential apart from spikes: rest, deflection by the stimulus, sag, resistance.</summary>
internal static class SubthresholdFeatures
{
    private const double BaseFrom = 0.9;
    private const double SteadyPart = 0.1;
    private const double Rounding = 1e-10;
    private const int HyperSamples = 30;
    private const int HyperMargin = 5;
    private const int DeflectionSamples = 5;

    public static readonly Feature[] All =
    [
        new("time", "ms", "The times of the grid.", static s => s.T),
        new("voltage", "mV", "The potential on the grid.", static s => s.V),
        new("current", "nA", "The stimulus on the grid.", static s => s.Trace.Current),
        new("voltage_base", "mV", "The mean potential in the last tenth of the time before the stimulus.", static s => Base(s, s.V)),
        new("current_base", "nA", "The mean current in the last tenth of the time before the stimulus.", static s => Base(s, s.Trace.Current)),
        new("steady_state_voltage_stimend", "mV", "The mean potential in the last tenth of the stimulus.", static s => Steady(s, s.V)),
        new("steady_state_current_stimend", "nA", "The mean current in the last tenth of the stimulus.", static s => Steady(s, s.Trace.Current)),
        new("steady_state_voltage", "mV", "The mean potential after the stimulus.", static s => MeanWhere(s, t => t > s.Trace.End)),
        new("steady_state_hyper", "mV", "The mean potential of 30 samples, 5 before the stimulus's end.", static s => s.Trace.EndIndex - HyperMargin - HyperSamples is >= 0 and var first ? [Series.Mean(s.V, first, first + HyperSamples)] : null),
        new("voltage_after_stim", "mV", "The mean potential from a quarter to three quarters of the time after the stimulus.", AfterStimulus),
        new("maximum_voltage", "mV", "The largest potential during the stimulus.", static s => DuringStimulus(s) is { } v ? [v.Max()] : null),
        new("minimum_voltage", "mV", "The smallest potential during the stimulus.", static s => DuringStimulus(s) is { } v ? [v.Min()] : null),
        new("maximum_voltage_from_voltagebase", "mV", "maximum_voltage less voltage_base.", static s => Less(s, "maximum_voltage", "voltage_base")),
        new("voltage_deflection", "mV", "The mean potential of 5 samples, 5 before the stimulus's end, less the mean before the stimulus.", Deflection),
        new("voltage_deflection_begin", "mV", "The mean potential from 5 to 15 % of the stimulus less the mean before the stimulus.", DeflectionAtStart),
        new("voltage_deflection_vb_ssse", "mV", "steady_state_voltage_stimend less voltage_base.", static s => Less(s, "steady_state_voltage_stimend", "voltage_base")),
        new("ohmic_input_resistance", "MOhm", "voltage_deflection divided by the stimulus's amplitude.", static s => PerCurrent(s, "voltage_deflection")),
        new("ohmic_input_resistance_vb_ssse", "MOhm", "voltage_deflection_vb_ssse divided by the stimulus's amplitude.", static s => PerCurrent(s, "voltage_deflection_vb_ssse")),
        new("sag_amplitude", "mV", "steady_state_voltage_stimend less minimum_voltage, where the stimulus hyperpolarises.", static s => s["voltage_deflection_vb_ssse"] is { } d && d[0] <= 0 ? Less(s, "steady_state_voltage_stimend", "minimum_voltage") : null),
        new("sag_ratio1", "1", "sag_amplitude divided by the largest deflection from voltage_base.", static s => Ratio(s["sag_amplitude"], Less(s, "voltage_base", "minimum_voltage"))),
        new("sag_ratio2", "1", "The deflection from voltage_base at the stimulus's end divided by the largest.", static s => Ratio(Less(s, "voltage_base", "steady_state_voltage_stimend"), Less(s, "voltage_base", "minimum_voltage"))),
    ];

    private static double[]? Base(FeatureSet s, double[]? values)
    {
        var (first, end) = (s.Trace.IndexAt(BaseFrom * s.Trace.Start), s.Trace.IndexAt(s.Trace.Start + Rounding));
        return values is { } && s.Trace.Start > 0 && first < end ? [Series.Mean(values, first, end)] : null;
    }

    private static double[]? Steady(FeatureSet s, double[]? values)
    {
        var first = s.Trace.IndexAt(s.Trace.End - (SteadyPart * (s.Trace.End - s.Trace.Start)));
        return values is { } && first < s.Trace.EndIndex ? [Series.Mean(values, first, s.Trace.EndIndex)] : null;
    }

    private static double[]? AfterStimulus(FeatureSet s)
    {
        var rest = s.T[^1] - s.Trace.End;
        return MeanWhere(s, t => t >= s.Trace.End + (0.25 * rest) && t <= s.Trace.End + (0.75 * rest));
    }

    private static double[]? DuringStimulus(FeatureSet s)
    {
        var end = Math.Min(s.Trace.EndIndex, s.Trace.Count - 1);
        return s.Trace.StartIndex < end ? s.V[s.Trace.StartIndex..end] : null;
    }

    private static double[]? Deflection(FeatureSet s)
    {
        var end = s.Trace.IndexAt(Math.BitIncrement(s.Trace.End));
        return end >= 2 * DeflectionSamples && end < s.Trace.Count && MeanWhere(s, t => t < s.Trace.Start) is { } rest
            ? [Series.Mean(s.V, end - (2 * DeflectionSamples), end - DeflectionSamples) - rest[0]]
            : null;
    }

    private static double[]? DeflectionAtStart(FeatureSet s)
    {
        var lasting = s.Trace.End - s.Trace.Start;
        return MeanWhere(s, t => t > s.Trace.Start + (0.05 * lasting) && t <= s.Trace.Start + (0.15 * lasting)) is { } v && MeanWhere(s, t => t < s.Trace.Start) is { } rest
            ? [v[0] - rest[0]]
            : null;
    }

    private static double[]? MeanWhere(FeatureSet s, Func<double, bool> when)
    {
        double[] values = [.. s.V.Where((_, i) => when(s.T[i]))];
        return values.Length > 0 ? [values.Average()] : null;
    }

    private static double[]? PerCurrent(FeatureSet s, string name) => s[name] is { } v && s.Trace.Amplitude is { } current ? [v[0] / current] : null;

    private static double[]? Less(FeatureSet s, string a, string b) => s[a] is { } x && s[b] is { } y ? [x[0] - y[0]] : null;

    private static double[]? Ratio(double[]? a, double[]? b) => a is { } && b is { } ? [a[0] / b[0]] : null;
}
