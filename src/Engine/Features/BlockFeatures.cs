namespace BrainModular.Engine.Features;

/// <summary>Whether a cell stays depolarised or hyperpolarised instead of firing; and at which frequency it answers most.</summary>
internal static class BlockFeatures
{
    private const double Longest = 50;
    private const double Hyperpolarised = -75;
    private const double HighestFrequency = 50;
    private const int SmoothingWidth = 10;

    public static readonly Feature[] All =
    [
        new("depol_block", "1", "1 where the potential stays above that at which spikes begin for 50 ms at most, and below -75 mV for 50 ms at most during the stimulus; or where no spike has a beginning.", static s => IsFree(s) ? [1] : null),
        new("depol_block_bool", "1", "1 where depol_block is missing, else 0.", static s => [IsFree(s) ? 0 : 1]),
        new("impedance", "Hz", "The frequency up to 50 Hz at which the impedance, smoothed over 10 frequencies, is largest; where the cell does not fire.", Impedance),
    ];

    private static bool IsFree(FeatureSet s)
    {
        if (s["AP_begin_voltage"] is not { } begins)
        {
            return true;
        }

        var (ups, downs) = Crossings(s, begins.Average());
        if (ups.Count == 0 || Stays(s, ups, downs))
        {
            return false;
        }

        var (rises, falls) = Crossings(s, Hyperpolarised);
        List<int> within = [.. falls.Where(i => i > s.Trace.StartIndex && i < s.Trace.EndIndex)];
        return within.Count == 0 || !Stays(s, within, [.. rises.Where(i => i > within[0] && i < s.Trace.EndIndex)]);
    }

    /// <summary>The samples before upward and downward crossings of a potential.</summary>
    private static (List<int> Ups, List<int> Downs) Crossings(FeatureSet s, double potential)
    {
        var (ups, downs) = (new List<int>(), new List<int>());
        for (var i = 0; i + 1 < s.V.Length; i++)
        {
            if (s.V[i] > potential != s.V[i + 1] > potential)
            {
                (s.V[i] > potential ? downs : ups).Add(i);
            }
        }

        return (ups, downs);
    }

    /// <summary>Whether it is too long from one of the first crossings to that of the others with the same number, the stimulus's end where there is none.</summary>
    private static bool Stays(FeatureSet s, List<int> from, List<int> to) =>
        from.Where((i, n) => s.T[n < to.Count ? to[n] : Math.Min(s.Trace.EndIndex, s.Trace.Count - 1)] - s.T[i] > Longest).Any();

    private static double[]? Impedance(FeatureSet s)
    {
        if (s.Trace.Current is not { } current || s["peak_indices"] is not null
            || (s["voltage_base"] ?? s["steady_state_voltage_stimend"]) is not { } rest || (s["current_base"] ?? s["steady_state_current_stimend"]) is not { } holding)
        {
            return null;
        }

        var spacing = 1000 / (s.Trace.Count * FeatureTrace.Step);
        double[] magnitudes = [.. Enumerable.Range(1, (int)(HighestFrequency / spacing))
            .Select(k => Amplitude(s.V, rest[0], k) / Amplitude(current, holding[0], k))];
        return magnitudes.Length > 0 ? [spacing * (1 + Series.Highest(Smoothed(magnitudes), 0, magnitudes.Length))] : null;
    }

    private static double Amplitude(double[] values, double less, int cycles)
    {
        var (re, im) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * ((long)cycles * i % values.Length) / values.Length);
            re += (values[i] - less) * cos;
            im += (values[i] - less) * sin;
        }

        return Math.Sqrt((re * re) + (im * im));
    }

    /// <summary>Weighted by a Gaussian as far as four times its width; beyond their ends values are those mirrored there.</summary>
    private static double[] Smoothed(double[] values)
    {
        const int reach = 4 * SmoothingWidth;
        double Mirrored(int i)
        {
            var at = ((i % (2 * values.Length)) + (2 * values.Length)) % (2 * values.Length);
            return values[at < values.Length ? at : (2 * values.Length) - 1 - at];
        }

        double[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(static d => Math.Exp(-0.5 * d * d / (SmoothingWidth * SmoothingWidth)))];
        return [.. values.Select((_, i) => weights.Select((w, d) => w * Mirrored(i + d - reach)).Sum() / weights.Sum())];
    }
}
