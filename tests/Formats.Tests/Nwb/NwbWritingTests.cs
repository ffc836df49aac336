using BrainModular.Formats.Hdf5;
using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

public sealed class NwbWritingTests : IDisposable
{
    private static readonly NwbFileDescription About = new(
        "fit-1", "a fit", new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), "electrode of cell.nwb");

    private static readonly double[] Current = [.. Enumerable.Range(0, 10000).Select(i => i < 2000 ? 0 : 1e-10)];
    private static readonly double[] Recorded = [.. Enumerable.Range(0, 10000).Select(i => -0.07 + (0.001 * Math.Sin(i * 0.01)))];
    private static readonly double[] Fitted = [.. Recorded.Select(value => value + 1e-4)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sweeps_that_are_written_are_read_back_to_the_bit()
    {
        Write("fit.nwb");
        using var file = NwbFile.Open(_folder["fit.nwb"]);
        Assert.Empty(file.Warnings);
        Assert.Equal(("2.7.0", "fit-1", "a fit", About.SessionStart), (file.Session.Version, file.Session.Identifier, file.Session.Description, file.Session.StartTime));
        Assert.Equal([3L, 12L], file.Sweeps.Select(sweep => sweep.Number));
        var samples = file.Read(file.Sweep(12));
        Assert.Equal((20000.0, Current.Length), (samples.Rate, samples.Current.Length));
        Assert.Equal(Current, samples.Current);
        Assert.Equal(Recorded, samples.Potential);
        Assert.Equal("steps", file.Sweep(12).Response.Series.StimulusDescription);

        // The model's trace is there, with its sweep's number, but is no sweep to fit again.
        var fitted = file.Series.Single(series => series.Path == "/processing/fit/modelled_0012");
        Assert.Equal((12L, "volts", "CurrentClampSeries"), (fitted.SweepNumber, fitted.Unit, fitted.Object.Type));
        Assert.Equal(Fitted, fitted.Read());
        Assert.Equal(Fitted[9000..9005], fitted.Read(9000, 5));
    }

    [Fact]
    public void Parameters_are_a_table()
    {
        Write("fit.nwb");
        using var file = NwbFile.Open(_folder["fit.nwb"]);
        var table = file.Table("/analysis/parameters");
        Assert.Equal(["gNa", "EL"], table.Column("name")!.Cells);
        Assert.Equal([20.5, -65.0], table.Column("value")!.Cells);
        Assert.Equal("in the unit of the next column", table.Column("value")!.Description);
        Assert.Equal([0L, 1L], table.Ids);
    }

    [Fact]
    public void A_simulation_without_a_recording_has_stimuli_only()
    {
        using (var writer = NwbWriter.Create(_folder["simulation.nwb"], About))
        {
            writer.Stimulus(1, 1000, Current, "steps");
            writer.Modelled("simulate", 1, 1000, Fitted, "steps");
            writer.Commit();
        }

        using var file = NwbFile.Open(_folder["simulation.nwb"]);
        Assert.Empty(file.Sweeps);
        Assert.Equal(2, file.Series.Count);
        Assert.Empty(file.Warnings);
    }

    [Fact]
    public void The_same_description_and_samples_give_the_same_bytes()
    {
        Write("one.nwb");
        Write("two.nwb");
        Assert.Equal(File.ReadAllBytes(_folder["one.nwb"]), File.ReadAllBytes(_folder["two.nwb"]));
    }

    [Fact]
    public void Every_object_has_a_unique_identifier_of_uuid_form()
    {
        Write("fit.nwb");
        using var file = NwbFile.Open(_folder["fit.nwb"]);
        Assert.All(file.Objects, found => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", found.ObjectId));
        Assert.Equal(file.Objects.Count, file.Objects.Select(found => found.ObjectId).Distinct().Count());
    }

    [Fact]
    public void Samples_are_compressed_in_pieces()
    {
        Write("fit.nwb");
        using var file = Hdf5File.Open(_folder["fit.nwb"]);
        var data = file.Dataset("/stimulus/presentation/stimulus_0003/data");
        Assert.Equal([8192L], data.Chunk);
        Assert.Equal(["shuffle", "deflate"], data.Filters);
    }

    private void Write(string name)
    {
        using var writer = NwbWriter.Create(_folder[name], About);
        foreach (var sweep in new[] { 12, 3 })
        {
            writer.Recorded(sweep, 20000, Recorded, "steps");
            writer.Stimulus(sweep, 20000, Current, "steps");
            writer.Modelled("fit", sweep, 20000, Fitted, "steps");
        }

        writer.Table(
            "parameters",
            "the fit's parameters",
            [
                new("name", "the parameter's name", new[] { "gNa", "EL" }),
                new("value", "in the unit of the next column", new[] { 20.5, -65.0 }),
                new("unit", "the parameter's unit", new[] { "uS", "mV" }),
            ]);
        writer.Commit();
    }
}
