using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// An NWB file open for reading: of version 2, or patch-clamp series of version 1. Opening it reads names and types, and the descriptions of patch-clamp series; samples and tables
/// are read when asked for.
/// </summary>
public sealed class NwbFile : IDisposable
{
    private const string VersionName = "nwb_version";

    private readonly Hdf5File _file;
    private readonly NwbIndex _index;
    private readonly FaultLog _log = new();

    private NwbFile(Hdf5File file, string version)
    {
        _file = file;
        Session = NwbSession.Read(file, version, _log);
        var isFirst = file.Attribute("/", VersionName) is null;
        _index = new NwbIndex(file, _log, isFirst);
        var types = new NwbTypes(file);
        Series = [.. _index.Objects.Where(found => !found.IsDataset && types.IsA(found.Type, "TimeSeries")).Select(found => new NwbSeries(file, found))];
        Tables = [.. _index.Objects.Where(found => !found.IsDataset && types.IsA(found.Type, "DynamicTable")).Select(found => found.Path)];
        Sweeps = new SweepPairing(this, types, _log, isFirst ? new NwbEpochs(file, _log) : null).Pair();
    }

    /// <summary>The file's full path.</summary>
    public string Path => _file.Path;

    /// <summary>What the file says about the session.</summary>
    public NwbSession Session { get; }

    /// <summary>Every neurodata object, of known and unknown types.</summary>
    public IReadOnlyList<NwbObject> Objects => _index.Objects;

    /// <summary>Every TimeSeries, of any type that extends it.</summary>
    public IReadOnlyList<NwbSeries> Series { get; }

    /// <summary>The paths of the tables.</summary>
    public IReadOnlyList<string> Tables { get; }

    /// <summary>The patch-clamp sweeps, by number and then by path.</summary>
    public IReadOnlyList<NwbSweep> Sweeps { get; }

    /// <summary>What is odd in the file but does not keep it from being read. Reading tables may add to it.</summary>
    public IReadOnlyList<Diagnostic> Warnings => _log.Warnings;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DiagnosticException">What <see cref="Hdf5File.Open(string)"/> throws, and BM3020 not NWB, BM3021 a version that is neither 1 nor 2.</exception>
    public static NwbFile Open(string path)
    {
        var file = Hdf5File.Open(path);
        try
        {
            return new NwbFile(file, ReadVersion(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The sweep of a number; the first where several electrodes recorded it.</summary>
    /// <exception cref="DiagnosticException">BM3105: there is none; the message lists those that are there.</exception>
    public NwbSweep Sweep(long number) => Sweeps.FirstOrDefault(sweep => sweep.Number == number) ?? throw new DiagnosticException(
        "BM3105",
        $"there is no sweep {number}",
        new Place(Path),
        Sweeps.Count == 0 ? "a file with patch-clamp sweeps; this one has none" : $"one of {string.Join(", ", Sweeps.Select(sweep => sweep.Number).Distinct())}",
        Sweeps.Count == 0 ? "choose another file" : "choose a sweep that is there");

    /// <summary>Reads a table whole.</summary>
    /// <exception cref="DiagnosticException">BM3010: there is nothing at the path.</exception>
    public NwbTable Table(string path) => NwbTable.Read(_file, path, _log);

    /// <summary>The path of the object that a reference in a table points to, or null where it points to nothing.</summary>
    public string? PathOf(Hdf5Reference reference) => _index.PathOf(reference);

    /// <summary>Reads a sweep's samples and checks that they can be a recording.</summary>
    /// <param name="sweep">One of <see cref="Sweeps"/>.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many; clipped to the sweep's end.</param>
    /// <exception cref="DiagnosticException">BM31xx: not finite, wrong unit, implausible values, uneven timestamps, stimulus and response at different rates.</exception>
    public NwbSweepSamples Read(NwbSweep sweep, long start = 0, long count = long.MaxValue) => new SweepReader(Path, sweep).Read(start, count);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static string ReadVersion(Hdf5File file)
    {
        const string expected = "NWB 2, or NWB 1";
        const string cure = "convert the recording to NWB 2, or choose another file";
        if (file.Attribute("/", VersionName)?.Text is { } version)
        {
            return version;
        }

        // Version 1 has a dataset in the attribute's place.
        if (file.Find($"/{VersionName}") is { IsDataset: true } && file.Read($"/{VersionName}").Text is { } first)
        {
            return first.StartsWith("NWB-1.", StringComparison.Ordinal) || first.StartsWith("1.", StringComparison.Ordinal)
                ? first
                : throw new DiagnosticException("BM3021", $"the file is of version {first} of NWB", new Place(file.Path, $"/{VersionName}"), expected, cure);
        }

        throw new DiagnosticException("BM3020", "this HDF5 file is not an NWB file: its root has no attribute or dataset nwb_version", new Place(file.Path, "/"), expected, cure);
    }
}
