using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// Writes recorded and modelled current-clamp sweeps, and what was recorded of simulated networks, as an NWB 2.7 file. The file appears at its place with <see cref="Commit"/>; without it,
/// nothing stays. The same calls with the same description give the same bytes.
/// </summary>
/// <remarks>Every call throws a <see cref="DiagnosticException"/> as <see cref="Hdf5Writer"/> does.</remarks>
public sealed class NwbWriter : IDisposable
{
    private const string Version = "2.7.0";
    private const string Electrode = "/general/intracellular_ephys/electrode";

    // Sweeps are compressed in pieces of this many samples, so that a window of a long one is read without the rest.
    private const long ChunkLength = 8192;

    private static readonly string[] RecordingCategories = ["electrodes", "stimuli", "responses"];

    private readonly Hdf5Writer _writer;
    private readonly NwbFileDescription _about;
    private readonly NwbObjects _objects;
    private readonly NwbSimulation _simulation;
    private readonly SortedDictionary<long, (string? Stimulus, string? Response, int Count)> _recordings = [];
    private bool _hasElectrode;

    private NwbWriter(Hdf5Writer writer, NwbFileDescription about)
    {
        _writer = writer;
        _about = about;
        _objects = new NwbObjects(writer, about.Identifier);
        _simulation = new NwbSimulation(writer, _objects);
    }

    /// <summary>Starts a file.</summary>
    public static NwbWriter Create(string path, NwbFileDescription about)
    {
        var hdf5 = Hdf5Writer.Create(path);
        try
        {
            var writer = new NwbWriter(hdf5, about);
            writer.Start();
            return writer;
        }
        catch
        {
            hdf5.Dispose();
            throw;
        }
    }

    /// <summary>Writes the current that was injected in a sweep, in A.</summary>
    public void Stimulus(long sweep, double rate, double[] current, string protocol)
    {
        var path = $"/stimulus/presentation/stimulus_{Digits(sweep)}";
        Series(path, "CurrentClampStimulusSeries", "amperes", sweep, rate, current, $"current injected in sweep {sweep}", protocol);
        Note(sweep, current.Length, stimulus: path);
    }

    /// <summary>Writes the potential that was recorded in a sweep, in V.</summary>
    public void Recorded(long sweep, double rate, double[] potential, string protocol)
    {
        var path = $"/acquisition/recorded_{Digits(sweep)}";
        Series(path, "CurrentClampSeries", "volts", sweep, rate, potential, $"potential recorded in sweep {sweep}", protocol);
        Note(sweep, potential.Length, response: path);
    }

    /// <summary>Writes the potential that a model gives for a sweep, in V, into the processing module of that name.</summary>
    public void Modelled(string module, long sweep, double rate, double[] potential, string protocol)
    {
        var group = _objects.Module(module, $"potentials that the model of stage {module} gives for the sweeps' stimuli");
        Series($"{group}/modelled_{Digits(sweep)}", "CurrentClampSeries", "volts", sweep, rate, potential, $"potential of the model in sweep {sweep}", protocol);
    }

    /// <summary>Writes a table into /analysis, such as a fit's parameters.</summary>
    public void Table(string name, string description, IReadOnlyList<NwbColumnContent> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var path = $"/analysis/{name}";
        _objects.Table(path, "DynamicTable", "hdmf-common", description, [.. columns.Select(column => column.Name)], [.. Enumerable.Range(0, columns[0].Values.Length).Select(row => (long)row)]);
        foreach (var column in columns)
        {
            _objects.Column(path, column);
        }
    }

    /// <summary>Writes the units of a simulated network with their spikes as the table <c>units</c> of the processing module of that name.</summary>
    public void Units(string module, NwbUnitsContent units)
    {
        ArgumentNullException.ThrowIfNull(units);
        _simulation.Units($"{Simulated(module)}/units", units);
    }

    /// <summary>Writes the trials of a simulated network as the table <c>trials</c> of the processing module of that name.</summary>
    /// <param name="module">The module.</param>
    /// <param name="starts">When each trial begins, in s.</param>
    /// <param name="stops">When it ends.</param>
    public void Trials(string module, IReadOnlyList<double> starts, IReadOnlyList<double> stops) => _simulation.Trials($"{Simulated(module)}/trials", starts, stops);

    /// <summary>Writes a series of what was recorded of a simulated network into the processing module of that name.</summary>
    public void Series(string module, string name, NwbSeriesContent series)
    {
        ArgumentNullException.ThrowIfNull(series);
        _simulation.Series($"{Simulated(module)}/{name}", series);
    }

    /// <summary>Completes the file and moves it to its place.</summary>
    public void Commit()
    {
        RecordingsTable();
        _writer.Commit();
    }

    /// <summary>Gives up the file unless it was committed.</summary>
    public void Dispose() => _writer.Dispose();

    private static string Digits(long sweep) => sweep.ToString("D4", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    private void Start()
    {
        _objects.Typed("/", "NWBFile");
        _writer.Attribute("/", "nwb_version", Version);
        _writer.Dataset("/identifier", _about.Identifier);
        _writer.Dataset("/session_description", _about.Description);
        _writer.Dataset("/session_start_time", Time(_about.SessionStart));
        _writer.Dataset("/timestamps_reference_time", Time(_about.SessionStart));
        _writer.Dataset("/file_create_date", new[] { Time(_about.Created) });
        foreach (var group in new[] { "/acquisition", "/analysis", "/general", "/processing", "/stimulus/presentation", "/stimulus/templates" })
        {
            _writer.Group(group);
        }

    }

    private string Simulated(string module) => _objects.Module(module, $"what stage {module} recorded of its network");

    // Only what an electrode recorded has one.
    private void NeedElectrode()
    {
        if (_hasElectrode)
        {
            return;
        }

        _hasElectrode = true;
        _objects.Group("/general/devices/device", "Device");
        _writer.Attribute("/general/devices/device", "description", _about.Source);
        _objects.Group(Electrode, "IntracellularElectrode");
        _writer.Dataset($"{Electrode}/description", _about.Source);
        _writer.SoftLink($"{Electrode}/device", "/general/devices/device");
    }

    private void Series(string path, string type, string unit, long sweep, double rate, double[] values, string description, string protocol)
    {
        NeedElectrode();
        _objects.Group(path, type);
        _writer.Attribute(path, "description", description);
        _writer.Attribute(path, "comments", _about.Source);
        _writer.Attribute(path, "stimulus_description", protocol);
        if (sweep is >= 0 and <= uint.MaxValue)
        {
            _writer.Attribute(path, "sweep_number", (uint)sweep);
        }

        var data = $"{path}/data";
        _writer.Dataset(data, values, null, new Hdf5Storage([Math.Clamp(values.Length, 1, ChunkLength)], Deflate: 4, Shuffle: true));
        _writer.Attribute(data, "unit", unit);
        _writer.Attribute(data, "conversion", 1.0);
        _writer.Attribute(data, "offset", 0.0);
        _writer.Attribute(data, "resolution", -1.0);
        _writer.Dataset($"{path}/starting_time", 0.0);
        _writer.Attribute($"{path}/starting_time", "rate", rate);
        _writer.Attribute($"{path}/starting_time", "unit", "seconds");

        // The schema lets the gain out; pynwb does not open a series without it. The numbers are volts and amperes at the cell.
        _writer.Dataset($"{path}/gain", 1f);
        _writer.SoftLink($"{path}/electrode", Electrode);
    }

    private void Note(long sweep, int count, string? stimulus = null, string? response = null)
    {
        var (otherStimulus, otherResponse, otherCount) = _recordings.GetValueOrDefault(sweep);
        _recordings[sweep] = (stimulus ?? otherStimulus, response ?? otherResponse, Math.Max(count, otherCount));
    }

    // NWB prescribes the wording of these tables' descriptions.
    private void RecordingsTable()
    {
        if (_recordings.Count == 0)
        {
            return;
        }

        const string path = "/general/intracellular_ephys/intracellular_recordings";
        long[] ids = [.. _recordings.Keys];
        _objects.Table(
            path, "IntracellularRecordingsTable", "core",
            "A table to group together a stimulus and response from a single electrode and a single simultaneous recording and for storing metadata about the intracellular recording.",
            [], ids);
        _writer.Attribute(path, "categories", RecordingCategories);

        _objects.Table($"{path}/electrodes", "IntracellularElectrodesTable", "core", "Table for storing intracellular electrode related metadata.", ["electrode"], ids);
        _writer.Dataset($"{path}/electrodes/electrode", Enumerable.Repeat(new Hdf5Target(Electrode), ids.Length).ToArray());
        _objects.Typed($"{path}/electrodes/electrode", "VectorData", "hdmf-common");
        _writer.Attribute($"{path}/electrodes/electrode", "description", "the electrode of each recording");

        _objects.Table($"{path}/stimuli", "IntracellularStimuliTable", "core", "Table for storing intracellular stimulus related metadata.", ["stimulus"], ids);
        SeriesReferences($"{path}/stimuli/stimulus", "the stimulus of each recording", recording => (recording.Stimulus, recording.Response));
        _objects.Table($"{path}/responses", "IntracellularResponsesTable", "core", "Table for storing intracellular response related metadata.", ["response"], ids);
        SeriesReferences($"{path}/responses/response", "the response of each recording", recording => (recording.Response, recording.Stimulus));
    }

    // Where one of the two is missing its row refers to the other, with negative numbers to say so.
    private void SeriesReferences(string path, string description, Func<(string? Stimulus, string? Response), (string? Wanted, string? Other)> choose)
    {
        var rows = _recordings.Values.Select(recording => (Choice: choose((recording.Stimulus, recording.Response)), recording.Count)).ToArray();
        _writer.Records(
            path,
            [
                new("idx_start", rows.Select(row => row.Choice.Wanted is null ? -1 : 0).ToArray()),
                new("count", rows.Select(row => row.Choice.Wanted is null ? -1 : row.Count).ToArray()),
                new("timeseries", rows.Select(row => new Hdf5Target((row.Choice.Wanted ?? row.Choice.Other)!)).ToArray()),
            ]);
        _objects.Typed(path, "TimeSeriesReferenceVectorData");
        _writer.Attribute(path, "description", description);
    }
}
