namespace BrainModular.Engine.Fitting;

/// <summary>
/// How much of the recorded potential's variance a prediction explains, 1 - sum (V - Vdata)^2 / sum (Vdata - mean)^2, outside of the
/// neighbourhood of recorded spikes: from 5 ms before to 30 ms after each. Traces can be pooled.
/// </summary>
public sealed class ExplainedVariance
{
    private const double Before = 5;
    private const double After = 30;
    private double count;
    private double sum;
    private double squares;
    private double errors;

    /// <summary>The explained variance of all that was added; null where there is no variance.</summary>
    public double? Value
    {
        get
        {
            var variance = squares - (sum * sum / Math.Max(count, 1));
            return count > 1 && variance > 1e-12 * squares ? 1 - (errors / variance) : null;
        }
    }

    /// <summary>Which samples count: those not in the neighbourhood of a spike.</summary>
    public static bool[] Mask(int samples, ReadOnlySpan<int> spikes, double sampleInterval)
    {
        var counts = new bool[samples];
        Array.Fill(counts, true);
        foreach (var spike in spikes)
        {
            var first = Math.Max(0, spike - (int)Math.Round(Before / sampleInterval));
            var last = Math.Min(samples - 1, spike + (int)Math.Round(After / sampleInterval));
            Array.Fill(counts, false, first, Math.Max(0, last - first + 1));
        }

        return counts;
    }

    /// <summary>Adds a trace.</summary>
    /// <param name="predicted">The model's potential in mV.</param>
    /// <param name="recorded">The recorded potential in mV.</param>
    /// <param name="mask">Which samples count.</param>
    public void Add(ReadOnlySpan<double> predicted, ReadOnlySpan<double> recorded, ReadOnlySpan<bool> mask)
    {
        for (var i = 0; i < recorded.Length; i++)
        {
            if (mask[i])
            {
                var error = predicted[i] - recorded[i];
                count++;
                sum += recorded[i];
                squares += recorded[i] * recorded[i];
                errors += error * error;
            }
        }
    }
}
