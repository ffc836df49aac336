namespace BrainModular.Engine.Fitting;

/// <summary>The neighbourhood of recorded spikes.</summary>
/// <param name="Before">How long before each it begins, in ms.</param>
/// <param name="After">How long after each it ends, in ms.</param>
public sealed record SpikeWindow(double Before, double After)
{
    /// <summary>What is left out of the explained variance: from 5 ms before to 30 ms after.</summary>
    public static readonly SpikeWindow Subthreshold = new(5, 30);

    /// <summary>Which samples lie outside.</summary>
    /// <param name="samples">How many there are.</param>
    /// <param name="spikes">The samples at which spikes begin.</param>
    /// <param name="sampleInterval">From one sample to the next, in ms.</param>
    public bool[] Outside(int samples, ReadOnlySpan<int> spikes, double sampleInterval)
    {
        var outside = new bool[samples];
        Array.Fill(outside, true);
        foreach (var spike in spikes)
        {
            var first = Math.Max(0, spike - (int)Math.Round(Before / sampleInterval));
            var last = Math.Min(samples - 1, spike + (int)Math.Round(After / sampleInterval));
            Array.Fill(outside, false, first, Math.Max(0, last - first + 1));
        }

        return outside;
    }
}
