using System.IO.Compression;
using System.Text;
using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Tests.Arrays;

/// <summary>Files that NumPy 1.24 wrote, compressed; and what is no such file.</summary>
public sealed class NpyFileTests
{
    private static readonly Dictionary<string, string> Written = new()
    {
        ["float32"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYGBnsGhgYgZjjAwODgwMDQ4ZAv1GwFACeJnoSYAAAA",
        ["fortran"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaRjoKxjoKJpo6CrUKZAIuBhSg4QChBaC0AZRWgNImUPqDPYTWgvJFoLQhlFaC0qZQmgFK60BpCShtBKVVoLQZlOaA0npQWgZKG0NpNSht7gAAuB5Y60ABAAA=",
        ["version 2"] = "H4sIAAAAAAACA5vsF+obEMnEUMLAwFCtnpJanFykbqWgbpNmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxpo6CrUKZAIuBjB4YA+hP0BphgMQisMBQgs6/Fn58ZJvUoA9AGP2XfawAAAA",
        ["one axis"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GFPDBHspwAAAkIeErmAAAAA==",
        ["scalar"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAEuBjCQcwAA7k4XI4gAAAA=",
        ["big-endian"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6XZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLnsGBgb7BgaGA0DawQGIOxgYrJqF8gHYSyN8mAAAAA==",
        ["whole numbers"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GKGCE0kxQGgD3QBLqmAAAAA==",
        ["empty"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GgY6CsaaOgq1CmQDLgBY+2D4gAAAAA==",
        ["records"] = "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6lEK2hnqiuo6Buk2airqmjoKGeBOZlAnmxQEZaflFJUWJefH5RSipIuVtiTnEqULw4I7EgFcjXMNIB6qpVIAZwMaABABWgsLmQAAAA",
    };

    [Theory]
    [InlineData("float32", "[2, 3]", 0.5, 1.0, -2.0, 3.0, 4.25, 0.0010000000474974513)]
    [InlineData("version 2", "[2, 3]", 0.5, 1.0, -2.0, 3.0, 4.25, 0.001)]
    [InlineData("one axis", "[3]", 0.0, 1.0, 2.0)]
    [InlineData("scalar", "[]", 7.5)]
    public void What_numpy_wrote_is_read(string name, string shape, params double[] elements)
    {
        var array = NpyFile.Decode(Numpy(name), "a.npy");

        Assert.Equal(shape, array.ShapeText);
        Assert.Equal(elements, array.Elements);
        Assert.Equal(name == "float32", array.IsSingle);
    }

    [Fact]
    public void The_order_of_fortran_is_turned_round()
    {
        var array = NpyFile.Decode(Numpy("fortran"), "a.npy");

        Assert.Equal([2, 3, 4], array.Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(static i => (double)i), array.Elements);
    }

    [Fact]
    public void An_axis_may_have_no_length()
    {
        var array = NpyFile.Decode(Numpy("empty"), "a.npy");

        Assert.Equal([0, 3], array.Shape);
        Assert.Empty(array.Elements);
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("one axis")]
    [InlineData("scalar")]
    [InlineData("empty")]
    public void What_is_written_has_the_bytes_that_numpy_writes(string name)
    {
        var numpy = Numpy(name);

        Assert.Equal(Convert.ToHexString(numpy), Convert.ToHexString(NpyFile.Encode(NpyFile.Decode(numpy, "a.npy"))));
    }

    [Theory]
    [InlineData("big-endian", "'>f4'")]
    [InlineData("whole numbers", "'<i8'")]
    [InlineData("records", "[('a', '<f4'), ('b', '<i4')]")]
    public void Numbers_of_another_kind_are_refused_and_named(string name, string kind)
    {
        var fault = DiagnosticAssert.Fails("BM3602", () => NpyFile.Decode(Numpy(name), "a.npy"));

        Assert.Equal("a.npy", fault.Place.File);
        Assert.Contains(kind, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_damaged()
    {
        var whole = Numpy("float32");
        for (var length = 0; length < whole.Length; length++)
        {
            DiagnosticAssert.Fails("BM3601", () => NpyFile.Decode(whole.AsSpan(0, length), "a.npy"));
        }

        DiagnosticAssert.Fails("BM3601", () => NpyFile.Decode([.. whole, 0], "a.npy"));
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (0x1,), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}")]
    [InlineData("not a header")]
    public void A_header_that_numpy_does_not_write_is_refused(string header) =>
        DiagnosticAssert.Fails("BM3601", () => NpyFile.Decode([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[8]], "a.npy"));

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Equal("absent.npy", DiagnosticAssert.Fails("BM3600", () => NpyFile.Read("absent.npy")).Place.File);

    private static byte[] Numpy(string name)
    {
        using var stream = new GZipStream(new MemoryStream(Convert.FromBase64String(Written[name])), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
