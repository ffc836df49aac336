using System.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Tests.Hdf5;

public sealed class Hdf5WritingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        var numbers = Enumerable.Range(0, 1000).Select(i => Math.Sin(i)).ToArray();
        using var file = WriteAndOpen(writer =>
        {
            writer.Dataset("/a/b/numbers", numbers, [10, 100], new Hdf5Storage([4, 30], Deflate: 4, Shuffle: true));
            writer.Dataset("/texts", new[] { "µV", "", "zwei Wörter" });
            writer.Dataset("/flags", new[] { true, false });
            writer.Dataset("/bytes", new byte[] { 0, 255 });
            writer.Dataset("/scalar", 2.5f);
            writer.Dataset("/nothing", Array.Empty<double>());
            writer.Dataset("/references", new[] { new Hdf5Target("/texts"), new Hdf5Target("/a/b") });
            writer.Records("/records", [new("first", new[] { 1, 2 }), new("second", new[] { 1L << 40, -1L }), new("target", new[] { new Hdf5Target("/a"), new Hdf5Target("/flags") })]);
        });
        Assert.Equal(numbers, file.ReadDoubles("/a/b/numbers"));
        Assert.Equal(numbers.AsSpan(210, 20).ToArray(), file.ReadDoubles("/a/b/numbers", new Hdf5Window([2, 10], [1, 20])));
        Assert.Equal(["shuffle", "deflate"], file.Dataset("/a/b/numbers").Filters);
        Assert.Equal(["µV", "", "zwei Wörter"], file.ReadTexts("/texts"));
        Assert.Equal([true, false], file.Read("/flags").Elements.Cast<bool>());
        Assert.Equal([1.0, 0.0], file.ReadDoubles("/flags"));
        Assert.Equal([0L, 255L], file.ReadLongs("/bytes"));
        Assert.Empty(file.Dataset("/scalar").Shape);
        Assert.Equal([2.5], file.ReadDoubles("/scalar"));
        Assert.Empty(file.ReadDoubles("/nothing"));
        Assert.Equal(["/texts", "/a/b"], file.Read("/references").Elements.Select(reference => file.PathOf((Hdf5Reference)reference)));
        var record = (IReadOnlyDictionary<string, object>)file.Read("/records").Elements[0];
        Assert.Equal((1L, 1L << 40, "/a"), ((long)record["first"], (long)record["second"], file.PathOf((Hdf5Reference)record["target"])));
    }

    [Fact]
    public void A_program_started_meanwhile_keeps_no_file_from_being_finished_and_read()
    {
        var path = _folder["a.h5"];
        using var writer = Hdf5Writer.Create(path);
        using var program = Process.Start("sleep", "60");
        try
        {
            writer.Dataset("/a", new[] { 1.5 });
            writer.Commit();
            using var file = Hdf5File.Open(path);
            Assert.Equal([1.5], file.ReadDoubles("/a"));
        }
        finally
        {
            program.Kill();
            program.WaitForExit();
        }
    }

    [Fact]
    public void Attributes_are_written_and_read_back()
    {
        using var file = WriteAndOpen(writer =>
        {
            writer.Group("/group");
            writer.Attribute("/group", "text", "ein Text");
            writer.Attribute("/group", "texts", new[] { "a", "b" });
            writer.Attribute("/group", "none", Array.Empty<string>());
            writer.Attribute("/group", "rate", 20000.0);
            writer.Attribute("/group", "sweep", 7u);
            writer.Attribute("/group", "flag", true);
            writer.Attribute("/group", "target", new Hdf5Target("/group"));
        });
        var attributes = file.Attributes("/group");
        Assert.Equal("ein Text", attributes["text"].Text);
        Assert.Equal(["a", "b"], attributes["texts"].Texts);
        Assert.Empty(attributes["none"].Elements);
        Assert.Equal(20000, attributes["rate"].Number);
        Assert.Equal(7, attributes["sweep"].Number);
        Assert.Equal(true, attributes["flag"].Elements[0]);
        Assert.Equal("/group", file.PathOf(attributes["target"].Reference!.Value));
        Assert.Equal(7, file.Get("/group").AttributeCount);
    }

    [Fact]
    public void Links_to_other_files_of_the_folder_are_followed()
    {
        Write("other.h5", writer => writer.Dataset("/deep/x", new[] { 1.0, 2.0 }));
        using var file = WriteAndOpen(writer =>
        {
            writer.ExternalLink("/elsewhere", "other.h5", "/deep");
            writer.ExternalLink("/self", "file.h5", "/self");
            writer.ExternalLink("/missing", "missing.h5", "/x");
            writer.Dataset("/x", 1.0);
            writer.HardLink("/again", "/x");
        });
        Assert.Equal([1.0, 2.0], file.ReadDoubles("/elsewhere/x"));
        Assert.Equal(_folder["other.h5"], file.Get("/elsewhere/x").File);
        DiagnosticAssert.Fails("BM3015", () => file.Get("/self"));
        DiagnosticAssert.Fails("BM3001", () => file.Get("/missing"));
        Assert.Equal(file.Get("/x").Address, file.Get("/again").Address);
    }

    [Fact]
    public void A_file_that_is_not_committed_leaves_nothing_behind()
    {
        var path = _folder["file.h5"];
        using (var writer = Hdf5Writer.Create(path))
        {
            writer.Dataset("/x", 1.0);
            Assert.True(File.Exists(path + ".partial"));
            Assert.False(File.Exists(path));
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void The_same_calls_write_the_same_bytes()
    {
        foreach (var name in new[] { "one.h5", "two.h5" })
        {
            Write(name, writer =>
            {
                writer.Dataset("/g/x", new double[100], null, new Hdf5Storage([10], 4, true));
                writer.Dataset("/g/text", "text");
                writer.Attribute("/g", "a", new[] { "b", "c" });
            });
        }

        Assert.Equal(File.ReadAllBytes(_folder["one.h5"]), File.ReadAllBytes(_folder["two.h5"]));
    }

    [Fact]
    public void A_path_below_a_file_is_no_place_to_write_to()
    {
        File.WriteAllText(_folder["plain"], "");
        Assert.Equal(6, DiagnosticAssert.Fails("BM6105", () => Hdf5Writer.Create(Path.Combine(_folder["plain"], "x.h5"))).ExitCode);
    }

    private void Write(string name, Action<Hdf5Writer> write)
    {
        using var writer = Hdf5Writer.Create(_folder[name]);
        write(writer);
        writer.Commit();
    }

    private Hdf5File WriteAndOpen(Action<Hdf5Writer> write)
    {
        Write("file.h5", write);
        return Hdf5File.Open(_folder["file.h5"]);
    }
}
