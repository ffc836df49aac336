namespace BrainModular.Engine.Fitting;

/// <summary>
/// How much of the recorded potential's variance a prediction explains, 1 - sum (V - Vdata)^2 / sum (Vdata - mean)^2, outside of the
/// neighbourhood of recorded spikes: from 5 ms before to 30 ms after each (<see cref="SpikeWindow.Subthreshold"/>). Traces can be pooled.
/// </summary>
public sealed class ExplainedVariance
{
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
