namespace BrainModular.Engine.Statistics;

/// <summary>
/// How many samples of a correlated series count as one independent sample: tau = 1 + 2 sum over lags k of rho(k), with the sum cut at the smallest window M
/// that is at least 5 tau (Sokal 1997, 10.1007/978-1-4899-0319-8_6). Each of P parameters that were fitted to n samples takes from them about what one that varies slowly would: it lowers every
/// rho(k) by tau / n and the sum by 2 M tau / n, so that the sum is divided by 1 - 2 M P / n.
/// </summary>
public static class IntegratedAutocorrelation
{
    private const double WindowPerTime = 5;
    private const double SmallestShare = 0.25;

    /// <summary>
    /// The integrated autocorrelation time, in samples. Deviations are from 0, not from their mean: an offset that stays is a correlation that never ends. Where no window is
    /// long enough, the longest time that any gives; never below 1.
    /// </summary>
    /// <param name="series">Stretches whose sums over pairs are pooled; samples that do not count are 0.</param>
    /// <param name="fitted">How many parameters were fitted to them, P.</param>
    /// <returns>The time, or 1 where all is 0.</returns>
    public static double Time(IEnumerable<double[]> series, int fitted = 0)
    {
        var (sums, samples) = (Array.Empty<double>(), 0);
        foreach (var stretch in series.Where(static s => s.Length > 0))
        {
            var own = FourierTransform.Autocorrelation(stretch);
            samples += stretch.Count(static x => x != 0);
            if (own.Length > sums.Length)
            {
                Array.Resize(ref sums, own.Length);
            }

            for (var lag = 0; lag < own.Length; lag++)
            {
                sums[lag] += own[lag];
            }
        }

        if (sums.Length == 0 || sums[0] <= 0)
        {
            return 1;
        }

        var (time, longest) = (1.0, 1.0);
        for (var lag = 1; lag < sums.Length; lag++)
        {
            time += 2 * sums[lag] / sums[0];
            longest = Math.Max(longest, time);
            if (lag >= WindowPerTime * time)
            {
                return Math.Max(1, time / Math.Max(SmallestShare, 1 - (2.0 * lag * fitted / samples)));
            }
        }

        return longest;
    }
}
