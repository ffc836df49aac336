using System.Text;

namespace BrainModular.Formats.Csv;

/// <summary>
/// The text of a table without what stands around its rows. Lines before the first row that begin with # or % are comments and become blank, so that lines keep their numbers; the last of them,
/// if it has as many cells as the first row, is a row: a header, of which only the mark goes. Between cells that blanks part, several blanks are one, and those at a line's ends none.
/// </summary>
internal static class TableText
{
    private const int LongestBeginning = 1 << 20;
    private const string ByteOrderMark = "ï»¿";

    private static readonly char[] Blanks = [' ', '\t', '\r'];

    /// <summary>The text of a table.</summary>
    /// <param name="source">The file, closed with the text.</param>
    /// <param name="delimiter">What stands between two cells; for a space, tabs are as good.</param>
    /// <param name="header">Whether the first row names the columns.</param>
    public static Stream Open(Stream source, char delimiter, bool header)
    {
        var (lines, first) = Beginning(source);
        var comment = Array.FindLastIndex(lines[..first], IsComment);
        for (var i = 0; i <= comment; i++)
        {
            var isRow = i == comment && first < lines.Length && Cells(Bare(lines[i]), delimiter) == Cells(lines[first], delimiter);
            lines[i] = !IsComment(lines[i]) ? lines[i] : !isRow ? "" : header ? Bare(lines[i]) : lines[i];
        }

        var text = new PrecededStream(Encoding.Latin1.GetBytes(string.Join('\n', lines)), source);
        return delimiter == ' ' ? new SingleBlankStream(text) : text;
    }

    /// <summary>The first row that is no comment; empty where there is none near the file's beginning.</summary>
    /// <param name="source">The file.</param>
    public static string FirstRow(Stream source) => Beginning(source) is var (lines, first) && first < lines.Length ? lines[first].Trim('\r') : "";

    /// <summary>What a file begins with, in lines of a character for each byte, and the number of the first row among them: as many as there are lines where there is none.</summary>
    private static (string[] Lines, int First) Beginning(Stream source)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1 << 14]);
        string[] lines = [];
        var (first, hasEnded) = (0, false);
        while (!hasEnded && (lines.Length == 0 || first >= lines.Length - 1) && text.Length < LongestBeginning)
        {
            var read = source.Read(buffer);
            hasEnded = read == 0;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            lines = text.ToString().Split('\n');
            first = Array.FindIndex(lines, static line => line.Replace(ByteOrderMark, "", StringComparison.Ordinal).AsSpan().Trim(Blanks).Length > 0 && !IsComment(line));
            first = first < 0 ? lines.Length : first;
        }

        return (lines, first);
    }

    private static bool IsComment(string line) => Start(line) is var start && start < line.Length && line[start] is '#' or '%';

    private static int Start(string line)
    {
        var start = line.StartsWith(ByteOrderMark, StringComparison.Ordinal) ? ByteOrderMark.Length : 0;
        while (start < line.Length && line[start] is ' ' or '\t')
        {
            start++;
        }

        return start;
    }

    private static string Bare(string line) => line[(Start(line) + 1)..];

    private static int Cells(string line, char delimiter)
    {
        // Every other part between quotes is a quoted cell's.
        var unquoted = string.Join('"', line.Split('"').Where(static (_, i) => i % 2 == 0));
        return delimiter == ' ' ? unquoted.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Length : unquoted.Split(delimiter).Length;
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
