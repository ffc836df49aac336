namespace BrainModular.Formats.Axon;

/// <summary>Where the sweeps of a file lie among its samples, and when they began.</summary>
/// <param name="file">The file.</param>
/// <param name="layout">What its header says of them.</param>
internal sealed class AxonSweeps(BinaryFile file, AxonLayout layout)
{
    private const int VariableLength = 1, GapFree = 3, Largest = 5;
    private const int Entry = 8;
    private const int Most = 1 << 20;

    /// <exception cref="Diagnostics.DiagnosticException">BM2902, BM2903.</exception>
    public IReadOnlyList<AxonSweep> Read()
    {
        var mode = file.Int16(layout.ModeAt);
        if (mode is < VariableLength or > Largest)
        {
            throw file.Impossible("the mode of acquisition", mode, layout.ModeAt, "1 to 5");
        }

        var samples = layout.Samples;
        if (samples <= 0 || samples % layout.Channels != 0)
        {
            throw file.Impossible("the number of samples", samples, layout.SamplesAt, $"a positive multiple of the {layout.Channels} channels");
        }

        file.Need(layout.DataAt, checked(samples * layout.SampleSize), $"{samples} samples");
        if (layout.SynchCount > 0)
        {
            file.Need(layout.SynchAt, (long)layout.SynchCount * Entry, $"the times of {layout.SynchCount} sweeps");
        }

        return mode switch
        {
            GapFree => [new(0, samples / layout.Channels, 0)],
            VariableLength => Variable(),
            _ => Equal(),
        };
    }

    private List<AxonSweep> Variable()
    {
        if (layout.SynchCount > Most)
        {
            throw file.Impossible("the number of sweeps' times", layout.SynchCount, layout.SynchCountAt, $"at most {Most}");
        }

        var sweeps = new List<AxonSweep>();
        var first = 0L;
        for (var i = 0; i < layout.SynchCount; i++)
        {
            var at = layout.SynchAt + (Entry * (long)i) + 4;
            var length = file.Int32(at);
            if (length <= 0 || length % layout.Channels != 0 || first + length > layout.Samples)
            {
                throw file.Impossible($"the length of sweep {i + 1}", length, at, $"a positive multiple of the {layout.Channels} channels, together at most {layout.Samples}");
            }

            sweeps.Add(new(first, length / layout.Channels, StartOf(i)));
            first += length;
        }

        return sweeps.Count > 0 ? sweeps : throw file.Impossible("the number of sweeps' times", layout.SynchCount, layout.SynchCountAt, "one for each sweep of variable length");
    }

    private List<AxonSweep> Equal()
    {
        var (count, samples) = (layout.Sweeps, layout.Samples);
        if (count is <= 0 or > Most || samples % (count * layout.Channels) != 0)
        {
            throw file.Impossible("the number of sweeps", count, layout.SweepsAt, $"a number above 0, at most {Most}, that divides the {samples} samples of {layout.Channels} channels");
        }

        var length = samples / count;
        var lasting = length / layout.Channels / layout.Rate;
        return [.. Enumerable.Range(0, (int)count).Select(i => new AxonSweep(i * length, length / layout.Channels, layout.SynchCount == count ? StartOf(i) : Bounded(i, i * lasting, layout.RateAt)))];
    }

    // Times are in a unit of their own, or, where it is 0, in samples of any channel.
    private double StartOf(int sweep)
    {
        var unit = file.Single(layout.SynchUnitAt);
        if (!(unit >= 0 && float.IsFinite(unit)))
        {
            throw file.Impossible("the unit of sweeps' times", unit, layout.SynchUnitAt, "a number of \u00b5s, or 0");
        }

        var at = layout.SynchAt + (Entry * (long)sweep);
        var microseconds = unit > 0 ? unit : 1e6 / (layout.Rate * layout.Channels);
        return Bounded(sweep, file.UInt32(at) * microseconds * 1e-6, at);
    }

    // A start that no time of day can hold is of a damaged header.
    private double Bounded(int sweep, double start, long at)
    {
        var most = Math.Floor((DateTime.MaxValue - (layout.FileStart ?? DateTime.MinValue)).TotalSeconds);
        return start < most ? start : throw file.Impossible(
            $"the start of sweep {sweep + 1}", FormattableString.Invariant($"{start} s"), at, FormattableString.Invariant($"fewer than {most} s after the file's, by its sampling interval and its unit of times"));
    }
}

/// <summary>What a header says of sweeps; names that end with "At" are bytes.</summary>
internal readonly record struct AxonLayout
{
    public required long ModeAt { get; init; }

    public required int Channels { get; init; }

    /// <summary>When the recording began; null where the file does not say.</summary>
    public required DateTime? FileStart { get; init; }

    public required double Rate { get; init; }

    public required long RateAt { get; init; }

    /// <summary>Samples of all channels.</summary>
    public required long Samples { get; init; }

    public required long SamplesAt { get; init; }

    public required int SampleSize { get; init; }

    public required long DataAt { get; init; }

    public required long Sweeps { get; init; }

    public required long SweepsAt { get; init; }

    public required long SynchAt { get; init; }

    public required long SynchCount { get; init; }

    public required long SynchCountAt { get; init; }

    public required long SynchUnitAt { get; init; }
}
