using BrainModular.Formats.Hdf5;
using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

public sealed class SimulationWritingTests : IDisposable
{
    private static readonly NwbFileDescription About = new("run-1", "a simulation", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "spikes.h5");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Units_trials_and_series_are_read_back_as_they_were_written()
    {
        // More than a chunk for the last unit, in pieces that cut its spikes.
        double[] many = [.. Enumerable.Range(0, 20_000).Select(static i => 0.001 * i)];
        Write("run.nwb", [[0.5, 1.5, 0.25], many[..7], many[7..]], [2, 0, 1, many.Length]);
        using var file = NwbFile.Open(folder["run.nwb"]);
        Assert.Empty(file.Warnings);
        Assert.DoesNotContain(file.Objects, static o => o.Type is "IntracellularElectrode" or "Device");
        var units = file.Table("/processing/simulate/units");
        Assert.Equal("Units", file.Objects.Single(static o => o.Name == "units").Type);
        Assert.Equal([0L, 1, 2, 3], units.Ids);
        var times = units.Column("spike_times")!.Cells.Select(static cell => ((object[])cell).Cast<double>().ToArray()).ToList();
        Assert.Equal([0.5, 1.5], times[0]);
        Assert.Empty(times[1]);
        Assert.Equal([0.25], times[2]);
        Assert.Equal(many, times[3]);
        Assert.Equal(["E", "E", "E", "I"], units.Column("population")!.Cells);
        Assert.Equal([0L, 1, 2, 0], units.Column("unit")!.Cells.Cast<long>());
        Assert.Equal([0.0, 2.0], file.Table("/processing/simulate/trials").Column("start_time")!.Cells);

        var even = file.Series.Single(static s => s.Path == "/processing/simulate/V");
        Assert.Equal(("volts", 0.001, "TimeSeries"), (even.Unit, even.Conversion, even.Object.Type));
        Assert.Equal([3L, 2], even.Shape);
        Assert.Equal([-0.065, -0.06, -0.064, -0.061, -0.063, -0.062], even.Read().Select(static v => Math.Round(v, 9)));
        Assert.Equal([0.5, 1.0, 1.5], even.ReadTimes());
        var uneven = file.Series.Single(static s => s.Path == "/processing/simulate/rates_E");
        Assert.Equal([0.1, 0.2, 1.7], uneven.ReadTimes());

        using var hdf5 = Hdf5File.Open(folder["run.nwb"]);
        var index = hdf5.Dataset("/processing/simulate/units/spike_times_index");
        Assert.Equal("unsigned 8-byte integer", $"{(index.Type.Signed ? "signed" : "unsigned")} {index.Type.Size}-byte integer");
        Assert.Equal(hdf5.Find("/processing/simulate/units/spike_times")!.Address, hdf5.Attribute("/processing/simulate/units/spike_times_index", "target")!.Reference!.Value.Address);
    }

    [Fact]
    public void A_network_without_a_spike_has_its_units_all_the_same()
    {
        Write("silent.nwb", [], [0, 0, 0, 0]);
        using var file = NwbFile.Open(folder["silent.nwb"]);
        Assert.Empty(file.Warnings);
        Assert.All(file.Table("/processing/simulate/units").Column("spike_times")!.Cells, static cell => Assert.Empty((object[])cell));
    }

    [Fact]
    public void The_same_recording_in_other_pieces_gives_the_same_bytes()
    {
        Write("one.nwb", [[0.5, 1.5, 0.25]], [2, 0, 1, 0]);
        Write("two.nwb", [[0.5], [], [1.5, 0.25]], [2, 0, 1, 0]);
        Assert.Equal(File.ReadAllBytes(folder["one.nwb"]), File.ReadAllBytes(folder["two.nwb"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Other_than_as_many_spikes_as_were_counted_are_a_fault_and_leave_no_file(int spikes)
    {
        Assert.Throws<ArgumentException>(() => Write("bad.nwb", [new double[spikes]], [2, 0, 1, 0]));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(folder["bad.nwb"])!));
    }

    private void Write(string name, IEnumerable<double[]> times, long[] counts)
    {
        using var writer = NwbWriter.Create(folder[name], About);
        writer.Units("simulate", new("the network's units", ["E", "E", "E", "I"], [0, 1, 2, 0], counts, times, 1e-4));
        writer.Trials("simulate", [0, 2], [2, 4]);
        writer.Series("simulate", "V", new("V of E", "volts", 1e-3, [-65, -60, -64, -61, -63, -62], 2, 0.5, 2, null));
        writer.Series("simulate", "rates_E", new("rate of E", "hertz", 1, [1, 2, 3], 1, 0.1, null, [0.1, 0.2, 1.7]));
        writer.Commit();
    }
}
