using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Csv;

/// <summary>
/// The text of a table without what stands around its rows. Lines before the first row that begin with # or % are comments and become blank, so that lines keep their numbers; but above a row of
/// numbers a comment with as many cells is the header, where there is to be one. Between cells that blanks part, several blanks are one, and those at a line's ends none.
/// </summary>
internal static class TableText
{
    private const int LongestBeginning = 1 << 20;
    private const string ByteOrderMark = "ï»¿";

    private static readonly char[] Blanks = [' ', '\t', '\r'];

    /// <summary>The text of a table.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="source">The file, closed with the text.</param>
    /// <param name="delimiter">What stands between two cells.</param>
    /// <param name="header">Whether the first row names the columns.</param>
    /// <param name="isBlank">Whether tabs are as good as a delimiter that is a space, and several as one.</param>
    /// <exception cref="DiagnosticException">BM3222: a comment may be a row, too; BM3220: there are comments and no row.</exception>
    public static Stream Open(string path, Stream source, char delimiter, bool header, bool isBlank)
    {
        var (lines, first, end) = Beginning(path, source);
        var comment = Array.FindLastIndex(lines[..first], IsComment);
        var names = comment < 0 ? [] : Cells(Unmarked(lines[comment]), delimiter);
        var row = first < lines.Length ? Cells(lines[first], delimiter) : [];
        var isLikeRow = names.Length > 1 && names.Length == row.Length;
        if (isLikeRow && !row.All(static cell => CsvTable.TryNumber(cell.Trim('"', ' ', '\t', '\r'), out _)))
        {
            throw new DiagnosticException(
                "BM3222", $"the line begins with {lines[comment][Start(lines[comment])]} as a comment does, and has as many cells as the first row: it may be a header or a row", new Place(path, Line: comment + 1),
                "rows and a header that begin with their first cell", "remove the mark from the header, or the line");
        }

        for (var i = 0; i <= comment; i++)
        {
            lines[i] = !IsComment(lines[i]) ? lines[i] : i == comment && isLikeRow && header ? Unmarked(lines[i]) : "";
        }

        var text = new PrecededStream(Encoding.Latin1.GetBytes(string.Join(end, lines)), source);
        return isBlank && delimiter == ' ' ? new SingleBlankStream(text) : text;
    }

    /// <summary>The first row that is no comment; empty where there is none.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="source">The file.</param>
    public static string FirstRow(string path, Stream source) => Beginning(path, source) is var (lines, first, _) && first < lines.Length ? lines[first].Trim('\r') : "";

    /// <summary>What a file begins with, in lines of a character for each byte, the number of the first row among them, as many as there are lines where there is none, and what ends a line.</summary>
    private static (string[] Lines, int First, char End) Beginning(string path, Stream source)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1 << 14]);
        string[] lines = [];
        var (first, end, hasEnded) = (0, '\n', false);
        while (!hasEnded && (lines.Length == 0 || first >= lines.Length - 1) && text.Length < LongestBeginning)
        {
            var read = source.Read(buffer);
            hasEnded = read == 0;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var all = text.ToString();
            end = all.Contains('\n', StringComparison.Ordinal) ? '\n' : '\r';
            lines = all.Split(end);
            first = Array.FindIndex(lines, static line => line.Replace(ByteOrderMark, "", StringComparison.Ordinal).AsSpan().Trim(Blanks).Length > 0 && !IsComment(line));
            first = first < 0 ? lines.Length : first;
        }

        return first < lines.Length || hasEnded ? (lines, first, end) : throw new DiagnosticException(
            "BM3220", $"the first {LongestBeginning >> 10} KiB are comments", new Place(path), "a table that begins with its header or first row", "remove the comments, or name a table");
    }

    private static bool IsComment(string line) => Start(line) is var start && start < line.Length && line[start] is '#' or '%';

    private static string Unmarked(string comment) => comment[(Start(comment) + 1)..];

    private static int Start(string line)
    {
        var start = line.StartsWith(ByteOrderMark, StringComparison.Ordinal) ? ByteOrderMark.Length : 0;
        while (start < line.Length && line[start] is ' ' or '\t')
        {
            start++;
        }

        return start;
    }

    private static string[] Cells(string line, char delimiter)
    {
        // Every other part between quotes is a quoted cell's.
        var unquoted = string.Concat(line.Split('"').Select(static (part, i) => i % 2 == 0 ? part : new string('"', part.Length)));
        return delimiter == ' ' ? unquoted.Split(Blanks, StringSplitOptions.RemoveEmptyEntries) : unquoted.Split(delimiter);
    }

    /// <summary>Bytes, and a stream behind them.</summary>
    private sealed class PrecededStream(byte[] first, Stream source) : ForwardStream
    {
        private int taken;

        protected override Stream Source => source;

        public override int Read(Span<byte> buffer)
        {
            if (taken == first.Length)
            {
                return source.Read(buffer);
            }

            var count = Math.Min(buffer.Length, first.Length - taken);
            first.AsSpan(taken, count).CopyTo(buffer);
            taken += count;
            return count;
        }
    }

    /// <summary>A text with one space in place of each run of blanks outside of quotes, and none at the ends of lines.</summary>
    private sealed class SingleBlankStream(Stream source) : ForwardStream
    {
        private readonly byte[] piece = new byte[1 << 14];
        private int at, length;
        private bool isQuoted, isWithinLine, isAfterBlank;

        protected override Stream Source => source;

        public override int Read(Span<byte> buffer)
        {
            var count = 0;
            while (count < buffer.Length && (at < length || Fill()))
            {
                var next = piece[at];
                var (isBlank, endsLine) = (!isQuoted && next is (byte)' ' or (byte)'\t', !isQuoted && next is (byte)'\n' or (byte)'\r');
                if (isAfterBlank && isWithinLine && !isBlank && !endsLine)
                {
                    // The byte itself is taken the next time.
                    (buffer[count++], isAfterBlank) = ((byte)' ', false);
                    continue;
                }

                at++;
                isAfterBlank = isBlank;
                if (!isBlank)
                {
                    buffer[count++] = next;
                    isWithinLine = !endsLine;
                    isQuoted ^= next == (byte)'"';
                }
            }

            return count;
        }

        private bool Fill()
        {
            (at, length) = (0, source.Read(piece));
            return length > 0;
        }
    }
}
