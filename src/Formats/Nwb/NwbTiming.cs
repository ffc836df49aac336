using BrainModular.Diagnostics;

namespace BrainModular.Formats.Nwb;

/// <summary>When the samples of a series were taken.</summary>
/// <param name="Start">The first sample's time in seconds.</param>
/// <param name="Rate">Samples per second; the mean where the file gives timestamps, and NaN where those allow none.</param>
/// <param name="HasTimestamps">Whether the file gives a time for each sample instead of a rate.</param>
public sealed record NwbTiming(double Start, double Rate, bool HasTimestamps)
{
    // How far a timestamp may be from its place, in sampling intervals. Times in float32 or rounded to microseconds stay below.
    private const double Tolerance = 0.01;

    /// <summary>The index of the first timestamp that is not where an even rate puts it, or null where all are.</summary>
    internal int? FirstIrregular(double[] times)
    {
        if (!double.IsFinite(Rate) || Rate <= 0)
        {
            return 0;
        }

        for (var i = 0; i < times.Length; i++)
        {
            if (!(Math.Abs(((times[i] - Start) * Rate) - i) <= Tolerance))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>The diagnostic for a timestamp that is out of place.</summary>
    internal Diagnostic Irregular(Place place, int index) => new(
        "BM3104", $"the timestamps are not evenly spaced: sample {index} is out of place at a mean rate of {Rate:G6} Hz", place,
        "a sampling rate, or timestamps within 1 % of a sampling interval of an even one", "resample the recording to an even rate");
}
