using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Tables;

/// <summary>
/// An Excel workbook (.xlsx, ECMA-376 part 1, SpreadsheetML), whose sheets are read row by row: texts, numbers as they are stored, the last values of formulas. Nothing is unpacked to disk, no entry gives
/// more than a fixed number of bytes, and document types and external entities are refused.
/// </summary>
internal sealed class Workbook
{
    private const long MostBytes = 1L << 28;

    /// <summary>How much text the cells of a sheet have together: a short sheet can refer to a long text from every cell.</summary>
    private const long MostCharacters = 1L << 28;
    private const int MostRows = 1 << 20, MostColumns = 1 << 14;
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", StrictRelations = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    // Other parts' elements, such as a drawing's <xdr:row>, stand in sheets, too.
    private static readonly string[] Namespaces =
    [
        "", "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://schemas.openxmlformats.org/package/2006/relationships",
    ];

    private readonly string path;
    private readonly ZipArchive zip;

    private Workbook(string path, ZipArchive zip) => (this.path, this.zip) = (path, zip);

    /// <summary>The rows of a sheet from the first one on, each with as many cells as the first one that has any, or more; rows that hold nothing have none.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="stream">The file, which is left open.</param>
    /// <param name="sheet">The sheet; null for the only one.</param>
    /// <exception cref="DiagnosticException">BM3244, BM3246.</exception>
    public static IEnumerable<IReadOnlyList<string>> Rows(string path, Stream stream, string? sheet)
    {
        using var zip = Guarded(path, () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        if (zip.GetEntry("xl/workbook.xml") is null)
        {
            throw new DiagnosticException(
                "BM3244", $"this zip file is no workbook: it holds {string.Join(", ", zip.Entries.Take(3).Select(static e => e.FullName).DefaultIfEmpty("nothing"))}", new Place(path), "an Excel workbook (.xlsx)",
                "unpack it and name a table of text in it; a connectivity of The Virtual Brain is read with the type tvb");
        }

        foreach (var row in new Workbook(path, zip).Rows(sheet))
        {
            yield return row;
        }
    }

    private IEnumerable<IReadOnlyList<string>> Rows(string? sheet)
    {
        var sheets = Guarded(path, Sheets);
        var part = sheets[StructuredTable.Chosen(path, "sheet", sheet, [.. sheets.Keys])];
        var texts = Guarded(path, Texts);
        using var reader = Guarded(path, () => Open(part));
        var (number, width, characters) = (0, 0, 0L);
        while (Guarded(path, () => NextRow(reader, texts)) is { } row)
        {
            var next = row.Number ?? number + 1;
            if (next <= number || next > MostRows)
            {
                throw Damaged(path, next <= number ? $"row {next} comes after row {number}" : $"it has a row {next}, and sheets have at most {MostRows}");
            }

            characters += row.Cells.Sum(static c => (long)c.Length);
            if (characters > MostCharacters)
            {
                throw Damaged(path, $"the cells up to row {next} have more than {MostCharacters} characters");
            }

            for (number++; number < next; number++)
            {
                yield return [];
            }

            width = width == 0 ? row.Cells.Count : width;
            row.Cells.AddRange(Enumerable.Repeat("", row.Cells.Count == 0 ? 0 : Math.Max(0, width - row.Cells.Count)));
            yield return row.Cells;
        }
    }

    /// <summary>The sheets' parts by their names, in order.</summary>
    private Dictionary<string, string> Sheets()
    {
        var parts = new Dictionary<string, string>();
        using (var relations = Open("xl/_rels/workbook.xml.rels"))
        {
            while (ToFollowing(relations, "Relationship"))
            {
                var target = relations.GetAttribute("Target") ?? "";
                parts[relations.GetAttribute("Id") ?? ""] = target.StartsWith('/') ? target[1..] : $"xl/{target}";
            }
        }

        var sheets = new Dictionary<string, string>();
        using var workbook = Open("xl/workbook.xml");
        while (ToFollowing(workbook, "sheet"))
        {
            if (parts.TryGetValue(workbook.GetAttribute("id", Relations) ?? workbook.GetAttribute("id", StrictRelations) ?? "", out var part) && part.StartsWith("xl/worksheets/", StringComparison.Ordinal))
            {
                sheets[workbook.GetAttribute("name") ?? ""] = part;
            }
        }

        return sheets;
    }

    /// <summary>The texts that cells refer to by number.</summary>
    private List<string> Texts()
    {
        var texts = new List<string>();
        if (zip.GetEntry("xl/sharedStrings.xml") is null)
        {
            return texts;
        }

        using var reader = Open("xl/sharedStrings.xml");
        while (ToFollowing(reader, "si"))
        {
            texts.Add(TextWithin(reader));
        }

        return texts;
    }

    private static (int? Number, List<string> Cells)? NextRow(XmlReader reader, List<string> texts)
    {
        if (!ToFollowing(reader, "row"))
        {
            return null;
        }

        int? number = reader.GetAttribute("r") is not { } place ? null : int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        var (cells, length) = (new List<string>(), 0L);
        using var row = reader.ReadSubtree();
        for (var column = 0; ToFollowing(row, "c"); column++)
        {
            column = row.GetAttribute("r") is { } at ? ColumnOf(at) : column;
            if (column >= MostColumns)
            {
                throw new XmlException($"row {number} has a cell in column {column + 1}");
            }

            var text = CellText(row, texts);
            length += text.Length;
            if (length > StructuredTable.LongestRow)
            {
                throw new XmlException($"a row has more than {StructuredTable.LongestRow} characters");
            }

            if (text.Length > 0)
            {
                cells.AddRange(Enumerable.Repeat("", Math.Max(0, column + 1 - cells.Count)));
                cells[column] = text;
            }
        }

        return (number, cells);
    }

    /// <summary>Goes on to the next element of a name, whatever its prefix.</summary>
    private static bool ToFollowing(XmlReader reader, string name)
    {
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == name && Namespaces.Contains(reader.NamespaceURI))
            {
                return true;
            }
        }

        return false;
    }

    private static string CellText(XmlReader row, List<string> texts)
    {
        var kind = row.GetAttribute("t");
        using var cell = row.ReadSubtree();
        cell.Read();
        if (kind == "inlineStr")
        {
            return TextWithin(cell);
        }

        var value = ToFollowing(cell, "v") ? cell.ReadElementContentAsString() : "";
        return kind != "s" || value.Length == 0 ? value
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < texts.Count ? texts[index]
            : throw new XmlException($"a cell has the text number {value} of {texts.Count}");
    }

    /// <summary>The texts in an element, put together; how they are pronounced is left out.</summary>
    private static string TextWithin(XmlReader reader)
    {
        var text = new StringBuilder();
        using var inside = reader.ReadSubtree();
        for (var more = inside.Read(); more;)
        {
            switch (inside.NodeType == XmlNodeType.Element ? inside.LocalName : "")
            {
                case "t":
                    text.Append(inside.ReadElementContentAsString());
                    break;
                case "rPh":
                    inside.Skip();
                    break;
                default:
                    more = inside.Read();
                    break;
            }

            more = more && !inside.EOF;
        }

        return text.ToString();
    }

    /// <summary>The column of a place such as HF214, from 0; as many as there are at most where there is none.</summary>
    private static int ColumnOf(string place)
    {
        var column = 0;
        foreach (var letter in place.TakeWhile(char.IsAsciiLetterUpper))
        {
            column = Math.Min(MostColumns + 1, (26 * column) + (letter - 'A') + 1);
        }

        return column == 0 ? MostColumns : column - 1;
    }

    private XmlReader Open(string part)
    {
        var entry = zip.GetEntry(part) ?? throw new InvalidDataException($"it has no part {part}");
        var bounded = new BoundedStream(entry.Open(), MostBytes, () => new InvalidDataException($"{part} expands to more than {MostBytes} bytes"));
        return XmlReader.Create(bounded, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, IgnoreWhitespace = false });
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException or InvalidOperationException)
        {
            throw Damaged(path, exception.Message, exception);
        }
    }

    private static DiagnosticException Damaged(string path, string problem, Exception? inner = null) => new(
        "BM3244", $"the workbook cannot be read: {problem}", new Place(path), "an Excel workbook (.xlsx)", "copy the file again, or save its sheet as CSV", inner);
}
