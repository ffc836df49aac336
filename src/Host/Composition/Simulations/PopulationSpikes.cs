using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>What the spikes of a population are like, after the time that is left out.</summary>
/// <param name="Rate">The mean rate of its units in Hz.</param>
/// <param name="IntervalVariation">
/// The coefficient of variation of the intervals between a unit's spikes, their standard deviation over their mean, averaged over the units with at least three intervals in a trial, and then over trials; null where there are none.
/// </param>
/// <param name="Correlation">
/// The correlation coefficient of the numbers of spikes of two units in bins of 2 ms, averaged over all pairs of the first 200 units that spike at all in a trial, and then over trials; null where there are not two.
/// </param>
internal sealed record PopulationSpikes(double Rate, double? IntervalVariation, double? Correlation)
{
    private const double CountBin = 2;
    private const int MostCompared = 200;
    private const int FewestIntervals = 3;

    /// <param name="spikes">The spikes of all trials, in the order of time in each trial.</param>
    /// <param name="units">How many units the population has.</param>
    /// <param name="simulation">The simulation.</param>
    public static PopulationSpikes Of(IEnumerable<StoredSpike> spikes, int units, ComposedSimulation simulation)
    {
        List<double> variations = [], correlations = [];
        var count = 0L;
        foreach (var trial in spikes.Where(s => s.Step >= simulation.FirstCounted).GroupBy(static s => s.Trial))
        {
            var trains = trial.GroupBy(static s => s.Unit).OrderBy(static u => u.Key).Select(static u => u.Select(static s => s.Step).Order().ToArray()).ToList();
            count += trains.Sum(static t => t.Length);
            if (trains.Where(static t => t.Length > FewestIntervals).Select(Variation).ToList() is { Count: > 0 } variation)
            {
                variations.Add(variation.Average());
            }

            if (Correlated([.. trains.Take(MostCompared)], simulation) is { } correlation)
            {
                correlations.Add(correlation);
            }
        }

        var seconds = (simulation.Steps - simulation.FirstCounted) * simulation.TimeStep / 1000 * simulation.Config.Trials;
        return new(count / (units * seconds), variations.Count > 0 ? variations.Average() : null, correlations.Count > 0 ? correlations.Average() : null);
    }

    private static double Variation(int[] train)
    {
        double[] intervals = [.. train.Skip(1).Zip(train, static (b, a) => (double)(b - a))];
        var mean = intervals.Average();
        return Math.Sqrt(intervals.Average(i => (i - mean) * (i - mean))) / mean;
    }

    /// <summary>With z_i the standardised counts of unit i, the sum over pairs of z_i z_j is that of all products less that of the squares.</summary>
    private static double? Correlated(IReadOnlyList<int[]> trains, ComposedSimulation simulation)
    {
        var perBin = Math.Max(1, (int)Math.Round(CountBin / simulation.TimeStep));
        var bins = (simulation.Steps - simulation.FirstCounted) / perBin;
        var sum = new double[bins];
        var compared = 0;
        foreach (var train in trains)
        {
            var counts = new double[bins];
            foreach (var step in train)
            {
                var bin = (step - simulation.FirstCounted) / perBin;
                if (bin < bins)
                {
                    counts[bin]++;
                }
            }

            var mean = bins > 0 ? counts.Average() : 0;
            var variance = bins > 0 ? counts.Average(c => (c - mean) * (c - mean)) : 0;
            if (variance == 0)
            {
                continue;
            }

            compared++;
            for (var bin = 0; bin < bins; bin++)
            {
                sum[bin] += (counts[bin] - mean) / Math.Sqrt(variance);
            }
        }

        return compared > 1 ? (sum.Average(static z => z * z) - compared) / (compared * (compared - 1.0)) : null;
    }
}
