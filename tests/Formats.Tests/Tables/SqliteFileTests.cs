using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;

namespace BrainModular.Formats.Tests.Tables;

/// <summary>Tables of databases that SQLite wrote, read as tables of text are, and damaged ones.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_are_those_that_were_inserted()
    {
        using var table = CsvTable.Open(folder.Fixture("cells.db", "Tables"), '\t', header: true, "my cells");
        Assert.Equal(["id", "a name", "x", "big"], table.Names);
        for (var i = 1; i <= 300; i++)
        {
            Assert.True(table.Read());
            Assert.Equal(i + 1, table.Line);
            Assert.Equal((3.0 * i, i / 7.0), (table.Number(0), table.Number(2)));
            Assert.Equal(i == 200 ? string.Concat(Enumerable.Repeat("long", 900)) : $"n{i},\"q\"", table.Text(1));
            Assert.Equal(((i % 2 == 0 ? 1L : -1L) << (i % 60)).ToString(CultureInfo.InvariantCulture), table.Text(3));
        }

        Assert.False(table.Read());
    }

    [Fact]
    public void Tables_are_named_where_there_are_several_and_other_kinds_are_refused()
    {
        var path = folder.Fixture("cells.db", "Tables");
        Assert.Contains("my cells, other, noid", DiagnosticAssert.Fails("BM3246", () => ReadAll(path, null)).Expected, StringComparison.Ordinal);
        DiagnosticAssert.Fails("BM3246", () => ReadAll(path, "cells"));
        DiagnosticAssert.Fails("BM3245", () => ReadAll(path, "noid"));
        Assert.Contains("default", DiagnosticAssert.Fails("BM3245", () => ReadAll(path, "other")).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generated", "id,kept,w")]
    [InlineData("alchemy", "id,w")]
    [InlineData("named", "w,Id")]
    [InlineData("blanks", "my \"id\",w")]
    [InlineData("comments", "id,w")]
    [InlineData("descending", "id,w")]
    [InlineData("short", "id,w")]
    [InlineData("sized", "id,w")]
    [InlineData("pair", "id,w")]
    [InlineData("brackets (", "id,w")]
    public void Columns_are_those_that_are_stored_in_whatever_form_they_were_declared(string name, string columns)
    {
        using var table = CsvTable.Open(folder.Fixture("forms.db", "Tables"), ',', header: true, name);
        Assert.Equal(columns, string.Join(',', table.Names));
        var (id, weight) = (name == "named" ? 1 : 0, table.Column("w"));
        foreach (var expected in new[] { (7.0, 0.5), (9.0, 1.5) })
        {
            Assert.True(table.Read());
            Assert.Equal(expected, (table.Number(id), table.Number(weight)));
        }

        Assert.False(table.Read());
    }

    [Theory]
    [InlineData(500, new byte[] { 0x81, 0x48, 7, 3, 0, 7 }, "of the file are left")] // 200 bytes each.
    [InlineData(2, new byte[] { 0xA7, 0x08, 7, 3, 0, 7 }, "page 2 is in two places")] // 5,000 bytes each, 908 of them on the page.
    public void Cells_that_are_pointed_at_several_times_do_not_multiply(int cells, byte[] cell, string problem)
    {
        const int PageSize = 4096, Root = 3, At = 2000;
        var path = folder.Fixture("forms.db", "Tables");
        var bytes = File.ReadAllBytes(path);
        var page = bytes.AsSpan(PageSize * (Root - 1), PageSize);
        BinaryPrimitives.WriteUInt16BigEndian(page[3..], (ushort)cells);
        for (var i = 0; i < cells; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(page[(8 + (2 * i))..], At);
        }

        cell.CopyTo(page[At..]);
        BinaryPrimitives.WriteUInt32BigEndian(page[(At + 3 + 908)..], 2);
        File.WriteAllBytes(path, bytes);
        Assert.Contains(problem, DiagnosticAssert.Fails("BM3245", () => ReadAll(path, "alchemy")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_that_are_not_in_the_file_yet_are_not_passed_over()
    {
        var path = folder.Fixture("cells.db", "Tables");
        File.WriteAllText($"{path}-wal", "changes");
        Assert.EndsWith("-wal", DiagnosticAssert.Fails("BM3245", () => ReadAll(path, "my cells")).Place.File, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_damaged_is_refused_or_read_and_never_more()
    {
        var path = folder.Fixture("cells.db", "Tables");
        var whole = File.ReadAllBytes(path);
        var random = new System.Random(1);
        var (refused, watch) = (0, Stopwatch.StartNew());
        for (var trial = 0; trial < 600; trial++)
        {
            var bytes = trial % 3 == 0 ? whole[..random.Next(16, whole.Length)] : (byte[])whole.Clone();
            for (var i = 0; trial % 3 > 0 && i < 20; i++)
            {
                bytes[trial % 3 == 1 ? random.Next(16, whole.Length) : random.Next(16, 612)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                ReadAll(path, "my cells");
            }
            catch (DiagnosticException fault)
            {
                Assert.StartsWith("BM32", Assert.Single(fault.Diagnostics).Id, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 300, 600);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }

    private static void ReadAll(string path, string? name)
    {
        using var table = CsvTable.Open(path, ',', header: true, name);
        while (table.Read())
        {
            _ = table.Text(0);
        }
    }
}
