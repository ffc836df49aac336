namespace BrainModular.Engine.Features;

/// <summary>How fast the potential, or a current in voltage clamp that stands for it, follows the stimulus: exponentials fitted to its parts.</summary>
internal static class TimeConstantFeatures
{
    private const double FlatSlope = 5e-3;
    private const int SkippedAtStart = 10;
    private const int SteepSamples = 5;
    private const double FlatTime = 70;
    private const int FewestSamples = 10;
    private const double LongestAsymptote = 1000;
    private const double Accuracy = 0.01;
    private const double DecayFrom = 1;
    private const double DecayTo = 10;
    private const int SkippedAtEnd = 10;

    public static readonly Feature[] All =
    [
        new("time_constant", "ms", "Of an exponential to the fall after a hyperpolarising stimulus's start, as long as dV/dt is below -0.005 mV/ms.", Membrane),
        new("decay_time_constant_after_stim", "ms", "Of an exponential to the difference from the potential at the stimulus's start, from 1 to 10 ms after its end.", AfterStimulus),
        new("multiple_decay_time_constant_after_stim", "ms", "decay_time_constant_after_stim of each step of the stimulus; of one, where there is one.", AfterStimulus),
        new("sag_time_constant", "ms", "Of an exponential to the rise from the smallest potential to 90 % of the sag.", Sag),
        new("activation_time_constant", "ms", "Of A - B exp(-t / tau), B >= 0, from the stimulus's start to the maximum.", static s => Exponential(s, s.Trace.StartIndex, Maximum(s) + 1, growing: true)),
        new("deactivation_time_constant", "ms", "Of A + B exp(-t / tau), B >= 0, from the stimulus's start to its end.", static s => Exponential(s, s.Trace.StartIndex, s.Trace.EndIndex, growing: false)),
        new("inactivation_time_constant", "ms", "Of A + B exp(-t / tau), B >= 0, from the maximum to 10 samples before the stimulus's end.", static s => Exponential(s, Maximum(s, SkippedAtEnd), s.Trace.EndIndex - SkippedAtEnd, growing: false)),
    ];

    private static int Maximum(FeatureSet s, int skipped = 0) => s.Trace.StartIndex < s.Trace.EndIndex - skipped ? Series.Highest(s.V, s.Trace.StartIndex, s.Trace.EndIndex - skipped) : s.Trace.Count;

    private static double[]? Membrane(FeatureSet s)
    {
        var (first, end) = (s.Trace.StartIndex + SkippedAtStart, s.Trace.IndexAt((s.Trace.Start + s.Trace.End) / 2));
        if (end >= s.Trace.Count || end - first < SteepSamples)
        {
            return null;
        }

        var slope = Series.Ratio(Series.FivePoint(s.V[first..end]), Series.FivePoint(s.T[first..end]));
        var start = 0;
        while (slope.AsSpan(start, SteepSamples).ContainsAnyInRange(Math.BitIncrement(-FlatSlope), double.PositiveInfinity))
        {
            if (++start + SteepSamples > slope.Length)
            {
                return null;
            }
        }

        var flat = start;
        while (s.T[first + flat] < s.T[end] - FlatTime && !IsFlat(s, slope, first, flat))
        {
            flat++;
        }

        return flat - start < FewestSamples ? null : Decay(s.T[(first + start)..(first + flat)], s.V[(first + start)..(first + flat)]);
    }

    private static bool IsFlat(FeatureSet s, double[] slope, int first, int at)
    {
        var end = at;
        while (end < slope.Length && s.T[first + end] - s.T[first + at] < FlatTime)
        {
            end++;
        }

        return slope[at] > -FlatSlope && Series.Mean(slope, at, end) > -FlatSlope;
    }

    /// <summary>An exponential that ends below the last sample by an offset, which is searched by golden sections.</summary>
    private static double[]? Decay(double[] time, double[] values)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        (double Slope, double Residual) At(double offset) => Series.Line(time, [.. values.Select(v => Math.Log(v - values[^1] + offset))]);
        var (low, high) = (0.0, FlatSlope * LongestAsymptote);
        var (a, b) = (high - (golden * high), golden * high);
        var (fa, fb) = (At(a), At(b));
        while (high - low > Accuracy)
        {
            if (fa.Residual < fb.Residual)
            {
                (high, b, fb) = (b, a, fa);
                a = high - (golden * (high - low));
                fa = At(a);
            }
            else
            {
                (low, a, fa) = (a, b, fb);
                b = low + (golden * (high - low));
                fb = At(b);
            }
        }

        return [-1 / (fa.Residual < fb.Residual ? fa : fb).Slope];
    }

    private static double[]? AfterStimulus(FeatureSet s)
    {
        var (first, end) = (s.Trace.IndexAt(s.Trace.End + DecayFrom), s.Trace.IndexAt(s.Trace.End + DecayTo));
        return s.Trace.StartIndex < s.Trace.Count && end - first > 1 ? Logarithmic(s, first, end, s.V[s.Trace.StartIndex]) : null;
    }

    private static double[]? Sag(FeatureSet s)
    {
        if (s["minimum_voltage"] is not { } minimum || s["steady_state_voltage_stimend"] is not { } steady || s["sag_amplitude"] is not { } sag)
        {
            return null;
        }

        var first = Series.FirstWhere(s.V, 0, s.V.Length, v => v <= minimum[0]);
        var end = Series.FirstWhere(s.V, first, s.V.Length, v => v >= steady[0] - (0.1 * sag[0]));
        return end < s.V.Length && end - first >= FewestSamples ? Logarithmic(s, first, end, s.V[end]) : null;
    }

    private static double[]? Logarithmic(FeatureSet s, int first, int end, double reference) =>
        [Math.Abs(1 / Series.Line(s.T[first..end], [.. s.V[first..end].Select(v => Math.Log(Math.Abs(v - reference)))]).Slope)];

    private static double[]? Exponential(FeatureSet s, int first, int end, bool growing) => end - first > 2 && end <= s.Trace.Count
        ? ExponentialFit.TimeConstant(s.T[first..end], s.V[first..end], growing) is { } tau ? [tau] : null
        : null;
}
