namespace BrainModular.Engine.Fitting.Features;

/// <summary>What a feature is to be.</summary>
/// <param name="Name">Its name (<see cref="Engine.Features.FeatureCatalog"/>); of several values the mean counts.</param>
/// <param name="Mean">The value in the feature's unit; null: that of the recording, the mean over the fitted sweeps of one stimulus.</param>
/// <param name="Deviation">What counts as a deviation of 1, in the feature's unit; null: the standard deviation over those sweeps, and no less than <see cref="FeatureCosts.SmallestDeviation"/>.</param>
/// <param name="Weight">What it counts beside the others.</param>
public sealed record FeatureTarget(string Name, double? Mean, double? Deviation, double Weight);

/// <summary>A loss of electrophysiological features, which has no gradient.</summary>
/// <param name="Targets">The features.</param>
/// <param name="Weight">What it counts.</param>
/// <param name="IsAlone">Whether it is the fit's only loss, so that <see cref="FitPlan.Loss"/> is not evaluated.</param>
public sealed record FeatureObjective(IReadOnlyList<FeatureTarget> Targets, double Weight, bool IsAlone)
{
    /// <summary>Its name among the losses of a fit.</summary>
    public const string Name = "features";
}
