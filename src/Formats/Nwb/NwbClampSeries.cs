using System.Globalization;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>Writes patch-clamp series with their electrodes, and the table that says which stimulus and which response are one recording.</summary>
/// <param name="writer">The file.</param>
/// <param name="objects">Its objects.</param>
/// <param name="source">Where the recorded sweeps come from.</param>
internal sealed class NwbClampSeries(Hdf5Writer writer, NwbObjects objects, string source)
{
    private const string Device = "/general/devices/device";
    private const string Folder = "/general/intracellular_ephys/";

    // Sweeps are compressed in pieces of this many samples, so that a window of a long one is read without the rest.
    private const long ChunkLength = 8192;

    private static readonly string[] Categories = ["electrodes", "stimuli", "responses"];

    private readonly List<string> electrodes = [];
    private readonly SortedDictionary<(long Sweep, int Electrode), Recording> recordings = [];

    public static string Digits(long sweep) => sweep.ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>Writes a series that is a part of the recording.</summary>
    public void Recorded(NwbClampContent series)
    {
        var electrode = Electrode(series.Electrode);
        var name = $"{(series.IsStimulus ? "stimulus" : "recorded")}_{Digits(series.Sweep)}{(electrode == 0 ? "" : $"_{series.Electrode}")}";
        var path = series.IsStimulus ? $"/stimulus/presentation/{name}" : $"/acquisition/{name}";
        Series(path, series);
        var known = recordings.GetValueOrDefault((series.Sweep, electrode));
        recordings[(series.Sweep, electrode)] = series.IsStimulus
            ? known with { Stimulus = path, Count = Math.Max(known.Count, series.Samples.Count) }
            : known with { Response = path, Count = Math.Max(known.Count, series.Samples.Count) };
    }

    /// <summary>Writes a series.</summary>
    public void Series(string path, NwbClampContent series)
    {
        var electrode = electrodes[Electrode(series.Electrode)];
        var isPotential = series.IsStimulus == (series.Clamp == NwbClamp.Voltage);
        objects.Group(path, $"{(series.Clamp == NwbClamp.Voltage ? "Voltage" : "Current")}Clamp{(series.IsStimulus ? "Stimulus" : "")}Series");
        writer.Attribute(path, "description", series.Description);
        writer.Attribute(path, "comments", source);
        writer.Attribute(path, "stimulus_description", series.Protocol);
        if (series.Sweep is >= 0 and <= uint.MaxValue)
        {
            writer.Attribute(path, "sweep_number", (uint)series.Sweep);
        }

        var data = $"{path}/data";
        series.Samples.Write(writer, data, new Hdf5Storage([Math.Clamp(series.Samples.Count, 1, ChunkLength)], Deflate: 4, Shuffle: true));
        writer.Attribute(data, "unit", isPotential ? "volts" : "amperes");
        writer.Attribute(data, "conversion", series.Conversion);
        writer.Attribute(data, "offset", series.Offset);
        writer.Attribute(data, "resolution", -1.0);
        writer.Dataset($"{path}/starting_time", series.Start);
        writer.Attribute($"{path}/starting_time", "rate", series.Rate);
        writer.Attribute($"{path}/starting_time", "unit", "seconds");

        // The schema lets the gain out; pynwb does not open a series without it. The numbers are volts and amperes at the cell.
        writer.Dataset($"{path}/gain", 1f);
        writer.SoftLink($"{path}/electrode", Folder + electrode);
    }

    /// <summary>Writes the table of the recordings. NWB prescribes the wording of the tables' descriptions.</summary>
    public void Complete()
    {
        if (recordings.Count == 0)
        {
            return;
        }

        const string path = Folder + "intracellular_recordings";

        // Rows are numbered by their sweeps where there is one for each.
        var sweeps = recordings.Keys.Select(static key => key.Sweep).ToArray();
        long[] ids = sweeps.Distinct().Count() == sweeps.Length ? sweeps : [.. Enumerable.Range(0, sweeps.Length).Select(static i => (long)i)];
        objects.Table(
            path, "IntracellularRecordingsTable", "core",
            "A table to group together a stimulus and response from a single electrode and a single simultaneous recording and for storing metadata about the intracellular recording.",
            [], ids);
        writer.Attribute(path, "categories", Categories);

        objects.Table($"{path}/electrodes", "IntracellularElectrodesTable", "core", "Table for storing intracellular electrode related metadata.", ["electrode"], ids);
        writer.Dataset($"{path}/electrodes/electrode", recordings.Keys.Select(key => new Hdf5Target(Folder + electrodes[key.Electrode])).ToArray());
        objects.Typed($"{path}/electrodes/electrode", "VectorData", "hdmf-common");
        writer.Attribute($"{path}/electrodes/electrode", "description", "the electrode of each recording");

        objects.Table($"{path}/stimuli", "IntracellularStimuliTable", "core", "Table for storing intracellular stimulus related metadata.", ["stimulus"], ids);
        References($"{path}/stimuli/stimulus", "the stimulus of each recording", static recording => (recording.Stimulus, recording.Response));
        objects.Table($"{path}/responses", "IntracellularResponsesTable", "core", "Table for storing intracellular response related metadata.", ["response"], ids);
        References($"{path}/responses/response", "the response of each recording", static recording => (recording.Response, recording.Stimulus));
    }

    // Only what an electrode recorded has one.
    private int Electrode(string name)
    {
        if (electrodes.IndexOf(name) is var known and >= 0)
        {
            return known;
        }

        if (electrodes.Count == 0)
        {
            objects.Group(Device, "Device");
            writer.Attribute(Device, "description", source);
        }

        var path = Folder + name;
        objects.Group(path, "IntracellularElectrode");
        writer.Dataset($"{path}/description", source);
        writer.SoftLink($"{path}/device", Device);
        electrodes.Add(name);
        return electrodes.Count - 1;
    }

    // Where one of the two is missing its row refers to the other, with negative numbers to say so.
    private void References(string path, string description, Func<Recording, (string? Wanted, string? Other)> choose)
    {
        var rows = recordings.Values.Select(recording => (Choice: choose(recording), recording.Count)).ToArray();
        writer.Records(
            path,
            [
                new("idx_start", rows.Select(row => row.Choice.Wanted is null ? -1 : 0).ToArray()),
                new("count", rows.Select(row => row.Choice.Wanted is null ? -1 : checked((int)row.Count)).ToArray()),
                new("timeseries", rows.Select(row => new Hdf5Target((row.Choice.Wanted ?? row.Choice.Other)!)).ToArray()),
            ]);
        objects.Typed(path, "TimeSeriesReferenceVectorData");
        writer.Attribute(path, "description", description);
    }

    private readonly record struct Recording(string? Stimulus, string? Response, long Count);
}
