namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>What a spike train is like by itself.</summary>
/// <param name="Count">How many spikes it has.</param>
/// <param name="Rate">Spikes per second.</param>
/// <param name="IntervalVariation">The coefficient of variation of the intervals between spikes; null where there are fewer than two.</param>
/// <param name="Latency">From the stimulus's onset to the first spike after it, in ms; null where there is none.</param>
public sealed record SpikeStatistics(int Count, double Rate, double? IntervalVariation, double? Latency)
{
    private const double Lasting = 2;

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
    /// The first and the last compared step at which the current is more than half as far from its first value as it ever is for 2 ms together, which transients of spikes in a measured current are not;
    /// of shorter pulses, as it ever is. All compared steps where it never changes.
    /// </summary>
    public static (int First, int Last) Stimulus(PreparedSweep sweep)
    {
        double[] distance = [.. sweep.Current.Skip(sweep.First).Select(i => Math.Abs(i - sweep.Current[sweep.First]))];
        var window = Math.Clamp((int)Math.Round(Lasting / sweep.TimeStep), 1, distance.Length);
        var farthest = Sustained(distance, window) is > 0 and var sustained ? sustained : distance.Max();
        var (first, last) = (Array.FindIndex(distance, d => d > farthest / 2), Array.FindLastIndex(distance, d => d > farthest / 2));
        return first < 0 ? (sweep.First, sweep.Steps - 1) : (sweep.First + first, sweep.First + last);
    }

    /// <summary>The largest value that no sample of some window falls below.</summary>
    private static double Sustained(double[] values, int window)
    {
        var most = 0.0;
        for (var t = 0; t + window <= values.Length; t++)
        {
            var least = double.PositiveInfinity;
            for (var k = 0; k < window && least > most; k++)
            {
                least = Math.Min(least, values[t + k]);
            }

            most = Math.Max(most, least);
        }

        return most;
    }
}
