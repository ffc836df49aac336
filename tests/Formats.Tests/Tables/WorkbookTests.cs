using System.IO.Compression;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;

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
    [InlineData("<row r=\"1\"><c><v>7</v></row>")]
    [InlineData("<row><c r=\"7\"><v>7</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"s\"><v><b/></v></c></row>")]
    public void Sheets_that_are_no_sheets_are_refused(string rows) => Refused("BM3244", Write(rows));

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

    private string Text(string text)
    {
        File.WriteAllText(folder["text.csv"], text);
        return folder["text.csv"];
    }

    private string Write(string rows, string before = "")
    {
        var path = folder[$"{Guid.NewGuid():N}.xlsx"];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        void Part(string name, string text)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text);
        }

        Part("xl/workbook.xml", $"<workbook {Main}><sheets><sheet name=\"one\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"two\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>");
        Part("xl/_rels/workbook.xml.rels", """<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></Relationships>""");
        Part("xl/sharedStrings.xml", $"<sst {Main}><si><r><t>a, \"quoted\"</t></r><rPh><t>left out</t></rPh><r><t xml:space=\"preserve\"> name</t></r></si></sst>");
        Part("xl/worksheets/sheet1.xml", $"{before}<worksheet {Main}><sheetData>{rows}</sheetData></worksheet>");
        Part("xl/worksheets/sheet2.xml", $"<worksheet {Main}><sheetData/></worksheet>");
        return path;
    }
}
