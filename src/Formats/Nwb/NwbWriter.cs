using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// Writes recorded and modelled patch-clamp sweeps, and what was recorded of simulated networks, as an NWB 2.7 file. The file appears at its place with <see cref="Commit"/>; without it,
/// nothing stays. The same calls with the same description give the same bytes.
/// </summary>
/// <remarks>Every call throws a <see cref="DiagnosticException"/> as <see cref="Hdf5Writer"/> does.</remarks>
public sealed class NwbWriter : IDisposable
{
    private const string Version = "2.7.0";

    private readonly Hdf5Writer _writer;
    private readonly NwbFileDescription _about;
    private readonly NwbObjects _objects;
    private readonly NwbSimulation _simulation;
    private readonly NwbClampSeries _clamp;

    private NwbWriter(Hdf5Writer writer, NwbFileDescription about)
    {
        _writer = writer;
        _about = about;
        _objects = new NwbObjects(writer, about.Identifier);
        _simulation = new NwbSimulation(writer, _objects);
        _clamp = new NwbClampSeries(writer, _objects, about.Source);
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
    public void Stimulus(long sweep, double rate, double[] current, string protocol) =>
        Write(new(NwbClamp.Current, IsStimulus: true, sweep, new NumberStream<double>(current), rate, $"current injected in sweep {sweep}", protocol));

    /// <summary>Writes the potential that was recorded in a sweep, in V.</summary>
    public void Recorded(long sweep, double rate, double[] potential, string protocol) =>
        Write(new(NwbClamp.Current, IsStimulus: false, sweep, new NumberStream<double>(potential), rate, $"potential recorded in sweep {sweep}", protocol));

    /// <summary>Writes what was applied or recorded through an electrode in a sweep.</summary>
    public void Write(NwbClampContent series)
    {
        ArgumentNullException.ThrowIfNull(series);
        _clamp.Recorded(series);
    }

    /// <summary>Writes the potential that a model gives for a sweep, in V, into the processing module of that name.</summary>
    public void Modelled(string module, long sweep, double rate, double[] potential, string protocol)
    {
        var group = _objects.Module(module, $"potentials that the model of stage {module} gives for the sweeps' stimuli");
        _clamp.Series($"{group}/modelled_{NwbClampSeries.Digits(sweep)}", new(
            NwbClamp.Current, IsStimulus: false, sweep, new NumberStream<double>(potential), rate, $"potential of the model in sweep {sweep}", protocol));
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
        _clamp.Complete();
        _writer.Commit();
    }

    /// <summary>Gives up the file unless it was committed.</summary>
    public void Dispose() => _writer.Dispose();

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

        foreach (var (name, text) in new[] { ("protocol", _about.Protocol), ("notes", _about.Notes) }.Where(static p => p.Item2.Length > 0))
        {
            _writer.Dataset($"/general/{name}", text);
        }
    }

    private string Simulated(string module) => _objects.Module(module, $"what stage {module} recorded of its network");
}
