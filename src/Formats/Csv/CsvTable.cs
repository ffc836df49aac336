using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Tables;
using CsvHelper;

namespace BrainModular.Formats.Csv;

/// <summary>
/// A table of text, also packed with gzip, read row by row: cells between delimiters, quoted where they hold one (RFC 4180, with any delimiter). Blank lines are
/// passed over, and so are white space around cells and comments before the first row (lines that begin with # or %). All rows have as many cells as the first one.
/// </summary>
public sealed class CsvTable : IDisposable
{
    // A longer row is no row: a file without line ends, or a quote that is never closed.
    private const int LongestRow = StructuredTable.LongestRow;

    private readonly CsvReader reader;
    private readonly string file;

    private CsvTable(string path, Stream stream, char delimiter, bool header)
    {
        file = path;
        reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            DetectSeparatorHint = false,
            MaxRecordSize = LongestRow,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        });
        if (header && !Read())
        {
            throw new DiagnosticException("BM3220", "the table has no row", new Place(path), "a row with the names of the columns", "copy or download the file again");
        }

        Names = header ? [.. Enumerable.Range(0, Width).Select(Text)] : [];
    }

    /// <summary>The names of the columns, in order; none where the table has no header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many cells a row has; 0 before the first one has been read.</summary>
    public int Width { get; private set; }

    /// <summary>The line at which the row read last starts, from 1.</summary>
    public int Line => (int)reader.LineNumber;

    /// <summary>Opens a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="delimiter">What stands between two cells.</param>
    /// <param name="header">Whether the first row names the columns.</param>
    /// <param name="name">The sheet of a workbook (.xlsx) or the table of an SQLite database, whose rows are read as those of a text are; null for the only one.</param>
    /// <param name="isBlank">Whether tabs are as good as a delimiter that is a space, several of them are one, and no cell is empty.</param>
    /// <exception cref="DiagnosticException">
    /// BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied; BM3222 a comment above the first row may be a row; BM3244 a workbook or BM3245 a database cannot be read, BM3246 it has no table of that name; BM3247 it is a file of another program; as <see cref="Read"/>.
    /// </exception>
    public static CsvTable Open(string path, char delimiter, bool header, string? name = null, bool isBlank = false)
    {
        var stream = ForeignTable.OpenOther(path);
        Stream? rows = null;
        try
        {
            rows = StructuredTable.Open(path, stream, name);
            return rows is not null ? new(path, rows, ',', header)
                : name is null ? new(path, rows = TableText.Open(path, WholeGzipStream.Unpacked(stream), delimiter, header, isBlank), delimiter, header)
                : throw new DiagnosticException("BM3246", $"there is no table '{name}': the file is text", new Place(path), "a workbook (.xlsx) or an SQLite database", "remove the table's name, or name another file");
        }
        catch (InvalidDataException exception)
        {
            stream.Dispose();
            throw Damaged(path, exception);
        }
        catch
        {
            rows?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a header that is a row of numbers: a table without a header would lose its first row.</summary>
    /// <param name="ofNumbers">Columns, from 0, that hold numbers: neither is a number the name of one of these.</param>
    /// <exception cref="DiagnosticException">BM3222: all names are numbers, or one of those columns'.</exception>
    public void RefuseNumbersAsNames(params ReadOnlySpan<int> ofNumbers)
    {
        var isNumber = Names.Count > 0 && Names.All(static name => TryNumber(name, out _));
        foreach (var column in ofNumbers)
        {
            isNumber |= column < Names.Count && TryNumber(Names[column], out _);
        }

        if (isNumber)
        {
            throw new DiagnosticException(
                "BM3222", $"the first row, {string.Join(", ", Names.Take(6))}, has numbers where the names of columns are looked for", new Place(file, Line: Line),
                "a row with the names of the columns", "set header to false where the table has none, or name its columns");
        }
    }

    /// <summary>Reads the next row; false where there is none.</summary>
    /// <exception cref="DiagnosticException">BM3220: a cell's quotes are not closed, or it is endless, or a packed file is damaged; BM3221: the row has more or fewer cells than the first one.</exception>
    public bool Read()
    {
        try
        {
            if (!reader.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException exception)
        {
            throw new DiagnosticException(
                "BM3220", $"the table is not well formed: {exception.Message}", new Place(file, Line: (int)exception.LineNumber), "cells between delimiters, quotes in pairs",
                "mend the row, or name the file's delimiter", exception);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(file, exception);
        }

        Width = Width == 0 ? reader.FieldCount : Width;
        return reader.FieldCount == Width ? true : throw new DiagnosticException(
            "BM3221", $"the row has {reader.FieldCount} cells", new Place(file, Line: Line), $"{Width} cells, as in the first row",
            "mend the row, or name the file's delimiter; a file that was cut off is copied or downloaded again");
    }

    /// <summary>The index of a column that is named by its name, or by its number from 1.</summary>
    /// <exception cref="DiagnosticException">BM3222: there is none.</exception>
    public int Column(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return i;
            }
        }

        var columns = Width == 0 ? int.MaxValue : Width;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= columns
            ? number - 1
            : throw new DiagnosticException(
                "BM3222", $"there is no column '{name}'", new Place(file, Line: 1),
                Names.Count == 0 ? $"a column's number: the table has no header" : $"a number from 1 to {Names.Count} or one of {string.Join(", ", Names)}",
                "name a column that is there, or say whether the table has a header");
    }

    /// <summary>A cell of the row read last.</summary>
    /// <exception cref="DiagnosticException">BM3222: the row has no such column.</exception>
    public string Text(int column) => reader.GetString(Checked(column)).Trim();

    /// <summary>Whether a cell of the row read last is empty.</summary>
    public bool IsEmpty(int column) => reader.GetSpan(column).IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;

    /// <summary>A cell as a finite number.</summary>
    /// <exception cref="DiagnosticException">BM3223: it is none.</exception>
    public double Number(int column) =>
        double.TryParse(reader.GetSpan(Checked(column)), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new DiagnosticException(
                "BM3223", $"'{Text(column)}' is no number", PlaceOf(column), "a finite number with a decimal point", "mend the cell, or choose another column");

    /// <summary>A cell as a finite number of single precision.</summary>
    /// <exception cref="DiagnosticException">BM3223: it is none.</exception>
    public float Single(int column) => (float)Number(column) is var number && float.IsFinite(number) ? number : throw new DiagnosticException(
        "BM3223", $"'{Text(column)}' is too large", PlaceOf(column), $"at most {float.MaxValue:G3}", "mend the cell, or choose a larger unit");

    /// <summary>Whether a text is a finite number.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Where a cell of the row read last lies; its column is counted in cells.</summary>
    public Place PlaceOf(int column) => new(file, column < Names.Count ? $"column {Names[column]}" : $"column {column + 1}", Line, column + 1);

    /// <summary>Closes the file.</summary>
    public void Dispose() => reader.Dispose();

    internal static DiagnosticException Damaged(string path, InvalidDataException exception) => new(
        "BM3220", $"the packed file is damaged: {exception.Message}", new Place(path), "a whole gzip file", "copy or download the file again", exception);

    private int Checked(int column) => column < reader.FieldCount ? column : throw new DiagnosticException(
        "BM3222", $"there is no column {column + 1}", PlaceOf(column), $"a column of 1 to {reader.FieldCount}", "name a column that is there");
}
