using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Tests.Hdf5;

public sealed class BrokenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_named()
    {
        var diagnostic = DiagnosticAssert.Fails("BM3001", () => Hdf5File.Open(_folder["no.nwb"]));
        Assert.Equal(_folder["no.nwb"], diagnostic.Place.File);
        Assert.Equal(3, diagnostic.ExitCode);
        DiagnosticAssert.Fails("BM3001", () => Hdf5File.Open(_folder["no/folder.nwb"]));
    }

    [Fact]
    public void A_folder_an_empty_file_and_a_foreign_file_each_have_their_own_message()
    {
        DiagnosticAssert.Fails("BM3002", () => Hdf5File.Open(Path.GetTempPath()));
        File.WriteAllText(_folder["empty.nwb"], "");
        DiagnosticAssert.Fails("BM3003", () => Hdf5File.Open(_folder["empty.nwb"]));
        File.WriteAllText(_folder["pointer.nwb"], "version https://git-lfs.github.com/spec/v1");
        Assert.Contains("LFS", DiagnosticAssert.Fails("BM3004", () => Hdf5File.Open(_folder["pointer.nwb"])).Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_permission_is_a_matter_of_the_environment()
    {
        var diagnostic = Assert.Single(Hdf5Fault.System("x.nwb", new UnauthorizedAccessException()).Diagnostics);
        Assert.Equal(("BM6103", 6), (diagnostic.Id, diagnostic.ExitCode));
    }

    [Fact]
    public void Numbers_that_look_like_damaged_heaps_to_which_nothing_points_are_read()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).SelectMany(static _ => (byte[])[.. "GCOL\u0001\0\0\0"u8, .. Enumerable.Repeat((byte)255, 4095)])];
        using (var writer = Hdf5Writer.Create(_folder["bytes.h5"]))
        {
            writer.Dataset("/bytes", bytes);
            writer.Commit();
        }

        using var file = Hdf5File.Open(_folder["bytes.h5"]);
        Assert.Equal(bytes.Length, file.ReadLongs("/bytes").Length);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_as_truncated()
    {
        var whole = File.ReadAllBytes(_folder.Fixture("kinds.h5"));
        var path = _folder["cut.h5"];
        for (var length = 8; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(path, whole[..length]);
            DiagnosticAssert.Fails("BM3005", () => Hdf5File.Open(path));
        }

        File.WriteAllBytes(path, whole);
        Hdf5File.Open(path).Dispose();
    }

    [SkippableFact]
    public void A_pipe_is_an_empty_file_and_nobody_waits_for_its_writer()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes have no names in folders there");
        using (var made = System.Diagnostics.Process.Start("mkfifo", _folder["pipe"]))
        {
            made.WaitForExit();
        }

        DiagnosticAssert.Fails("BM3003", () => Hdf5File.Open(_folder["pipe"]));
        DiagnosticAssert.Fails("BM3003", () => BrainModular.Formats.Csv.CsvTable.Open(_folder["pipe"], ',', header: true));
    }

    [Theory]
    [InlineData("GCOL", 8, "a heap of texts would have")]
    [InlineData("GCOL", 24, "object 1 of a heap of texts would have")]
    [InlineData("TREE", 32, "a group's node points to byte")]
    [InlineData("SNOD", 16, "a member of a group would lie at byte")]
    public void Structures_that_the_library_believes_without_a_look_are_checked_before_it_sees_them(string signature, int at, string problem)
    {
        var path = _folder.Fixture("kinds.h5");
        var bytes = File.ReadAllBytes(path);
        var place = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(signature));
        bytes.AsSpan(place + at, 8).Fill(0x7E);
        File.WriteAllBytes(path, bytes);
        var fault = DiagnosticAssert.Fails("BM3008", () => Hdf5File.Open(path));
        Assert.StartsWith(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Equal($"byte {place}", fault.Place.Path);
    }

    [Fact]
    public void What_only_looks_like_a_damaged_structure_does_not_keep_a_file_from_being_read()
    {
        // Half of a heap that nothing points to, as it is left behind where texts were replaced.
        var path = _folder.Fixture("kinds.h5");
        using (var stream = new FileStream(path, FileMode.Append))
        {
            stream.Write([.. "GCOL"u8, 1, 0, 0, 0, .. new byte[8], .. "SNOD"u8, 1, 0, 1, 0, .. Enumerable.Repeat((byte)0x7E, 40)]);
        }

        using var file = Hdf5File.Open(path);
        Assert.NotEmpty(file.Links("/"));
    }

    [Fact]
    public void Lzf_streams_that_are_broken_are_refused()
    {
        var output = new byte[8];
        Assert.Equal(3, LzfFilter.Decode([2, 1, 2, 3], output));
        Assert.Equal([1, 2, 3], output[..3]);

        // Two literals, then a copy of four bytes from two back, which overlaps itself.
        Assert.Equal(6, LzfFilter.Decode([1, 7, 8, 2 << 5, 1], output));
        Assert.Equal([7, 8, 7, 8, 7, 8], output[..6]);
        Assert.Equal(LzfFilter.Broken, LzfFilter.Decode([5, 1], output));
        Assert.Equal(LzfFilter.Broken, LzfFilter.Decode([1 << 5, 0], output));
        Assert.Equal(LzfFilter.Broken, LzfFilter.Decode([7 << 5], output));
        Assert.Equal(LzfFilter.TooLong, LzfFilter.Decode([0, 1, (7 << 5), 100, 0], output));
    }

    [Fact]
    public void A_missing_library_is_reported_with_what_was_tried_and_how_to_install_it()
    {
        var exception = Assert.Throws<DiagnosticException>(() => LibrarySearch.Load(["libnothing-1.so", "/nowhere/libnothing-2.so"]));
        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal(("BM6101", 6), (diagnostic.Id, diagnostic.ExitCode));
        Assert.Contains("libnothing-1.so, /nowhere/libnothing-2.so", diagnostic.Problem, StringComparison.Ordinal);
        Assert.Contains("libhdf5", diagnostic.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Libraries_extracted_above_the_program_are_found()
    {
        var folder = Directory.CreateDirectory(_folder[".native/usr/lib/x86_64-linux-gnu"]).FullName;
        File.WriteAllText(Path.Combine(folder, "libhdf5_serial.so.103"), "");
        var program = Directory.CreateDirectory(_folder["artifacts/bin/host"]).FullName;
        Assert.Equal([folder], LibrarySearch.ExtractedFolders(program));
    }
}
