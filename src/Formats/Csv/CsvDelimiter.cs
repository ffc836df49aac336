using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Csv;

/// <summary>Tells what stands between the cells of a table.</summary>
public static class CsvDelimiter
{
    private const int LongestLine = 1 << 16;

    /// <summary>A tab in files named .tsv or .tab, else a comma; a tab or else a semicolon where the first line has more of these, quoted cells aside.</summary>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable.</exception>
    public static char Of(string path)
    {
        var byName = Path.GetExtension(path).ToUpperInvariant() is ".TSV" or ".TAB" ? '\t' : ',';

        // Every other part between quotes is a quoted cell's.
        string[] bare = [.. FirstLine(path).Split('"').Where(static (_, i) => i % 2 == 0)];
        return new[] { byName, '\t', ';' }.MaxBy(delimiter => bare.Sum(part => part.Count(c => c == delimiter)));
    }

    private static string FirstLine(string path)
    {
        using var stream = InputFile.Open(path, "a table of text");
        using var reader = new StreamReader(stream);
        var line = new StringBuilder();
        while (line.Length < LongestLine && reader.Read() is var next and >= 0 && (next is not ('\n' or '\r') || line.Length == 0))
        {
            if (line.Length > 0 || !char.IsWhiteSpace((char)next) || next == '\t')
            {
                line.Append((char)next);
            }
        }

        return line.ToString();
    }
}
