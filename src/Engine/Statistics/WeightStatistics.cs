namespace BrainModular.Engine.Statistics;

/// <summary>What the magnitudes of some weights look like.</summary>
/// <param name="Count">How many weights.</param>
/// <param name="Zeros">How many of them are 0; they are in no fit, because a log-normal distribution has no place for them.</param>
/// <param name="Negative">How many are less than 0.</param>
/// <param name="Mean">The mean magnitude.</param>
/// <param name="Deviation">The standard deviation of the magnitudes.</param>
/// <param name="Largest">The largest magnitude.</param>
public sealed record WeightStatistics(int Count, int Zeros, int Negative, double Mean, double Deviation, double Largest)
{
    /// <summary>How many weights there must be for a distribution to be fitted.</summary>
    public const int FewestFitted = 10;

    /// <summary>How much smaller the better fit's criterion must be for it to be called the better one (Burnham and Anderson 2004, 10.1177/0049124104268644).</summary>
    public const double ClearDifference = 2;

    /// <summary>The magnitudes but the zeros, ascending.</summary>
    public IReadOnlyList<double> Magnitudes { get; private init; } = [];

    /// <summary>The fit that a normal distribution of weights around 0 leads to; null where there is too little to fit.</summary>
    public HalfNormalFit? HalfNormal { get; private init; }

    /// <summary>The fit of the distribution whose logarithm is normal; null where there is too little to fit.</summary>
    public LogNormalFit? LogNormal { get; private init; }

    /// <summary>The fit that is clearly better than the other by its criterion; null where neither is.</summary>
    public MagnitudeFit? Better => HalfNormal is null || LogNormal is null ? null
        : LogNormal.Akaike < HalfNormal.Akaike - ClearDifference ? LogNormal
        : HalfNormal.Akaike < LogNormal.Akaike - ClearDifference ? HalfNormal
        : null;

    /// <summary>The statistics of weights, at least one.</summary>
    public static WeightStatistics Of(IReadOnlyList<double> weights)
    {
        double[] magnitudes = [.. weights.Select(Math.Abs).Where(static w => w > 0).Order()];
        var mean = magnitudes.Sum() / weights.Count;
        var variance = (magnitudes.Sum(w => (w - mean) * (w - mean)) + ((weights.Count - magnitudes.Length) * mean * mean)) / weights.Count;
        var isFitted = magnitudes.Length >= FewestFitted && magnitudes[^1] > magnitudes[0];
        return new(weights.Count, weights.Count - magnitudes.Length, weights.Count(static w => w < 0), mean, Math.Sqrt(variance), magnitudes.LastOrDefault())
        {
            Magnitudes = magnitudes,
            HalfNormal = isFitted ? (HalfNormalFit)HalfNormalFit.To(magnitudes).Measured(magnitudes) : null,
            LogNormal = isFitted ? (LogNormalFit)LogNormalFit.To(magnitudes).Measured(magnitudes) : null,
        };
    }

    /// <summary>The density of the magnitudes in bins of one width from 0 on; what lies beyond the last bin is in none.</summary>
    /// <param name="bins">How many bins.</param>
    /// <param name="width">Their width.</param>
    /// <returns>The part of all magnitudes in each bin, divided by the width.</returns>
    public double[] Histogram(int bins, double width)
    {
        var density = new double[bins];
        foreach (var w in Magnitudes)
        {
            if (w < bins * width)
            {
                density[Math.Min((int)(w / width), bins - 1)] += 1 / (width * Magnitudes.Count);
            }
        }

        return density;
    }
}
