using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Tests.Nwb;

/// <summary>Writes small NWB files part by part, right or deliberately wrong.</summary>
internal sealed class SmallNwb : IDisposable
{
    private readonly Hdf5Writer _writer;
    private readonly string _path;

    public SmallNwb(string path, string? version = "2.5.0")
    {
        _path = path;
        _writer = Hdf5Writer.Create(path);
        if (version is not null)
        {
            _writer.Attribute("/", "nwb_version", version);
        }

        _writer.Dataset("/identifier", "test");
        _writer.Dataset("/session_description", "test");
        _writer.Dataset("/session_start_time", "2020-01-02T03:04:05+00:00");
        _writer.Group("/acquisition");
        _writer.Group("/stimulus/presentation");
    }

    public Hdf5Writer Writer => _writer;

    public void Group(string path, string type)
    {
        _writer.Group(path);
        _writer.Attribute(path, "neurodata_type", type);
        _writer.Attribute(path, "namespace", "core");
    }

    /// <summary>A series without data and times.</summary>
    public void BareSeries(string path, string type, uint? sweep = null)
    {
        Group(path, type);
        if (sweep is { } number)
        {
            _writer.Attribute(path, "sweep_number", number);
        }
    }

    public void Series(string path, string type, Array data, string unit, uint? sweep = null, double conversion = 1, double rate = 1000, double start = 0, double offset = 0)
    {
        BareSeries(path, type, sweep);
        Data(path, data, unit, conversion, offset);
        Rate(path, rate, start);
    }

    public void Data(string path, Array data, string unit, double conversion = 1, double offset = 0)
    {
        _writer.Dataset($"{path}/data", data);
        _writer.Attribute($"{path}/data", "unit", unit);
        _writer.Attribute($"{path}/data", "conversion", conversion);
        _writer.Attribute($"{path}/data", "offset", offset);
    }

    public void Rate(string path, double rate, double start = 0)
    {
        _writer.Dataset($"{path}/starting_time", start);
        _writer.Attribute($"{path}/starting_time", "rate", rate);
    }

    /// <summary>A response and its stimulus of ten samples each.</summary>
    public void Pair(string response, string stimulus, uint? sweep = null)
    {
        Series($"/acquisition/{response}", "CurrentClampSeries", Enumerable.Repeat(-0.07, 10).ToArray(), "volts", sweep);
        Series($"/stimulus/presentation/{stimulus}", "CurrentClampStimulusSeries", Enumerable.Repeat(1e-10, 10).ToArray(), "amperes", sweep);
    }

    public void Table(string path, string type, params string[] columns)
    {
        Group(path, type);
        _writer.Attribute(path, "colnames", columns);
    }

    public Formats.Nwb.NwbFile Open()
    {
        _writer.Commit();
        return Formats.Nwb.NwbFile.Open(_path);
    }

    public void Dispose() => _writer.Dispose();
}
