using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// A TimeSeries of any kind. Its description is read when it is first asked for, its samples only by <see cref="Read"/>.
/// </summary>
public sealed class NwbSeries
{
    private readonly Hdf5File _file;
    private readonly Lazy<SeriesHeader> _header;

    internal NwbSeries(Hdf5File file, NwbObject described)
    {
        _file = file;
        Object = described;
        _header = new Lazy<SeriesHeader>(() => ReadHeader(file, described.Path));
    }

    /// <summary>Its path, type and identifier.</summary>
    public NwbObject Object { get; }

    /// <summary>Its path in the file.</summary>
    public string Path => Object.Path;

    /// <summary>The lengths of the dimensions of its data, time first; {0} where it has none.</summary>
    public IReadOnlyList<long> Shape => _header.Value.Shape;

    /// <summary>The number of samples in time.</summary>
    public long SampleCount => Shape.Count == 0 ? 0 : Shape[0];

    /// <summary>Whether a sample is more than one number.</summary>
    internal bool SamplesAreNotScalar => Shape.Skip(1).Any(static length => length != 1);

    /// <summary>The unit of what <see cref="Read"/> returns; empty where the file does not say.</summary>
    public string Unit => _header.Value.Unit;

    /// <summary>The factor from stored numbers to <see cref="Unit"/>; <see cref="Read"/> applies it.</summary>
    public double Conversion => _header.Value.Conversion;

    /// <summary>What is added after the conversion; <see cref="Read"/> applies it.</summary>
    public double Offset => _header.Value.Offset;

    /// <summary>When the samples were taken; null where the file gives neither a rate nor timestamps.</summary>
    public NwbTiming? Timing => _header.Value.Timing;

    /// <summary>The file's own number of the sweep that the series belongs to, or null.</summary>
    public long? SweepNumber => _header.Value.SweepNumber;

    /// <summary>The amplifier's gain, or null.</summary>
    public double? Gain => _header.Value.Gain;

    /// <summary>The current in A that the amplifier injected beside the stimulus; null where the file gives none. <see cref="Read"/> does not add it.</summary>
    public double? BiasCurrent => _header.Value.BiasCurrent;

    /// <summary>The path of the electrode, or null.</summary>
    public string? Electrode => _header.Value.Electrode;

    /// <summary>What the series is.</summary>
    public string Description => _header.Value.Text("description");

    /// <summary>What stimulus was applied, of NWB 1 the Allen Institute's name of it; empty where the file does not say.</summary>
    public string StimulusDescription => _header.Value.Text(SeriesHeader.StimulusDescription);

    /// <summary>Remarks.</summary>
    public string Comments => _header.Value.Text("comments");

    /// <summary>Why the series cannot be read, or null where it can.</summary>
    public Diagnostic? Fault => _header.Value.Fault;

    /// <summary>Samples in <see cref="Unit"/>, all channels of one time after another.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many samples; clipped to the series' end.</param>
    /// <exception cref="DiagnosticException">BM3024: the series has no numbers to read; BM3012: the start lies outside it.</exception>
    public double[] Read(long start = 0, long count = long.MaxValue)
    {
        if (Fault is not null)
        {
            throw new DiagnosticException(Fault);
        }

        var values = _file.ReadDoubles($"{Path}/data", Shape.Count == 0 ? null : Hdf5Window.Rows(start, Math.Min(count, SampleCount - start)));
        var header = _header.Value;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (values[i] * header.ConversionOf(i)) + header.Offset;
        }

        return values;
    }

    /// <summary>The time of each sample in seconds; made from the rate where the file gives that.</summary>
    /// <exception cref="DiagnosticException">BM3104: the file gives neither rate nor timestamps.</exception>
    public double[] ReadTimes(long start = 0, long count = long.MaxValue)
    {
        count = Math.Min(count, SampleCount - start);
        return Timing switch
        {
            null => throw new DiagnosticException("BM3104", "the series gives neither a sampling rate nor timestamps", new Place(_file.Path, Path)),
            { HasTimestamps: true } => _file.ReadDoubles($"{Path}/timestamps", Hdf5Window.Rows(start, count)),
            var timing => [.. Enumerable.Range(0, (int)count).Select(i => timing.Start + ((start + i) / timing.Rate))],
        };
    }

    private static SeriesHeader ReadHeader(Hdf5File file, string path)
    {
        try
        {
            return SeriesHeader.Read(file, path);
        }
        catch (DiagnosticException exception)
        {
            return SeriesHeader.Unreadable(exception.Diagnostics[0]);
        }
    }
}
