using BrainModular.Diagnostics;

namespace BrainModular.Formats.Tables;

/// <summary>Tables in files that are no text: a sheet of an Excel workbook (.xlsx) or a table of an SQLite database. They are known by how they begin.</summary>
internal static class StructuredTable
{
    /// <summary>How many bytes or characters a row has at most.</summary>
    public const int LongestRow = 1 << 26;

    private static readonly byte[] Zip = [(byte)'P', (byte)'K', 3, 4];

    /// <summary>The rows of a table, as text with commas.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="stream">The file, at its beginning; closed with what is given.</param>
    /// <param name="name">The sheet or table; null for the only one.</param>
    /// <returns>Null where the file is neither; it is at its beginning again.</returns>
    /// <exception cref="DiagnosticException">BM3244 a workbook or BM3245 a database cannot be read; BM3246 there is no table of that name, or there are several and none was named.</exception>
    public static Stream? Open(string path, FileStream stream, string? name)
    {
        var begin = new byte[SqliteFile.Signature.Length];
        var length = stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (begin.AsSpan(0, length).SequenceEqual(SqliteFile.Signature))
        {
            return new RowStream(new SqliteFile(path, stream).Rows(name), stream);
        }

        return begin.AsSpan(0, length).StartsWith(Zip) ? new RowStream(Workbook.Rows(path, stream, name), stream) : null;
    }

    /// <summary>The one that is meant by a name.</summary>
    public static string Chosen(string path, string noun, string? name, IReadOnlyList<string> names) =>
        name is null && names.Count == 1 ? names[0]
        : name is not null && names.Contains(name) ? name
        : throw new DiagnosticException(
            "BM3246", name is null ? $"it has {names.Count} {noun}s, and none is named" : $"there is no {noun} '{name}'", new Place(path),
            names.Count == 0 ? $"a file with a {noun}" : $"one of {string.Join(", ", names.Take(20))}", $"name the {noun}");
}
