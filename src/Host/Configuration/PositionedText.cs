using System.Text;

namespace BrainModular.Host.Configuration;

/// <summary>Turns byte offsets into lines and columns as an editor counts them: from 1, in characters.</summary>
internal readonly ref struct PositionedText
{
    private readonly ReadOnlySpan<byte> utf8;
    private readonly List<int> lineStarts;

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
        return Encoding.UTF8.GetCharCount(utf8.Slice(start, Math.Min(bytes, utf8.Length - start))) + 1;
    }
}
