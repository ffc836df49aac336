using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Tests.Hdf5;

public sealed class Hdf5ReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Hdf5File _kinds;

    public Hdf5ReadingTests() => _kinds = Hdf5File.Open(_folder.Fixture("kinds.h5"));

    public void Dispose()
    {
        _kinds.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Lzf_with_shuffle_is_read_through_our_own_decoder()
    {
        var expected = Enumerable.Range(0, 3000).Select(i => (long)(i / 7)).ToArray();
        Assert.Equal(expected, _kinds.ReadLongs("/lzf"));
        Assert.Equal(expected[990..1020], _kinds.ReadLongs("/lzf", Hdf5Window.Rows(990, 30)));
        Assert.Equal(["shuffle", "lzf"], _kinds.Dataset("/lzf").Filters);
    }

    [Fact]
    public void Numbers_of_unusual_size_and_order_are_read()
    {
        Assert.Equal([1.5, -2, 0.25], _kinds.ReadDoubles("/half"));
        Assert.Equal([1.5, -2, 0.25], _kinds.Read("/half").Elements.Cast<double>());
        Assert.Equal([1, -2, 300000], _kinds.ReadLongs("/big_endian"));
        Assert.Equal([1L, -2L, 300000L], _kinds.Read("/big_endian").Elements.Cast<long>());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (float)i), _kinds.ReadFloats("/checked"));
    }

    [Fact]
    public void Texts_enumerations_and_ragged_rows_are_read()
    {
        Assert.Equal(["ab", "cde"], _kinds.ReadTexts("/fixed_text"));
        Assert.Equal(["RED", "BLUE", "GREEN"], _kinds.ReadTexts("/colours"));
        var rows = _kinds.Read("/ragged").Elements.Cast<object[]>().Select(row => row.Cast<long>().ToArray());
        Assert.Equal([[1, 2], [], [3]], rows);
    }

    [Fact]
    public void Records_and_blocks_are_read()
    {
        var second = Assert.IsType<IReadOnlyDictionary<string, object>>(_kinds.Read("/records").Elements[1], exactMatch: false);
        Assert.Equal(2L, second["a"]);
        Assert.Equal(3.5, second["b"]);
        Assert.Equal("z", second["s"]);
        var point = Assert.IsType<IReadOnlyDictionary<string, object>>(_kinds.Read("/points").Elements[1], exactMatch: false);
        Assert.Equal([4.0, 5.0, 6.0], Assert.IsType<object[]>(point["p"]).Cast<double>());
    }

    [Fact]
    public void Attributes_of_every_kind_are_read()
    {
        var attributes = _kinds.Attributes("/");
        Assert.Empty(attributes["empty"].Elements);
        Assert.Equal(["/lzf", "/half"], attributes["references"].Elements.Select(reference => _kinds.PathOf((Hdf5Reference)reference)));
        Assert.Equal(_kinds.Get("/half").Address, ((Hdf5Reference)attributes["references"].Elements[1]).Address);
        Assert.Equal(Hdf5Kind.Opaque, attributes["region"].Type.Kind);
        Assert.Null(_kinds.Attribute("/", "missing"));
    }

    [Fact]
    public void Links_are_listed_and_followed()
    {
        var links = _kinds.Links("/").ToDictionary(link => link.Name);
        Assert.Equal(Hdf5LinkKind.Hard, links["lzf"].Kind);
        Assert.Equal(new Hdf5Link("soft", Hdf5LinkKind.Soft, "/lzf"), links["soft"]);
        Assert.Equal(new Hdf5Link("outside", Hdf5LinkKind.External, "/x", "../secret.h5"), links["outside"]);
        Assert.Equal("/lzf", _kinds.Get("/soft").Path);
        Assert.Equal(_kinds.Get("/lzf"), _kinds.Get("/soft"));
    }

    [Fact]
    public void Links_that_lead_nowhere_round_in_a_circle_or_outside_are_refused()
    {
        Assert.Null(_kinds.Find("/dangling"));
        Assert.Equal("/dangling", DiagnosticAssert.Fails("BM3010", () => _kinds.Get("/dangling")).Place.Path);
        DiagnosticAssert.Fails("BM3015", () => _kinds.ReadDoubles("/circle1"));
        DiagnosticAssert.Fails("BM3014", () => _kinds.ReadDoubles("/outside"));
        DiagnosticAssert.Fails("BM3010", () => _kinds.Get("/lzf/inside a dataset"));
    }

    [Fact]
    public void Elements_that_lie_in_other_files_are_not_read()
    {
        using var file = Hdf5File.Open(_folder.Fixture("elsewhere.h5"));
        Assert.Equal([10L], file.Dataset("/x").Shape);
        DiagnosticAssert.Fails("BM3014", () => file.ReadDoubles("/x"));
        DiagnosticAssert.Fails("BM3014", () => file.ReadDoubles("/virtual"));
    }

    [Fact]
    public void Groups_and_attributes_of_the_newest_format_are_read()
    {
        using var file = Hdf5File.Open(_folder.Fixture("latest.h5"));
        Assert.Equal(100, file.Links("/many").Count);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (double?)i), file.Attributes("/").OrderBy(pair => pair.Key).Select(pair => pair.Value.Number));
        Assert.Equal([7L, 9L], file.Dataset("/x").Chunk);
        var part = file.ReadDoubles("/x", new Hdf5Window([40, 95], [3, 5]));
        var expected = from row in Enumerable.Range(40, 3) from column in Enumerable.Range(95, 5) select (double)(((100 * row) + column) % 13);
        Assert.Equal(expected, part);
    }

    [Fact]
    public void A_window_outside_the_dataset_and_a_wrong_type_are_refused()
    {
        Assert.Equal("a part of 3000", DiagnosticAssert.Fails("BM3012", () => _kinds.ReadDoubles("/lzf", Hdf5Window.Rows(2999, 2))).Expected);
        DiagnosticAssert.Fails("BM3012", () => _kinds.ReadDoubles("/lzf", Hdf5Window.Rows(-1, 2)));
        DiagnosticAssert.Fails("BM3012", () => _kinds.ReadDoubles("/lzf", new Hdf5Window([0, 0], [1, 1])));
        DiagnosticAssert.Fails("BM3011", () => _kinds.ReadDoubles("/fixed_text"));
        DiagnosticAssert.Fails("BM3011", () => _kinds.ReadDoubles("/"));
        Assert.Empty(_kinds.ReadDoubles("/lzf", Hdf5Window.Rows(3000, 0)));
    }

    [Fact]
    public async Task Several_threads_read_one_file()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 50).Sum(_ => _kinds.ReadLongs("/lzf").Sum()))));
        Assert.All(sums, sum => Assert.Equal(50 * Enumerable.Range(0, 3000).Sum(i => (long)(i / 7)), sum));
    }

    [Fact]
    public void A_closed_file_says_so()
    {
        _kinds.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _kinds.ReadDoubles("/half"));
    }
}
