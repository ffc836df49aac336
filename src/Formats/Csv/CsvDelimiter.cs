using BrainModular.Diagnostics;
using BrainModular.Formats.Tables;

namespace BrainModular.Formats.Csv;

/// <summary>Tells what stands between the cells of a table.</summary>
public static class CsvDelimiter
{
    /// <summary>
    /// A tab in files named .tsv or .tab, else a comma; a tab or else a semicolon where the first row has more of these, quoted cells aside; a space where it has none of them but blanks
    /// and the name does not say what there is (.csv, .tsv or .tab). Of a packed file's name the .gz does not count.
    /// </summary>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable, BM3247 a file of another program, BM3220 a packed file is damaged.</exception>
    public static char Of(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        var extension = Path.GetExtension(name).ToUpperInvariant();
        var byName = extension is ".TSV" or ".TAB" ? '\t' : ',';

        // Every other part between quotes is a quoted cell's.
        string[] bare = [.. FirstRow(path).Split('"').Where(static (_, i) => i % 2 == 0)];
        int Count(char delimiter) => bare.Sum(part => part.Count(c => c == delimiter));
        var best = new[] { byName, '\t', ';' }.MaxBy(Count);
        return Count(best) == 0 && extension is not (".CSV" or ".TSV" or ".TAB") && Array.Exists(bare, static part => part.Trim().Contains(' ', StringComparison.Ordinal)) ? ' ' : best;
    }

    private static string FirstRow(string path)
    {
        using var file = ForeignTable.OpenOther(path);
        try
        {
            using var text = WholeGzipStream.Unpacked(file);
            return TableText.FirstRow(path, text);
        }
        catch (InvalidDataException exception)
        {
            throw CsvTable.Damaged(path, exception);
        }
    }
}
