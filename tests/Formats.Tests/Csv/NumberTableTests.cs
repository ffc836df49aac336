using System.IO.Compression;
using System.Text;
using BrainModular.Formats.Csv;

namespace BrainModular.Formats.Tests.Csv;

public sealed class NumberTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public void A_packed_table_of_a_real_recording_is_read()
    {
        var table = NumberTable.Open(RealData.Require("icephys-qsnmc2007", "Challenge_A", "training", "11-0.voltage.gz"));
        Assert.Equal((3, 34000L), (table.Columns, table.Count));
        Assert.Equal(Enumerable.Range(0, 34000).Select(static i => (double)i), table.Column(0).ToArray());
        Assert.Equal([-56.9922, -57.0547, -56.9297], table.Column(2).ToArray()[..3], static (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal((-4.375, 15.625), (table.Column(1).ToArray()[0], table.Column(1).ToArray()[33998]));
    }

    [Theory]
    [InlineData("1 2\n3 4\n")]
    [InlineData("\"time\",\"I\"\n\n1, 2\r\n3,4")]
    [InlineData("% a head of 3 words\n1;2\n\n3;4\n")]
    [InlineData("  1\t2.0e0\n  3\t4")]
    public void Heads_and_separators_of_any_kind_are_taken(string text)
    {
        File.WriteAllText(folder["table.txt"], text);
        var table = NumberTable.Open(folder["table.txt"]);
        Assert.Equal([1, 3], table.Column(0).ToArray());
        Assert.Equal([2, 4], table.Column(1).ToArray());
    }

    /// <summary>As spreadsheets write them where the comma is the decimal mark; commas alone, or beside points, are between columns.</summary>
    [Theory]
    [InlineData("t;I;V\n0,25;200,0;-50,5\n1;3,5e1;-4\n", new[] { 0.25, 200, -50.5, 1, 35, -4 })]
    [InlineData("0,25\t-50,5\n1,5\t-4\n", new[] { 0.25, -50.5, 1.5, -4 })]
    [InlineData("1,2;3,4\n5,6;7,8\n", new[] { 1.2, 3.4, 5.6, 7.8 })]
    [InlineData("1.5,2;3\n4,5;6\n", new[] { 1.5, 2, 3, 4, 5, 6 })]
    [InlineData("1,2,3;4\n5,6,7;8\n", new double[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData("1,2\n3,4\n", new double[] { 1, 2, 3, 4 })]
    public void Commas_between_semicolons_or_tabs_are_decimal(string text, double[] rows)
    {
        File.WriteAllText(folder["table.csv"], text);
        var table = NumberTable.Open(folder["table.csv"]);
        Assert.Equal(rows, Enumerable.Range(0, (int)table.Count).SelectMany(r => Enumerable.Range(0, table.Columns).Select(c => table.Column(c).ToArray()[r])));
    }

    [Theory]
    [InlineData("1 2\n3\n", 2, "the row has 1 numbers")]
    [InlineData("1 2\n3 x\n", 2, "'3 x' is no row of numbers")]
    [InlineData("1 2\n3 4\nnan 5\n", 3, "'nan 5' is no row of numbers")]
    [InlineData("nan 2\n3 4\n", 1, "'nan 2' is no row of numbers")]
    [InlineData("a head\n1 -inf\n3 4\n", 2, "'1 -inf' is no row of numbers")]
    [InlineData("1e999 2\n3 4\n", 1, "'1e999 2' is no row of numbers")]
    [InlineData("a head\n", null, "no row of numbers")]
    public void A_row_that_is_none_is_named_with_its_line(string text, int? line, string problem)
    {
        File.WriteAllText(folder["bad.txt"], text);
        var fault = DiagnosticAssert.Fails("BM2912", () => NumberTable.Open(folder["bad.txt"]));
        Assert.Equal(line, fault.Place.Line);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_file_that_was_cut_off_or_has_endless_lines_is_refused()
    {
        Pack("whole.gz", string.Concat(Enumerable.Range(0, 20000).Select(static i => $"{i} {i * i}\n")));
        File.WriteAllBytes(folder["cut.gz"], File.ReadAllBytes(folder["whole.gz"])[..20000]);
        DiagnosticAssert.Fails("BM2912", () => NumberTable.Open(folder["cut.gz"]));
        Pack("long.gz", new string('1', 1 << 20));
        DiagnosticAssert.Fails("BM2912", () => NumberTable.Open(folder["long.gz"]));
    }

    [Theory]
    [InlineData("1 2\n3 4\n", "5 6\n")]
    [InlineData("1 2\n3 4\n5 ", "6")]
    [InlineData("1 2\n", "3 4\n5 6\n", "")]
    [InlineData("\uFEFF1 2\n3 4\n5 6\n")]
    [InlineData("\uFEFF1 2\n", "3 4\n5 6\n")]
    [InlineData("1 2\n", "3 4\n5 6\n", null)]
    public void A_packed_file_of_several_members_or_with_a_mark_of_its_encoding_is_read(params string?[] members)
    {
        File.WriteAllBytes(folder["members.gz"], [.. members.SelectMany(static text => text is null ? EndOfBgzip : Packed(text))]);
        var table = NumberTable.Open(folder["members.gz"]);
        Assert.Equal([1, 3, 5], table.Column(0).ToArray());
        Assert.Equal([2, 4, 6], table.Column(1).ToArray());
    }

    [Fact]
    public void Of_several_members_the_last_one_must_be_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 20000).Select(static i => $"{i} {i * i}\n"));
        var members = (byte[])[.. Packed(text), .. Packed(text)];
        File.WriteAllBytes(folder["whole.gz"], members);
        Assert.Equal(40000, NumberTable.Open(folder["whole.gz"]).Count);
        foreach (var missing in (int[])[1, 4, 8, 9, 1000, members.Length / 4])
        {
            File.WriteAllBytes(folder["cut.gz"], members[..^missing]);
            DiagnosticAssert.Fails("BM2912", () => NumberTable.Open(folder["cut.gz"]));
        }

        // As long as it was, with zeros for what did not come.
        File.WriteAllBytes(folder["zeros.gz"], [.. members[..^1000], .. new byte[1000]]);
        DiagnosticAssert.Fails("BM2912", () => NumberTable.Open(folder["zeros.gz"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(19)]
    public void The_begin_of_a_packed_file_is_no_whole_one(int length)
    {
        File.WriteAllBytes(folder["begin.gz"], Packed("1 2\n3 4\n")[..length]);
        var fault = DiagnosticAssert.Fails("BM2912", () => NumberTable.Open(folder["begin.gz"]));
        Assert.Equal(folder["begin.gz"], fault.Place.File);
        Assert.Contains("copy the file again", fault.Cure, StringComparison.Ordinal);
    }

    private static byte[] EndOfBgzip => Convert.FromHexString("1f8b08040000000000ff0600424302001b0003000000000000000000");

    private static byte[] Packed(string text)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private void Pack(string name, string text) => File.WriteAllBytes(folder[name], Packed(text));
}
