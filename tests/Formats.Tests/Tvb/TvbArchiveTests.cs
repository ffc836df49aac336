using System.IO.Compression;
using BrainModular.Diagnostics;
using BrainModular.Formats.Tvb;

namespace BrainModular.Formats.Tests.Tvb;

public sealed class TvbArchiveTests
{
    private static readonly (string Name, string Text)[] Whole =
        [("weights.txt", "0 1\n2e-1 0\n"), ("tract_lengths.txt", "0\t10\r\n 20 0\r\n"), ("centres.txt", "A 1 2 3\nB 4 5 6\n"), ("cortical.txt", "1 0\n")];

    [Theory]
    [InlineData("")]
    [InlineData("Some folder/")]
    public void An_archive_is_read_from_its_root_or_a_folder(string folder)
    {
        var read = Read([.. Whole.Select(e => (folder + e.Name, e.Text)), ("__MACOSX/" + folder + "weights.txt", "junk"), (folder + "._weights.txt", "junk")]);
        Assert.Equal(["A", "B"], read.Labels);
        Assert.Equal([[0, 1], [0.2, 0]], read.Weights);
        Assert.Equal([[0, 10], [20, 0]], read.TractLengths!);
        Assert.Equal([[1, 2, 3], [4, 5, 6]], read.Centres);
        Assert.Equal([1, 0], read.Cortical!);
        Assert.Null(read.Areas);
    }

    [Theory]
    [InlineData("../weights.txt")]
    [InlineData("a/../../weights.txt")]
    [InlineData("/etc/weights.txt")]
    [InlineData("..\\weights.txt")]
    [InlineData("C:weights.txt")]
    public void A_name_that_leads_out_of_the_archive_is_refused(string name) =>
        Assert.Equal(name, Fault("BM3242", [.. Whole, (name, "0")]).Place.Path);

    [Fact]
    public void An_entry_that_expands_without_end_is_refused_before_it_is_held()
    {
        // 64 MiB of zeros in some 64 KB; no more than the bound and a line's growth is ever held.
        using var folder = new TemporaryFolder();
        var path = Write(folder, [.. Whole.Skip(1), ("weights.txt", new string('0', 1 << 26))]);
        Assert.True(new FileInfo(path).Length < 1 << 18);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DiagnosticAssert.Fails("BM3243", () => new TvbArchive(path, 1 << 16).Read());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void A_cell_that_is_no_number_is_named_by_line_and_column()
    {
        var fault = Fault("BM3223", [("weights.txt", "0 1\n2 nan\n"), .. Whole.Skip(1)]);
        Assert.Equal(("weights.txt", 2, 2), (fault.Place.Path, fault.Place.Line, fault.Place.Column));
        Fault("BM3223", [.. Whole.Take(2), ("centres.txt", "A 1 2 3\nB 4 five 6\n")]);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Fault("BM3228", [("weights.txt", "0 1\n2\n"), .. Whole.Skip(1)]);
        Fault("BM3228", [("weights.txt", "0 1\n"), .. Whole.Skip(1)]);
        Fault("BM3228", [Whole[0], ("tract_lengths.txt", "0 1 2\n0 1 2\n"), Whole[2]]);
        Fault("BM3228", [.. Whole.Take(2), ("centres.txt", "A 1 2\nB 4 5\n")]);
        Fault("BM3228", [.. Whole.Take(3), ("areas.txt", "1 2 3\n")]);
    }

    [Fact]
    public void What_an_archive_lacks_is_named_with_what_it_has()
    {
        Assert.Contains("weights.txt.bz2", Fault("BM3241", [("weights.txt.bz2", "x"), .. Whole.Skip(1)]).Expected, StringComparison.Ordinal);
        Assert.Contains("centres.txt", Fault("BM3241", Whole[..2]).Problem, StringComparison.Ordinal);
        Fault("BM3241", [.. Whole, ("other/weights.txt", "0")]);
        Assert.Null(Read([Whole[0], Whole[2]]).TractLengths);
    }

    [Fact]
    public void A_file_that_is_no_zip_or_was_cut_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        DiagnosticAssert.Fails("BM3001", () => new TvbArchive(folder["missing.zip"]).Read());
        File.WriteAllText(folder["a.zip"], "not a zip");
        DiagnosticAssert.Fails("BM3240", () => new TvbArchive(folder["a.zip"]).Read());
        var path = Write(folder, Whole);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        DiagnosticAssert.Fails("BM3240", () => new TvbArchive(path).Read());
    }

    private static TvbConnectivity Read((string Name, string Text)[] entries)
    {
        using var folder = new TemporaryFolder();
        return new TvbArchive(Write(folder, entries)).Read();
    }

    private static Diagnostic Fault(string id, (string Name, string Text)[] entries)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, entries);
        return DiagnosticAssert.Fails(id, () => new TvbArchive(path).Read());
    }

    private static string Write(TemporaryFolder folder, (string Name, string Text)[] entries)
    {
        using var zip = ZipFile.Open(folder["b.zip"], ZipArchiveMode.Create);
        foreach (var (name, text) in entries)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.SmallestSize).Open());
            writer.Write(text);
        }

        return folder["b.zip"];
    }
}
