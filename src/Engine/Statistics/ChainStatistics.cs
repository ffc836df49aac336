namespace BrainModular.Engine.Statistics;

/// <summary>
/// Whether chains of a sampler agree, and how many independent draws theirs are worth (Vehtari et al. 2021, 10.1214/20-BA1221). Every chain is cut in halves first, so that one that drifts disagrees with itself.
/// </summary>
public static class ChainStatistics
{
    /// <summary>Rank-normalised R-hat: the larger of that of places and that of distances from the median; 1 where chains agree, and below 1.01 where they are to be trusted.</summary>
    /// <param name="chains">[chain][draw], of one quantity; equally long, at least 4 draws each.</param>
    public static double RHat(IReadOnlyList<double[]> chains)
    {
        var halves = Halves(chains);
        var median = Quantile(halves, 0.5);
        return Math.Max(Plain(Ranked(halves)), Plain(Ranked([.. halves.Select(c => c.Select(x => Math.Abs(x - median)).ToArray())])));
    }

    /// <summary>How many independent draws tell as much of the middle of the distribution.</summary>
    /// <param name="chains">[chain][draw].</param>
    public static double BulkSize(IReadOnlyList<double[]> chains) => Size(Ranked(Halves(chains)));

    /// <summary>How many tell as much of its 5 % and 95 % quantiles.</summary>
    /// <param name="chains">[chain][draw].</param>
    public static double TailSize(IReadOnlyList<double[]> chains)
    {
        var halves = Halves(chains);
        double Of(double p)
        {
            var quantile = Quantile(halves, p);
            return Size([.. halves.Select(c => c.Select(x => x <= quantile ? 1.0 : 0).ToArray())]);
        }

        return Math.Min(Of(0.05), Of(0.95));
    }

    /// <summary>The value that a share of all draws does not exceed, interpolated.</summary>
    /// <param name="chains">[chain][draw].</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Quantile(IReadOnlyList<double[]> chains, double share)
    {
        var sorted = chains.SelectMany(static c => c).Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }

    private static IReadOnlyList<double[]> Halves(IReadOnlyList<double[]> chains) => [.. chains.SelectMany(static c => new[] { c[..(c.Length / 2)], c[^(c.Length / 2)..] })];

    /// <summary>Draws by the normal quantiles of their ranks, those that are equal by their mean rank.</summary>
    private static IReadOnlyList<double[]> Ranked(IReadOnlyList<double[]> chains)
    {
        var all = chains.SelectMany(static c => c).ToArray();
        var order = Enumerable.Range(0, all.Length).ToArray();
        Array.Sort(all.ToArray(), order);
        var ranked = new double[all.Length];
        for (var first = 0; first < order.Length;)
        {
            var end = first + 1;
            while (end < order.Length && all[order[end]] == all[order[first]])
            {
                end++;
            }

            var rank = (first + end + 1) / 2.0;
            var normal = NormalDistribution.Quantile((rank - 0.375) / (all.Length + 0.25));
            for (; first < end; first++)
            {
                ranked[order[first]] = normal;
            }
        }

        var length = chains[0].Length;
        return [.. Enumerable.Range(0, chains.Count).Select(c => ranked[(c * length)..((c + 1) * length)])];
    }

    private static double Plain(IReadOnlyList<double[]> chains)
    {
        var (within, pooled) = Variances(chains);
        return within > 0 ? Math.Sqrt(pooled / within) : 1;
    }

    /// <summary>The mean variance within chains, and the variance that they have together.</summary>
    private static (double Within, double Pooled) Variances(IReadOnlyList<double[]> chains)
    {
        var n = chains[0].Length;
        double[] means = [.. chains.Select(static c => c.Average())];
        var within = chains.Select((c, i) => c.Sum(x => (x - means[i]) * (x - means[i])) / (n - 1)).Average();
        var mean = means.Average();
        var between = means.Sum(m => (m - mean) * (m - mean)) / Math.Max(1, chains.Count - 1);
        return (within, ((n - 1.0) / n * within) + between);
    }

    /// <summary>Draws over the autocorrelation time, whose sum over lags ends where pairs of neighbours are no longer positive and is made to fall (Geyer 1992, 10.1214/ss/1177011137).</summary>
    private static double Size(IReadOnlyList<double[]> chains)
    {
        var (n, total) = (chains[0].Length, chains.Count * chains[0].Length);
        var (within, pooled) = Variances(chains);
        if (!(pooled > 0))
        {
            return total;
        }

        var sums = new double[n];
        foreach (var chain in chains)
        {
            var mean = chain.Average();
            var own = FourierTransform.Autocorrelation([.. chain.Select(x => x - mean)]);
            for (var lag = 0; lag < n; lag++)
            {
                sums[lag] += own[lag] / (n - 1.0) / chains.Count;
            }
        }

        double Correlation(int lag) => 1 - ((within - sums[lag]) / pooled);
        var (time, last) = (-1.0, double.PositiveInfinity);
        for (var lag = 0; lag + 1 < n; lag += 2)
        {
            var pair = (lag == 0 ? 1 : Correlation(lag)) + Correlation(lag + 1);
            if (pair <= 0)
            {
                break;
            }

            last = Math.Min(last, pair);
            time += 2 * last;
        }

        return total / Math.Max(time, 1 / Math.Log10(total));
    }
}
