using System.Globalization;
using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Csv;

/// <summary>
/// A table of numbers in text, also packed with gzip: columns between white space, commas or semicolons; where semicolons or tabs stand between them, commas are decimal. Lines with text before the first row of numbers are its head.
/// </summary>
public sealed class NumberTable
{
    private const int LongestLine = 1 << 16;
    private const int PieceLength = 1 << 14;

    private static readonly char[] Separators = [' ', '\t', ',', ';'];

    private readonly string path;

    private NumberTable(string path)
    {
        this.path = path;
        foreach (var row in Rows())
        {
            (Columns, Count) = (row.Length, Count + 1);
        }

        if (Count == 0)
        {
            throw new DiagnosticException("BM2912", "the file has no row of numbers", new Place(path), "a table of numbers in text", "name a text file with a row for each sample");
        }
    }

    /// <summary>How many columns.</summary>
    public int Columns { get; }

    /// <summary>How many rows.</summary>
    public long Count { get; }

    /// <summary>Opens a table and reads through it once.</summary>
    /// <exception cref="DiagnosticException">
    /// BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable, BM2912 a row that is none, with its line.
    /// </exception>
    public static NumberTable Open(string path) => new(path);

    /// <summary>A column, read when it is asked for.</summary>
    /// <param name="index">Which, from 0.</param>
    public NumberStream Column(int index) => new NumberStream<double>(Count, Pieces(index));

    private IEnumerable<double[]> Pieces(int index) => Rows().Select(row => row[index]).Chunk(PieceLength);

    private IEnumerable<double[]> Rows()
    {
        var (width, isDecimal) = (0, false);
        using var stream = InputFile.Open(path, "a table of numbers");
        using var reader = new StreamReader(Unpacked(stream), Encoding.Latin1);
        for (var line = 1; Line(reader, line) is { } text; line++)
        {
            isDecimal = width == 0 ? HasDecimalCommas(text) : isDecimal;
            var cells = (isDecimal ? text.Replace(',', '.') : text).Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (cells.Length == 0)
            {
                continue;
            }

            var numbers = Array.ConvertAll(cells, Number);
            if (width == 0 && Array.Exists(numbers, static n => n is null))
            {
                continue;
            }

            if (!Array.TrueForAll(numbers, static n => n is { } number && double.IsFinite(number)))
            {
                throw NoRow($"'{text.Trim()}' is no row of numbers", line, width);
            }

            if (width != 0 && numbers.Length != width)
            {
                throw NoRow($"the row has {numbers.Length} numbers", line, width);
            }

            width = numbers.Length;
            yield return Array.ConvertAll(numbers, static n => n!.Value);
        }
    }

    // As programs write them where the comma is the decimal mark: 0,05;200,0;-65,1. Commas alone are between columns.
    private static bool HasDecimalCommas(string row)
    {
        var cells = row.Split(['\t', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return cells.Length > 1 && row.Contains(',', StringComparison.Ordinal) && Array.TrueForAll(cells, static c => c.Count(static x => x == ',') <= 1 && !c.Contains('.', StringComparison.Ordinal) && Number(c.Replace(',', '.')) is not null);
    }

    // Null of a text. What other programs write for a number that is not finite is no text.
    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : cell.AsSpan().TrimStart("+-").Equals("inf", StringComparison.OrdinalIgnoreCase) || cell.AsSpan().TrimStart("+-").Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN
        : null;

    private DiagnosticException NoRow(string problem, int line, int width) => new(
        "BM2912", problem, new Place(path, Line: line), width == 0 ? "finite numbers in the first row" : $"{width} finite numbers, as in the first row",
        "mend the row; a file that was cut off is copied again");

    private Stream Unpacked(FileStream stream)
    {
        try
        {
            return WholeGzipStream.Unpacked(stream);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception, 1);
        }
    }

    private DiagnosticException Damaged(InvalidDataException exception, int line) => new(
        "BM2912", $"the packed file is damaged: {exception.Message}", new Place(path, Line: line), "a whole gzip file", "copy the file again from where it was recorded", exception);

    // A line is read by characters, so that a file without any ends where a row would be too long.
    private string? Line(StreamReader reader, int number)
    {
        var text = new StringBuilder();
        try
        {
            int character;
            while ((character = reader.Read()) >= 0 && character != '\n')
            {
                if (text.Append((char)character).Length > LongestLine)
                {
                    throw new DiagnosticException("BM2912", $"the line has more than {LongestLine} characters", new Place(path, Line: number), "a row of numbers", "name a table of numbers in text");
                }
            }

            return character < 0 && text.Length == 0 ? null : text.ToString();
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception, number);
        }
    }
}
