namespace BrainModular.Formats.Axon;

/// <summary>What both versions of the header say.</summary>
/// <param name="Version">The format's version, such as 1.83 or 2.6.</param>
/// <param name="Start">When the recording began, by the recording computer's clock; null where the file does not say.</param>
/// <param name="Rate">Samples of each channel per s.</param>
/// <param name="Channels">The recorded channels in the order of their samples.</param>
/// <param name="Commands">The digitiser's outputs.</param>
/// <param name="Sweeps">The sweeps.</param>
/// <param name="DataAt">The first sample's byte.</param>
/// <param name="IsSingle">Whether samples are 32-bit numbers in the channel's unit; else 16-bit integers.</param>
/// <param name="Protocol">The protocol's path.</param>
/// <param name="Comment">The user's comment.</param>
internal sealed record AxonHeader(
    double Version,
    DateTime? Start,
    double Rate,
    IReadOnlyList<AxonChannel> Channels,
    IReadOnlyList<AxonCommand> Commands,
    IReadOnlyList<AxonSweep> Sweeps,
    long DataAt,
    bool IsSingle,
    string Protocol,
    string Comment);

/// <summary>What is the same in both versions.</summary>
internal static class AxonHeaderParts
{
    public const int Block = 512;
    private const int Episodic = 5;

    /// <summary>Where an output's waveform came from. Epochs are given out in episodes alone.</summary>
    public static AxonWaveform Source(int source, int mode) => source switch
    {
        0 => AxonWaveform.Holding,
        1 => mode == Episodic ? AxonWaveform.Epochs : AxonWaveform.Holding,
        _ => AxonWaveform.File,
    };

    /// <summary>The time of a day and of milliseconds after it, or null where it is none.</summary>
    public static DateTime? Time(long day, long milliseconds) =>
        DateTime.TryParseExact(day.ToString("D8", System.Globalization.CultureInfo.InvariantCulture), "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.None, out var date) && milliseconds is >= 0 and < 86_400_000
            ? date.AddMilliseconds(milliseconds)
            : null;

    /// <summary>The scale and offset of a channel: stored numbers times range / resolution / gain, plus the instrument's offset less the signal's.</summary>
    public static (double Scale, double Offset) Scaling(BinaryFile file, AxonGain gain, bool isSingle)
    {
        if (isSingle)
        {
            return (1, 0);
        }

        var resolution = file.Int32(gain.ResolutionAt);
        var range = (double)file.Single(gain.RangeAt);
        if (resolution <= 0)
        {
            throw file.Impossible("the converter's resolution", resolution, gain.ResolutionAt, "a number above 0");
        }

        var scale = range / resolution;
        foreach (var at in gain.FactorsAt)
        {
            scale /= file.Single(at);
        }

        if (!double.IsFinite(scale) || scale == 0)
        {
            throw file.Impossible("a channel's scale", scale, gain.FactorsAt[0], "a finite number other than 0");
        }

        var offset = (double)file.Single(gain.OffsetAt) - file.Single(gain.SignalOffsetAt);
        return double.IsFinite(offset) ? (scale, offset) : throw file.Impossible("a channel's offset", offset, gain.OffsetAt, "a finite number");
    }

    /// <summary>A sampling rate from the µs between two samples.</summary>
    public static double Rate(BinaryFile file, long at, int channels)
    {
        var interval = file.Single(at);
        return interval > 0 && float.IsFinite(interval) ? 1e6 / ((double)interval * channels) : throw file.Impossible("the sampling interval", interval, at, "a number of \u00b5s above 0");
    }
}

/// <summary>Where a channel's gain and offset stand.</summary>
internal readonly record struct AxonGain(long RangeAt, long ResolutionAt, long[] FactorsAt, long OffsetAt, long SignalOffsetAt);
