using System.Text;

namespace BrainModular.Host.Configuration;

/// <summary>Turns byte offsets into lines and columns as an editor counts them: from 1, in characters.</summary>
internal readonly ref struct PositionedText
{
    private readonly ReadOnlySpan<byte> utf8;
    private readonly List<int> lineStarts;
    private readonly Column last = new();

    public PositionedText(ReadOnlySpan<byte> utf8)
    {
        this.utf8 = utf8;
        lineStarts = [0];
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    public (int Line, int Column) LineAndColumn(int offset)
    {
        var index = lineStarts.BinarySearch(offset);
        var line = index >= 0 ? index : ~index - 1;
        return (line + 1, ColumnOnLine(line, offset - lineStarts[line]));
    }

    /// <summary>The column of a byte of a line, the line counted from 0.</summary>
    public int ColumnOnLine(int line, int bytes)
    {
        var start = lineStarts[Math.Min(line, lineStarts.Count - 1)];
        bytes = Math.Min(bytes, utf8.Length - start);

        // What is read goes forwards, so that a long line is counted once.
        if (start != last.Start || bytes < last.Bytes)
        {
            (last.Start, last.Bytes, last.Characters) = (start, 0, 0);
        }

        last.Characters += Encoding.UTF8.GetCharCount(utf8.Slice(start + last.Bytes, bytes - last.Bytes));
        last.Bytes = bytes;
        return last.Characters + 1;
    }

    /// <summary>How far the characters of a line were counted.</summary>
    private sealed class Column
    {
        public int Start { get; set; }

        public int Bytes { get; set; }

        public int Characters { get; set; }
    }
}
