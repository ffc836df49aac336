namespace BrainModular.Engine.Features;

/// <summary>A membrane potential with its stimulus, on a grid of 0.1 ms: what features are taken from.</summary>
public sealed record FeatureTrace
{
    /// <summary>The grid's spacing in ms, to which traces are interpolated as eFEL does.</summary>
    public const double Step = 0.1;

    private const double ResetPeak = 1000;

    private FeatureTrace(double[] time, double[] potential, double[]? current, double start, double end)
    {
        (Time, Potential, Current, Start, End) = (time, potential, current, start, end);
        StartIndex = IndexAt(start);
        EndIndex = IndexAt(end);
    }

    /// <summary>In ms.</summary>
    public double[] Time { get; }

    /// <summary>In mV.</summary>
    public double[] Potential { get; private init; }

    /// <summary>The injected current in nA; null where it is not known.</summary>
    public double[]? Current { get; }

    /// <summary>When the stimulus begins, in ms.</summary>
    public double Start { get; }

    /// <summary>When the stimulus ends, in ms.</summary>
    public double End { get; }

    /// <summary>The stimulus's amplitude in nA, for input resistances; null where it is not known.</summary>
    public double? Amplitude { get; init; }

    /// <summary>The first sample at or after <see cref="Start"/>; the number of samples where there is none.</summary>
    public int StartIndex { get; }

    /// <summary>The first sample at or after <see cref="End"/>; the number of samples where there is none.</summary>
    public int EndIndex { get; }

    public int Count => Time.Length;

    /// <summary>Whether peaks were set where a model resets: its spikes have times, and no shape.</summary>
    public bool HasResets { get; private init; }

    /// <summary>The samples that are peaks of spikes, where these are told by other means than a threshold, and their time above it is no feature; null: those between its crossings.</summary>
    public IReadOnlyList<int>? Peaks { get; private init; }

    /// <summary>The same trace with peaks of spikes that were told by other means than a threshold.</summary>
    /// <param name="times">When, in ms, ascending.</param>
    public FeatureTrace WithPeaks(IEnumerable<double> times) => this with { Peaks = [.. times.Select(Nearest).Distinct()] };

    /// <summary>The same trace with a peak at each time at which a model without spikes of its own was reset.</summary>
    /// <param name="times">When, in ms.</param>
    public FeatureTrace WithResets(IEnumerable<double> times)
    {
        var potential = Potential.ToArray();
        foreach (var time in times)
        {
            potential[Nearest(time)] = ResetPeak;
        }

        return this with { Potential = potential, HasResets = true };
    }

    /// <param name="time">When samples were taken, in ms, ascending; at least three.</param>
    /// <param name="potential">In mV, one for each.</param>
    /// <param name="current">In nA, one for each; null where it is not known.</param>
    /// <param name="start">When the stimulus begins, in ms.</param>
    /// <param name="end">When the stimulus ends, in ms.</param>
    public static FeatureTrace Of(double[] time, double[] potential, double[]? current, double start, double end)
    {
        var count = (int)Math.Ceiling((time[^1] - time[0]) / Step) + 1;

        // Summed as eFEL sums it: which of a digitised potential's equal samples is the lowest hangs on this rounding.
        var grid = new double[count];
        grid[0] = time[0];
        for (var i = 1; i < count; i++)
        {
            grid[i] = grid[i - 1] + Step;
        }

        return new(grid, Interpolated(time, potential, grid), current is null ? null : Interpolated(time, current, grid), start, end);
    }

    /// <param name="potential">In mV, the first sample at time 0; at least three.</param>
    /// <param name="current">In nA, one for each; null where it is not known.</param>
    /// <param name="interval">The time between samples, in ms.</param>
    /// <param name="start">When the stimulus begins, in ms.</param>
    /// <param name="end">When the stimulus ends, in ms.</param>
    public static FeatureTrace Of(double[] potential, double[]? current, double interval, double start, double end) =>
        Of([.. Enumerable.Range(0, potential.Length).Select(i => i * interval)], potential, current, start, end);

    /// <summary>The first sample at or after a time in ms; the number of samples where there is none.</summary>
    public int IndexAt(double time)
    {
        var index = Array.BinarySearch(Time, time);
        return index < 0 ? ~index : index;
    }

    private int Nearest(double time) => Math.Clamp((int)Math.Round((time - Time[0]) / Step), 0, Count - 1);

    private static double[] Interpolated(double[] time, double[] values, double[] grid)
    {
        var on = new double[grid.Length];
        for (int i = 0, j = 0; i < grid.Length; i++)
        {
            while (j + 2 < time.Length && time[j + 1] < grid[i])
            {
                j++;
            }

            on[i] = grid[i] > time[^1] ? values[^1] : values[j] + ((values[j + 1] - values[j]) / (time[j + 1] - time[j]) * (grid[i] - time[j]));
        }

        return on;
    }
}
