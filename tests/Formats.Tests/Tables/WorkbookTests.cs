using System.IO.Compression;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;
using BrainModular.Formats.Tables;

namespace BrainModular.Formats.Tests.Tables;

/// <summary>Sheets of workbooks, read as tables of text are.</summary>
public sealed class WorkbookTests : IDisposable
{
    private const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    private const string Cells = """<row r="1"><c r="B1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>b</t></is></c></row><row r="3"><c r="A3" t="str"><f>"x"</f><v>x</v></c><c r="C3"><v>2.5e-3</v></c></row>""";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Texts_numbers_and_gaps_are_where_they_stand_in_the_sheet()
    {
        using var table = CsvTable.Open(Write(Cells), '\t', header: true, "one");
        Assert.Equal(["", "a, \"quoted\" name", "b"], table.Names);
        Assert.True(table.Read());
        Assert.Equal((3, "x", true, 0.0025), (table.Line, table.Text(0), table.IsEmpty(1), table.Number(2)));
        Assert.False(table.Read());
    }

    [Fact]
    public void A_fault_names_the_row_and_the_cell()
    {
        using var table = CsvTable.Open(Write(Cells.Replace("2.5e-3", "#DIV/0!", StringComparison.Ordinal)), ',', header: true, "one");
        table.Read();
        var fault = DiagnosticAssert.Fails("BM3223", () => table.Number(2));
        Assert.Equal((3, 3), (fault.Place.Line, fault.Place.Column));
    }

    [Theory]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"ZZZZZZZZ1\"><v>7</v></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"A1\"><v>7</v></c></row><row r=\"1\"/>")]
    [InlineData("<row r=\"2000000\"><c r=\"A1\"><v>7</v></c></row>")]
    [InlineData("<row r=\"2147483647\"><c r=\"A1\"><v>7</v></c></row>")]
    [InlineData("<row r=\"0\"><c r=\"A1\"><v>7</v></c></row>")]
    [InlineData("<row r=\"1\"><c><v>7</v></row>")]
    [InlineData("<row><c r=\"7\"><v>7</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"s\"><v><b/></v></c></row>")]
    public void Sheets_that_are_no_sheets_are_refused(string rows) => Refused("BM3244", Write(rows));

    [Fact]
    public void Rows_that_name_no_place_follow_the_one_before_and_other_parts_elements_are_no_rows()
    {
        const string Rows = """<row><c><v>1</v></c></row><row r="3"><c><v>3</v></c></row><row><c><v>4</v></c></row><d:row xmlns:d="urn:drawing">7</d:row>""";
        using var table = CsvTable.Open(Write(Rows), ',', header: false, "one");
        foreach (var line in new[] { 1, 3, 4 })
        {
            Assert.True(table.Read());
            Assert.Equal((line, line), (table.Line, table.Number(0)));
        }

        Assert.False(table.Read());
    }

    [Theory]
    [InlineData("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")]
    [InlineData("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")]
    public void Elements_may_have_prefixes_and_the_strict_namespaces(string main, string relations)
    {
        var path = folder["prefixed.xlsx"];
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Part(zip, "xl/workbook.xml", $"<x:workbook xmlns:x=\"{main}\" xmlns:q=\"{relations}\"><x:sheets><x:sheet name=\"one\" q:id=\"r1\"/></x:sheets></x:workbook>");
            Part(zip, "xl/_rels/workbook.xml.rels", """<p:Relationships xmlns:p="http://schemas.openxmlformats.org/package/2006/relationships"><p:Relationship Id="r1" Target="worksheets/sheet1.xml"/></p:Relationships>""");
            Part(zip, "xl/sharedStrings.xml", $"<x:sst xmlns:x=\"{main}\"><x:si><x:t>a</x:t></x:si></x:sst>");
            Part(zip, "xl/worksheets/sheet1.xml", $"<x:worksheet xmlns:x=\"{main}\"><x:sheetData><x:row><x:c t=\"s\"><x:v>0</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>");
        }

        using var table = CsvTable.Open(path, ',', header: false);
        Assert.True(table.Read());
        Assert.Equal(("a", 2.0), (table.Text(0), table.Number(1)));
        Assert.False(table.Read());
    }

    [Fact]
    public void A_row_of_endless_text_is_refused()
    {
        var rows = $"<row>{string.Concat(Enumerable.Repeat("<c t=\"s\"><v>1</v></c>", 70))}</row>";
        Assert.Contains("characters", Refused("BM3244", Write(rows, more: $"<si><t>{new string('a', 1 << 20)}</t></si>")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_repeat_a_long_text_without_end_are_refused()
    {
        var rows = string.Concat(Enumerable.Repeat("<row><c t=\"s\"><v>1</v></c></row>", 300));
        Assert.Contains("row 257 have more", Refused("BM3244", Write(rows, more: $"<si><t>{new string('a', 1 << 20)}</t></si>")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_rows_come_from_is_closed_where_reading_stops_early()
    {
        var closed = false;
        IEnumerable<IReadOnlyList<string>> Rows()
        {
            try
            {
                yield return ["a"];
                yield return ["b"];
            }
            finally
            {
                closed = true;
            }
        }

        using (var rows = new RowStream(Rows(), Stream.Null))
        {
            Assert.Equal('a', rows.ReadByte());
            Assert.False(closed);
        }

        Assert.True(closed);
    }

    [Fact]
    public void Entities_and_document_types_are_refused() => Refused("BM3244", Write("&a;", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;\">]>"));

    [Fact]
    public void Sheets_have_to_be_named_where_there_are_several_and_have_to_be_there()
    {
        Assert.Contains("one, two", Refused("BM3246", Write(Cells), null).Expected, StringComparison.Ordinal);
        Refused("BM3246", Write(Cells), "three");
        Refused("BM3246", Text("a,b\n1,2\n"), "one");
    }

    [Fact]
    public void A_zip_that_is_no_workbook_and_one_that_was_cut_off_are_refused()
    {
        var path = Write(Cells);
        var whole = File.ReadAllBytes(path);
        for (var length = 4; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(path, whole[..length]);
            Refused("BM3244", path);
        }

        using (var zip = ZipFile.Open(folder["other.xlsx"], ZipArchiveMode.Create))
        {
            zip.CreateEntry("weights.txt");
        }

        Refused("BM3244", folder["other.xlsx"]);
    }

    private static Diagnostic Refused(string id, string path, string? sheet = "one") => DiagnosticAssert.Fails(id, () =>
    {
        using var table = CsvTable.Open(path, ',', header: false, sheet);
        while (table.Read())
        {
        }
    });

    [Fact]
    public void A_zip_file_that_is_no_workbook_is_named_by_what_it_holds()
    {
        using (var zip = ZipFile.Open(folder["brain.zip"], ZipArchiveMode.Create))
        {
            Part(zip, "weights.txt", "0 1");
        }

        var fault = DiagnosticAssert.Fails("BM3244", () => CsvTable.Open(folder["brain.zip"], ',', header: true));
        Assert.Contains("weights.txt", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("tvb", fault.Cure!, StringComparison.Ordinal);
    }

    private string Text(string text)
    {
        File.WriteAllText(folder["text.csv"], text);
        return folder["text.csv"];
    }

    private static void Part(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }

    private string Write(string rows, string before = "", string more = "")
    {
        var path = folder[$"{Guid.NewGuid():N}.xlsx"];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Part(zip, "xl/workbook.xml", $"<workbook {Main}><sheets><sheet name=\"one\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"two\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>");
        Part(zip, "xl/_rels/workbook.xml.rels", """<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></Relationships>""");
        Part(zip, "xl/sharedStrings.xml", $"<sst {Main}><si><r><t>a, \"quoted\"</t></r><rPh><t>left out</t></rPh><r><t xml:space=\"preserve\"> name</t></r></si>{more}</sst>");
        Part(zip, "xl/worksheets/sheet1.xml", $"{before}<worksheet {Main}><sheetData>{rows}</sheetData></worksheet>");
        Part(zip, "xl/worksheets/sheet2.xml", $"<worksheet {Main}><sheetData/></worksheet>");
        return path;
    }
}
