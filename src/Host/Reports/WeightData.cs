using BrainModular.Engine.Statistics;

namespace BrainModular.Host.Reports;

/// <summary>The magnitudes of a projection's weights before and after training.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Unit">The unit of the weights.</param>
/// <param name="Sign">The sign that they keep, in words.</param>
/// <param name="IsTrained">Whether training could change them.</param>
/// <param name="Before">Their statistics before training.</param>
/// <param name="After">Their statistics after it.</param>
internal sealed record ReportWeights(string Projection, string Unit, string Sign, bool IsTrained, WeightStatistics Before, WeightStatistics After)
{
    public const string HalfNormal = "half-normal";
    public const string LogNormal = "log-normal";

    /// <summary>Which distribution the magnitudes fit better, in words.</summary>
    public static string Verdict(WeightStatistics weights)
    {
        if (weights is not { HalfNormal: { } half, LogNormal: { } log })
        {
            return "too few different weights to tell";
        }

        var difference = NumberText.Number(Math.Abs(half.Akaike - log.Akaike));
        return weights.Better is { } better
            ? $"{NameOf(better)}, its AIC is lower by {difference}{(better.IsRejected ? "; yet the weights depart from it" : "")}"
            : $"neither clearly, their AIC differ by {difference}";
    }

    /// <summary>The name of the distribution that fits the magnitudes better.</summary>
    public static string Name(WeightStatistics weights) => weights.Better is { } better ? NameOf(better) : "";

    private static string NameOf(MagnitudeFit fit) => fit is HalfNormalFit ? HalfNormal : LogNormal;
}
