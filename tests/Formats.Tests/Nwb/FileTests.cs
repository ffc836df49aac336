using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_version_before_1_is_refused_by_its_name()
    {
        using var nwb = new SmallNwb(_folder["old.nwb"], version: null);
        nwb.Writer.Dataset("/nwb_version", "NWB-0.8.2");
        var diagnostic = DiagnosticAssert.Fails("BM3021", () => nwb.Open());
        Assert.Contains("NWB-0.8.2", diagnostic.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_of_an_extension_are_known_by_the_files_own_specification()
    {
        const string specification = """
            {"groups":[{"neurodata_type_def":"LabClampSeries","neurodata_type_inc":"CurrentClampSeries"},
                       {"neurodata_type_def":"LabThing","neurodata_type_inc":"NWBContainer"}]}
            """;
        using var nwb = new SmallNwb(_folder["lab.nwb"]);
        nwb.Writer.Dataset("/specifications/lab/1.0/lab", specification);
        nwb.Writer.Dataset("/specifications/broken/1.0/broken", "no JSON");
        nwb.Series("/acquisition/a", "LabClampSeries", new[] { -0.07 }, "volts", 5);
        nwb.Group("/general/thing", "LabThing");
        nwb.Group("/general/unknown", "NobodyKnows");
        using var file = nwb.Open();
        Assert.Equal(NwbClamp.Current, file.Sweep(5).Clamp);
        Assert.Equal(["LabClampSeries", "LabThing", "NobodyKnows"], file.Objects.Select(found => found.Type).Order());
        Assert.Single(file.Series);
    }

    [Fact]
    public void A_file_without_its_required_texts_opens_with_warnings()
    {
        using (var writer = Formats.Hdf5.Hdf5Writer.Create(_folder["bare.nwb"]))
        {
            writer.Attribute("/", "nwb_version", "2.6.0");
            writer.Dataset("/session_start_time", "yesterday");
            writer.Dataset("/general/experimenter", "one name");
            writer.Commit();
        }

        using var file = NwbFile.Open(_folder["bare.nwb"]);
        Assert.Equal(["BM3022", "BM3022", "BM3026", "BM3026"], file.Warnings.Select(warning => warning.Id).Order());
        Assert.Equal(["one name"], file.Session.Experimenters);
        Assert.Null(file.Session.StartTime);
    }

    [Fact]
    public void An_object_of_two_names_is_listed_once_and_a_circle_of_groups_ends()
    {
        using var nwb = new SmallNwb(_folder["circle.nwb"]);
        nwb.Series("/acquisition/a", "CurrentClampSeries", new[] { -0.07 }, "volts", 5);
        nwb.Writer.HardLink("/processing/again", "/acquisition/a");
        nwb.Writer.HardLink("/acquisition/up", "/acquisition");
        using var file = nwb.Open();
        Assert.Equal("/acquisition/a", Assert.Single(file.Series).Path);
    }

    [Fact]
    public void Nested_ragged_columns_are_grouped_twice()
    {
        using var nwb = new SmallNwb(_folder["table.nwb"]);
        nwb.Table("/units", "Units", "waves");
        nwb.Writer.Dataset("/units/waves", new[] { 1.0, 2.0, 3.0, 4.0, 5.0 });
        nwb.Writer.Dataset("/units/waves_index", new byte[] { 2, 3, 5 });
        nwb.Writer.Dataset("/units/waves_index_index", new byte[] { 2, 3 });
        using var file = nwb.Open();
        var units = file.Table("/units").Column("waves")!.Cells.Cast<object[]>().Select(unit => unit.Cast<object[]>().Select(wave => wave.Cast<double>().ToArray()).ToArray());
        Assert.Equal([[[1, 2], [3]], [[4, 5]]], units);
        Assert.Equal([0L, 1L], file.Table("/units").Ids);
    }

    [Fact]
    public void A_thousand_series_are_indexed_without_being_read()
    {
        using var nwb = new SmallNwb(_folder["many.nwb"]);
        for (var i = 0; i < 1000; i++)
        {
            nwb.Series($"/acquisition/s{i:D4}", "TimeSeries", new double[2], "m");
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var file = nwb.Open();
        Assert.Equal(1000, file.Series.Count);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void A_recording_cut_anywhere_is_refused()
    {
        using (var nwb = new SmallNwb(_folder["whole.nwb"]))
        {
            nwb.Pair("a", "b", 1);
            nwb.Open().Dispose();
        }

        var whole = File.ReadAllBytes(_folder["whole.nwb"]);
        for (var length = 0; length < whole.Length; length += 131)
        {
            File.WriteAllBytes(_folder["cut.nwb"], whole[..length]);
            var exception = Assert.Throws<Diagnostics.DiagnosticException>(() => NwbFile.Open(_folder["cut.nwb"]));
            Assert.Contains(exception.Diagnostics[0].Id, new[] { "BM3003", "BM3004", "BM3005" });
        }
    }

    [Fact]
    public void Damaged_samples_are_read_as_numbers_or_refused_with_their_index()
    {
        using (var nwb = new SmallNwb(_folder["whole.nwb"]))
        {
            nwb.Series("/acquisition/a", "IZeroClampSeries", Enumerable.Repeat(-0.0701, 100).ToArray(), "volts", 1);
            nwb.Open().Dispose();
        }

        var whole = File.ReadAllBytes(_folder["whole.nwb"]);
        var start = whole.AsSpan().IndexOf(BitConverter.GetBytes(-0.0701));
        var random = new System.Random(1);
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            var sample = random.Next(100);
            var damaged = (byte[])whole.Clone();
            damaged[start + (8 * sample) + 7] = (byte)random.Next(256);
            File.WriteAllBytes(_folder["damaged.nwb"], damaged);
            using var file = NwbFile.Open(_folder["damaged.nwb"]);
            var value = BitConverter.ToDouble(damaged, start + (8 * sample));
            if (Math.Abs(value) <= 1)
            {
                Assert.Equal(value, file.Read(file.Sweep(1)).Potential[sample]);
                continue;
            }

            refused++;
            var id = double.IsFinite(value) ? "BM3103" : "BM3101";
            Assert.Contains($"sample {sample} ", DiagnosticAssert.Fails(id, () => file.Read(file.Sweep(1))).Problem, StringComparison.Ordinal);
        }

        Assert.InRange(refused, 10, 50);
    }
}
