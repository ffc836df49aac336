namespace BrainModular.Engine.Fitting;

/// <summary>
/// Finds action potentials in a recorded potential by their shape, so that recordings with an offset, or with spikes of small amplitude,
/// need no threshold set by hand.
/// </summary>
/// <remarks>
/// A spike rises at 10 mV/ms or more (over 0.2 ms), reaches a peak at least 15 mV above where that rise began within 3 ms, and falls from it
/// by at least half of that height within 10 ms; it is at least 0.2 ms wide at half height, which the artefacts of stimulus steps are not.
/// A step of the stimulus that shifts the potential through the electrode does not fall back, so it is none either. Nor is the charging of a membrane out of which a spike rises, higher by
/// 15 mV or more than what it reached within those 3 ms: the spike is found where it rises itself.
/// </remarks>
public static class SpikeDetector
{
    private const double RiseRate = 10;
    private const double RiseWindow = 0.2;
    private const double MinimumHeight = 15;
    private const double RiseTime = 3;
    private const double FallTime = 10;
    private const double MinimumWidth = 0.2;

    /// <summary>The samples at which spikes cross half of their height upwards.</summary>
    /// <param name="potential">The potential in mV.</param>
    /// <param name="sampleInterval">From one sample to the next, in ms.</param>
    public static int[] Detect(ReadOnlySpan<double> potential, double sampleInterval)
    {
        var spikes = new List<int>();
        var rise = Math.Max(1, (int)Math.Round(RiseWindow / sampleInterval));
        for (var onset = 0; onset + rise < potential.Length; onset++)
        {
            if (potential[onset + rise] - potential[onset] < RiseRate * rise * sampleInterval)
            {
                continue;
            }

            var window = potential.Slice(onset, Math.Min(potential.Length - onset, rise + (int)(RiseTime / sampleInterval)));
            var peak = onset + IndexOfMaximum(window);
            var half = (potential[onset] + potential[peak]) / 2;
            var up = onset;
            while (potential[up] < half)
            {
                up++;
            }

            var down = peak;
            var last = Math.Min(potential.Length - 1, peak + (int)(FallTime / sampleInterval));
            while (down < last && potential[down] > half && potential[down] < potential[peak] + MinimumHeight)
            {
                down++;
            }

            if (potential[peak] - potential[onset] >= MinimumHeight && potential[down] <= half && (down - up) * sampleInterval >= MinimumWidth)
            {
                spikes.Add(up);
                onset = down;
            }
        }

        return [.. spikes];
    }

    /// <summary>The samples at which the potential reaches a threshold from below: for recordings in which the current through the electrode is as steep as spikes.</summary>
    /// <param name="potential">The potential in mV.</param>
    /// <param name="threshold">The threshold in mV.</param>
    public static int[] Crossings(ReadOnlySpan<double> potential, double threshold)
    {
        var spikes = new List<int>();
        for (var i = 1; i < potential.Length; i++)
        {
            if (potential[i] >= threshold && potential[i - 1] < threshold)
            {
                spikes.Add(i);
            }
        }

        return [.. spikes];
    }

    /// <summary>The samples to which the potential falls from the one before: the first after a reset, in the traces of a model that draws no spikes.</summary>
    /// <param name="potential">The potential in mV.</param>
    /// <param name="fall">How far it falls at least, in mV.</param>
    public static int[] Resets(ReadOnlySpan<double> potential, double fall)
    {
        var spikes = new List<int>();
        for (var i = 1; i < potential.Length; i++)
        {
            if (potential[i - 1] - potential[i] >= fall)
            {
                spikes.Add(i);
            }
        }

        return [.. spikes];
    }

    private static int IndexOfMaximum(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
