using BrainModular.Diagnostics;
using BrainModular.Engine.Features;

namespace BrainModular.Engine.Fitting.Features;

/// <summary>
/// What features cost: the weighted mean over sweeps and features of z^2 / (1 + z^2 / <see cref="Missing"/>) with z = (value - mean) / deviation. That is z^2 where a feature is near its
/// target, and never more than what a missing feature costs, so that a cell that fires badly is better than a silent one.
/// </summary>
public sealed class FeatureCosts
{
    /// <summary>What a feature costs that a sweep should have and the model has not.</summary>
    public const double Missing = 400;

    private const double SmallestPart = 0.1;

    private readonly IReadOnlyList<(FeatureTarget Target, double Mean, double Deviation)[]> bySweep;
    private readonly double totalWeight;

    /// <param name="targets">The features.</param>
    /// <param name="sweeps">The fitted sweeps.</param>
    /// <exception cref="DiagnosticException">BM2713: no sweep has the feature, and no mean is given.</exception>
    public FeatureCosts(IReadOnlyList<FeatureTarget> targets, IReadOnlyList<PreparedSweep> sweeps)
    {
        var recorded = sweeps.ToDictionary(static s => s, static s => SweepFeatures.Recorded(s));
        var groups = Stimuli.Group(sweeps, static s => s);
        bySweep = [.. sweeps.Select(sweep => targets.Select(t => Resolve(t, [.. groups.First(g => g.Contains(sweep)).Select(s => recorded[s])])).OfType<(FeatureTarget, double, double)>().ToArray())];
        totalWeight = bySweep.Sum(static s => s.Sum(static t => t.Target.Weight));
        foreach (var absent in targets.Where(t => bySweep.All(s => s.All(r => r.Target != t))))
        {
            throw new DiagnosticException(
                "BM2713", $"no fitted sweep has the feature {absent.Name}", expected: "a feature that the recording has, or a 'mean'",
                cure: "give its 'mean' and 'sd', fit other sweeps, or remove it; docs/features.md says what it takes");
        }
    }

    /// <summary>The part of the loss of one sweep's features; their sum over sweeps is the loss.</summary>
    /// <param name="sweep">The sweep's place among those fitted.</param>
    /// <param name="model">The model's features in it.</param>
    public double Of(int sweep, FeatureSet model) => bySweep[sweep].Sum(t => t.Target.Weight * Cost(model.Mean(t.Target.Name), t.Mean, t.Deviation)) / totalWeight;

    /// <summary>The smallest deviation that counts as 1 where none is given: a tenth of the mean, and what a fit cannot be asked to meet closer: 1 mV, 0.5 ms, 0.5 Hz, 1 MOhm, 0.05 where there is no unit, and one spike or burst where they are counted.</summary>
    /// <param name="name">The feature.</param>
    /// <param name="mean">Its mean, in its unit.</param>
    public static double SmallestDeviation(string name, double mean) => Math.Max(SmallestPart * Math.Abs(mean), FeatureCatalog.Find(name)! switch
    {
        { IsCount: true } => 1,
        { Unit: "mV" or "MOhm" or "mV/ms" } => 1,
        { Unit: "ms" or "Hz" } => 0.5,
        _ => 0.05,
    });

    private static double Cost(double? value, double mean, double deviation)
    {
        if (value is not { } v)
        {
            return Missing;
        }

        var squared = Math.Pow((v - mean) / deviation, 2);
        return double.IsFinite(squared) ? squared / (1 + (squared / Missing)) : Missing;
    }

    private static (FeatureTarget Target, double Mean, double Deviation)? Resolve(FeatureTarget target, IReadOnlyList<FeatureSet> repeats)
    {
        double[] values = [.. repeats.Select(r => r.Mean(target.Name)).OfType<double>()];
        if (target.Mean is null && values.Length == 0)
        {
            return null;
        }

        var mean = target.Mean ?? values.Average();
        var spread = values.Length > 1 ? Math.Sqrt(values.Sum(v => (v - values.Average()) * (v - values.Average())) / (values.Length - 1)) : 0;
        return (target, mean, target.Deviation ?? Math.Max(spread, SmallestDeviation(target.Name, mean)));
    }
}
