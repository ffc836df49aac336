namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>What a spike train is like by itself.</summary>
/// <param name="Count">How many spikes it has.</param>
/// <param name="Rate">Spikes per second.</param>
/// <param name="IntervalVariation">The coefficient of variation of the intervals between spikes; null where there are fewer than two.</param>
/// <param name="Latency">From the stimulus's onset to the first spike after it, in ms; null where there is none.</param>
public sealed record SpikeStatistics(int Count, double Rate, double? IntervalVariation, double? Latency)
{
    /// <param name="spikes">The steps of spikes, in ascending order.</param>
    /// <param name="sweep">The sweep, whose compared part the spikes are of.</param>
    public static SpikeStatistics Of(IReadOnlyList<int> spikes, PreparedSweep sweep)
    {
        double[] intervals = [.. spikes.Skip(1).Zip(spikes, (b, a) => (b - a) * sweep.TimeStep)];
        var mean = intervals.Length > 0 ? intervals.Average() : 0;
        var onset = Stimulus(sweep).First;
        var first = spikes.Where(s => s >= onset).Select(static s => (int?)s).FirstOrDefault();
        return new(
            spikes.Count,
            1000 * spikes.Count / sweep.ComparedDuration,
            intervals.Length > 1 ? Math.Sqrt(intervals.Average(i => (i - mean) * (i - mean))) / mean : null,
            first is { } step ? (step - onset) * sweep.TimeStep : null);
    }

    /// <summary>
    /// The first and the last compared step at which the current is more than half as far from its first value as it ever is; all compared steps where it never changes.
    /// </summary>
    public static (int First, int Last) Stimulus(PreparedSweep sweep)
    {
        var current = sweep.Current.AsSpan(sweep.First);
        var farthest = 0.0;
        foreach (var i in current)
        {
            farthest = Math.Max(farthest, Math.Abs(i - current[0]));
        }

        var (first, last) = (-1, current.Length - 1);
        for (var t = 0; t < current.Length; t++)
        {
            if (Math.Abs(current[t] - current[0]) > farthest / 2)
            {
                (first, last) = (first < 0 ? t : first, t);
            }
        }

        return (sweep.First + Math.Max(first, 0), sweep.First + last);
    }
}
