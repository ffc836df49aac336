using BrainModular.Formats.Csv;

namespace BrainModular.Formats.Tests.Csv;

public sealed class CsvTableTests
{
    [Theory]
    [InlineData(',', "a,b\n1,\"x, \"\"y\"\"\"\n\n2.5e-1,z\n")]
    [InlineData('\t', "a\tb\r\n1\t\"x, \"\"y\"\"\"\r\n2.5e-1\tz")]
    [InlineData(' ', "a b\n1 \"x, \"\"y\"\"\"\n2.5e-1 z\n")]
    public void Cells_are_read_with_their_quotes_and_blank_lines_passed_over(char delimiter, string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "\uFEFF" + text);
        using var table = CsvTable.Open(folder["a.csv"], delimiter, header: true);
        Assert.Equal(["a", "b"], table.Names);
        Assert.True(table.Read());
        Assert.Equal((1.0, "x, \"y\"", 2), (table.Number(0), table.Text(1), table.Line));
        Assert.True(table.Read());
        Assert.Equal((0.25, "z"), (table.Number(table.Column("a")), table.Text(table.Column("2"))));
        Assert.False(table.Read());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("")]
    [InlineData("1e999")]
    public void A_cell_that_is_no_number_is_named_by_line_and_column(string cell)
    {
        var fault = Fault("BM3223", $"a;b\n1;2\n3;{cell}\n", table =>
        {
            table.Read();
            table.Read();
            table.Number(1);
        });
        Assert.Equal((3, 2, "column b"), (fault.Place.Line, fault.Place.Column, fault.Place.Path));
        Assert.Contains($"'{cell}'", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;b\n1;2\n3\n", 3)]
    [InlineData("a;b\n1;2;3\n", 2)]
    public void A_row_of_another_length_is_refused(string text, int line) => Assert.Equal(line, Fault("BM3221", text, ReadAll).Place.Line);

    [Fact]
    public void A_quote_that_is_not_closed_is_refused() => Fault("BM3220", "a;b\n1;\"2\n", ReadAll);

    [Theory]
    [InlineData("c")]
    [InlineData("0")]
    [InlineData("3")]
    [InlineData("-1")]
    public void A_column_that_is_not_there_is_refused_with_those_that_are(string name) =>
        Assert.Contains("a, b", Fault("BM3222", "a;b\n", table => table.Column(name)).Expected, StringComparison.Ordinal);

    [Theory]
    [InlineData("\u0093NUMPY\u0001\0v\0{'descr'", "NumPy", "savetxt")]
    [InlineData("MATLAB 5.0 MAT-file, Platform: GLNXA64", "MATLAB", "writematrix")]
    [InlineData("MATLAB 7.3 MAT-file, Platform: GLNXA64", "MATLAB", "writematrix")]
    [InlineData("\u0089HDF\r\n\u001a\n\0\0", "HDF5", "sonata")]
    [InlineData("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1\0", "Excel 97", ".xlsx")]
    [InlineData("PAR1\u0015\u0004", "Parquet", "CSV")]
    [InlineData("<?xml version=\"1.0\"?>\n<graphml>", "XML", "source, target")]
    [InlineData("\u00ef\u00bb\u00bf<?xml version=\"1.0\"?>", "XML", "source, target")]
    [InlineData("<graphml xmlns=\"\">", "XML", "source, target")]
    public void A_file_of_another_program_is_named_with_what_to_do(string text, string name, string cure)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.csv"], System.Text.Encoding.Latin1.GetBytes(text));
        foreach (var fault in new[] { DiagnosticAssert.Fails("BM3247", () => CsvTable.Open(folder["a.csv"], ',', true)), DiagnosticAssert.Fails("BM3247", () => CsvDelimiter.Of(folder["a.csv"])) })
        {
            Assert.Contains(name, fault.Problem, StringComparison.Ordinal);
            Assert.Contains(cure, fault.Cure!, StringComparison.Ordinal);
            Assert.Equal(folder["a.csv"], fault.Place.File);
        }

        File.WriteAllText(folder["a.csv"], "<a,MATLAB\n1,2\n");
        CsvTable.Open(folder["a.csv"], ',', true).Dispose();
    }

    [Fact]
    public void Files_that_are_none_are_refused()
    {
        using var folder = new TemporaryFolder();
        DiagnosticAssert.Fails("BM3001", () => CsvTable.Open(folder["missing.csv"], ',', true));
        DiagnosticAssert.Fails("BM3002", () => CsvTable.Open(folder["."], ',', true));
        File.WriteAllText(folder["a.csv"], "");
        DiagnosticAssert.Fails("BM3003", () => CsvTable.Open(folder["a.csv"], ',', true));
        File.WriteAllText(folder["a.csv"], "\n\n");
        DiagnosticAssert.Fails("BM3220", () => CsvTable.Open(folder["a.csv"], ',', true));
    }

    private static void ReadAll(CsvTable table)
    {
        while (table.Read())
        {
            table.Text(0);
        }
    }

    private static Diagnostics.Diagnostic Fault(string id, string text, Action<CsvTable> read)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], text);
        using var table = CsvTable.Open(folder["a.csv"], ';', header: true);
        var fault = DiagnosticAssert.Fails(id, () => read(table));
        Assert.Equal(folder["a.csv"], fault.Place.File);
        return fault;
    }
}
