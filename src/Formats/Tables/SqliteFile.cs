using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Tables;

/// <summary>
/// An SQLite database (https://www.sqlite.org/fileformat.html), whose tables are read row by row in the order of their row ids. It is never written; one that another program is in the middle of
/// changing is refused, no page is visited twice, and rows have no more bytes than the file.
/// </summary>
internal sealed class SqliteFile
{
    private const int HeaderLength = 100, SmallestPage = 512, LargestPage = 65_536;
    private const byte InteriorTable = 5, LeafTable = 13;

    private readonly string path;
    private readonly FileStream stream;
    private readonly int pageSize;
    private readonly int usable;
    private readonly Encoding encoding;

    /// <param name="path">Its name, for messages.</param>
    /// <param name="stream">The file, which is left open.</param>
    /// <exception cref="DiagnosticException">BM3245: it is damaged, or being written.</exception>
    public SqliteFile(string path, FileStream stream)
    {
        (this.path, this.stream) = (path, stream);
        if (stream.Length < HeaderLength)
        {
            throw Damaged($"it has {stream.Length} bytes");
        }

        var header = new byte[HeaderLength];
        stream.Position = 0;
        stream.ReadExactly(header);
        pageSize = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) is var size && size == 1 ? LargestPage : size;
        usable = pageSize - header[20];
        if (pageSize < SmallestPage || (pageSize & (pageSize - 1)) != 0 || usable < 480)
        {
            throw Damaged($"its pages have {pageSize} bytes");
        }

        encoding = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(56)) switch
        {
            2 => Encoding.Unicode,
            3 => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        foreach (var journal in new[] { $"{path}-wal", $"{path}-journal" })
        {
            if (new FileInfo(journal) is { Exists: true, Length: > 0 })
            {
                throw new DiagnosticException(
                    "BM3245", "changes of the database are not in it yet", new Place(journal), "a database that no program is writing", "close the program that has it open, or make a copy with sqlite3's .backup");
            }
        }
    }

    /// <summary>How every database begins.</summary>
    public static byte[] Signature { get; } = [.. "SQLite format 3\0"u8];

    /// <summary>The names of a table's columns, then its rows.</summary>
    /// <exception cref="DiagnosticException">BM3245, BM3246.</exception>
    public IEnumerable<IReadOnlyList<string>> Rows(string? table)
    {
        var tables = Records(1).Select(static r => r.Values).Where(static v => v.Count >= 5 && v[0] == "table" && !v[1].StartsWith("sqlite_", StringComparison.Ordinal)).ToDictionary(static v => v[1]);
        var chosen = tables[StructuredTable.Chosen(path, "table", table, [.. tables.Keys])];
        if (!uint.TryParse(chosen[3], NumberStyles.None, CultureInfo.InvariantCulture, out var root) || SqliteColumns.Parse(chosen[4]) is not { } columns)
        {
            throw Damaged($"the table {chosen[1]} is virtual or without row ids");
        }

        yield return columns.Names;
        foreach (var (id, values) in Records(root))
        {
            for (var i = values.Count; i < columns.Names.Count; i++)
            {
                values.Add(columns.HasDefault[i] ? throw Damaged($"the column {columns.Names[i]} was added later, and row {id} takes its default") : "");
            }

            if (columns.RowId >= 0)
            {
                values[columns.RowId] = id.ToString(CultureInfo.InvariantCulture);
            }

            yield return values;
        }
    }

    /// <summary>The rows below a page: their ids and values.</summary>
    private IEnumerable<(long Id, List<string> Values)> Records(uint root)
    {
        var pending = new Stack<uint>([root]);
        var visited = new HashSet<uint>();
        var left = stream.Length;
        while (pending.TryPop(out var number))
        {
            var page = Page(number, visited);
            var start = number == 1 ? HeaderLength : 0;
            var (kind, cells) = (page[start], BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3)));
            var pointers = start + (kind == InteriorTable ? 12 : 8);
            if (kind is not (InteriorTable or LeafTable) || pointers + (2 * cells) > usable)
            {
                throw Damaged($"page {number} is of the kind {kind} with {cells} cells, and no part of a table");
            }

            int CellAt(int i) => BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(pointers + (2 * i)));
            if (kind == InteriorTable)
            {
                pending.Push(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + 8)));
                for (var i = cells - 1; i >= 0; i--)
                {
                    pending.Push(new SqliteCursor(page, CellAt(i), usable, Damaged).UInt32());
                }

                continue;
            }

            for (var i = 0; i < cells; i++)
            {
                var cursor = new SqliteCursor(page, CellAt(i), usable, Damaged);
                var length = cursor.Integer();
                var id = cursor.Integer();
                if (length < 0 || length > Math.Min(left, StructuredTable.LongestRow))
                {
                    throw Damaged($"row {id} would have {length} bytes, where {left} of the file are left and a row has at most {StructuredTable.LongestRow}");
                }

                left -= length;
                yield return (id, Values(Payload(cursor, (int)length, visited)));
            }
        }
    }

    /// <summary>A row's bytes: those on its page, and those on the pages that follow.</summary>
    private byte[] Payload(SqliteCursor cursor, int length, HashSet<uint> visited)
    {
        var payload = new byte[length];
        var (most, least) = (usable - 35, ((usable - 12) * 32 / 255) - 23);
        var shared = least + ((length - least) % (usable - 4));
        var local = length <= most ? length : shared <= most ? shared : least;
        cursor.Bytes(local).CopyTo(payload);
        var next = local < length ? cursor.UInt32() : 0;
        for (var at = local; at < length;)
        {
            var page = Page(next, visited);
            next = BinaryPrimitives.ReadUInt32BigEndian(page);
            var count = Math.Min(usable - 4, length - at);
            page.AsSpan(4, count).CopyTo(payload.AsSpan(at));
            at += count;
        }

        return payload;
    }

    private List<string> Values(byte[] payload)
    {
        var header = new SqliteCursor(payload, 0, payload.Length, Damaged);
        var body = header.Integer();
        if (body < 0 || body > payload.Length)
        {
            throw Damaged($"a row's header would have {body} bytes");
        }

        var content = new SqliteCursor(payload, (int)body, payload.Length, Damaged);
        var values = new List<string>();
        while (header.At < body)
        {
            values.Add(content.Value(header.Integer(), encoding));
        }

        return values;
    }

    private byte[] Page(uint number, HashSet<uint> visited)
    {
        if (!visited.Add(number))
        {
            throw Damaged($"page {number} is in two places of one table");
        }

        var at = (number - 1L) * pageSize;
        if (number == 0 || at + pageSize > stream.Length)
        {
            throw Damaged($"page {number} lies outside of its {stream.Length} bytes");
        }

        var page = new byte[pageSize];
        stream.Position = at;
        stream.ReadExactly(page);
        return page;
    }

    private DiagnosticException Damaged(string problem) => new(
        "BM3245", $"the database cannot be read: {problem}", new Place(path), "an SQLite 3 database with tables of rows", "copy the file again, or export its table as CSV");
}
