namespace BrainModular.Engine.Fitting;

/// <summary>
/// Takes recorded spikes out of a measured current. While a cell fires, its potential drives current through the electrode's capacitance and the amplifier,
/// which a monitor of the current shows beside the stimulus. A model that is given such a current is told when the cell fired.
/// </summary>
/// <remarks>Within the window of each spike the current is the straight line between its medians over 1 ms before and after the window; windows without a sample between them are one.</remarks>
public static class SpikeArtefacts
{
    private const double Beside = 1;

    /// <param name="sweep">The sweep.</param>
    /// <param name="window">Where around each of its spikes the current is replaced.</param>
    /// <returns>The sweep with the current that would have been injected without spikes; itself where the windows leave nothing of it.</returns>
    public static PreparedSweep Remove(PreparedSweep sweep, SpikeWindow window)
    {
        var outside = window.Outside(sweep.Steps, sweep.Spikes, sweep.TimeStep);
        var (current, length) = (sweep.Current.ToArray(), Math.Max(1, (int)Math.Round(Beside / sweep.TimeStep)));
        for (var first = Array.IndexOf(outside, false); first >= 0; first = Array.IndexOf(outside, false, first))
        {
            var end = Array.IndexOf(outside, true, first) is >= 0 and var next ? next : sweep.Steps;
            var before = Level(sweep.Current, outside, Math.Max(0, first - length), first);
            var after = Level(sweep.Current, outside, end, Math.Min(sweep.Steps, end + length));
            for (var i = first; i < end; i++)
            {
                var part = (double)(i - first + 1) / (end - first + 1);
                current[i] = ((before ?? after ?? current[i]) * (1 - part)) + ((after ?? before ?? current[i]) * part);
            }

            if (end == sweep.Steps)
            {
                break;
            }

            first = end;
        }

        return sweep with { Current = current };
    }

    /// <summary>The median of the current where no spike is near; null where one is everywhere.</summary>
    private static double? Level(double[] current, bool[] outside, int first, int end)
    {
        double[] values = [.. Enumerable.Range(first, end - first).Where(i => outside[i]).Select(i => current[i]).Order()];
        return values.Length > 0 ? values[values.Length / 2] : null;
    }
}
