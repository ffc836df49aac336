using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>The units of a simulated network and their spikes.</summary>
/// <param name="Description">Where they come from.</param>
/// <param name="Populations">[unit]: the population's name.</param>
/// <param name="Numbers">[unit]: the unit's number in its population.</param>
/// <param name="Counts">[unit]: how many spikes it has.</param>
/// <param name="Times">All spike times in s, those of one unit after those of the one before, ascending for each; in pieces of any length, asked for once.</param>
/// <param name="Resolution">The smallest difference between two times, in s.</param>
public sealed record NwbUnitsContent(
    string Description, IReadOnlyList<string> Populations, IReadOnlyList<long> Numbers, IReadOnlyList<long> Counts, IEnumerable<double[]> Times, double Resolution);

/// <summary>A series of samples that are as far apart as each other, or as their times say.</summary>
/// <param name="Description">What it is.</param>
/// <param name="Unit">The unit of the samples times <paramref name="Conversion"/>.</param>
/// <param name="Conversion">What makes <paramref name="Unit"/> of a sample.</param>
/// <param name="Samples">[time][column], column contiguous.</param>
/// <param name="Columns">How many columns.</param>
/// <param name="Start">The time of the first sample in s.</param>
/// <param name="Rate">Samples per s; null where <paramref name="Times"/> say when they are.</param>
/// <param name="Times">The time of each sample in s; null where the rate says it.</param>
public sealed record NwbSeriesContent(string Description, string Unit, double Conversion, double[] Samples, int Columns, double Start, double? Rate, double[]? Times);

/// <summary>Writes what was recorded of a simulated network into a processing module.</summary>
internal sealed class NwbSimulation(Hdf5Writer writer, NwbObjects objects)
{
    // Spikes and samples are compressed in pieces of about this many, so that a part is read without the rest.
    private const long ChunkLength = 8192;

    public void Units(string path, NwbUnitsContent units)
    {
        long[] ids = [.. Enumerable.Range(0, units.Counts.Count).Select(static i => (long)i)];
        objects.Table(path, "Units", "core", units.Description, ["spike_times", "population", "unit"], ids);
        var times = $"{path}/spike_times";
        var count = units.Counts.Sum();
        writer.Dataset(times, count, units.Times, new Hdf5Storage([Math.Clamp(count, 1, ChunkLength)], Deflate: 4, Shuffle: true));
        objects.Typed(times, "VectorData", "hdmf-common");
        writer.Attribute(times, "description", "the times of each unit's spikes, in s");
        writer.Attribute(times, "resolution", units.Resolution);
        objects.Index(times, units.Counts);
        objects.Column(path, new("population", "the unit's population", units.Populations.ToArray()));
        objects.Column(path, new("unit", "the unit's number in its population, from 0", units.Numbers.ToArray()));
    }

    public void Trials(string path, IReadOnlyList<double> starts, IReadOnlyList<double> stops)
    {
        objects.Table(
            path, "TimeIntervals", "core", "the trials, one after the other", ["start_time", "stop_time"], [.. Enumerable.Range(0, starts.Count).Select(static i => (long)i)]);
        objects.Column(path, new("start_time", "when the trial begins, in s", starts.ToArray()));
        objects.Column(path, new("stop_time", "when the trial ends, in s", stops.ToArray()));
    }

    public void Series(string path, NwbSeriesContent series)
    {
        objects.Group(path, "TimeSeries");
        writer.Attribute(path, "description", series.Description);
        writer.Attribute(path, "comments", "simulated");
        long[] shape = series.Columns == 1 ? [series.Samples.Length] : [series.Samples.Length / series.Columns, series.Columns];
        long[] chunk = [Math.Clamp(ChunkLength / series.Columns, 1, Math.Max(1, shape[0])), .. shape.Skip(1)];
        var data = $"{path}/data";
        writer.Dataset(data, series.Samples, shape, new Hdf5Storage(chunk, Deflate: 4, Shuffle: true));
        writer.Attribute(data, "unit", series.Unit);
        writer.Attribute(data, "conversion", series.Conversion);
        writer.Attribute(data, "offset", 0.0);
        writer.Attribute(data, "resolution", -1.0);
        if (series.Times is { } times)
        {
            writer.Dataset($"{path}/timestamps", times, null, new Hdf5Storage([Math.Clamp(times.Length, 1, ChunkLength)], Deflate: 4, Shuffle: true));
            writer.Attribute($"{path}/timestamps", "interval", 1);
            writer.Attribute($"{path}/timestamps", "unit", "seconds");
        }
        else
        {
            writer.Dataset($"{path}/starting_time", series.Start);
            writer.Attribute($"{path}/starting_time", "rate", series.Rate!.Value);
            writer.Attribute($"{path}/starting_time", "unit", "seconds");
        }
    }
}
