using System.Text;

namespace BrainModular.Formats.Tables;

/// <summary>Rows as the text of a table with commas (RFC 4180), one line for each, made as it is read. Line ends within cells become blanks, so that lines count rows.</summary>
/// <param name="rows">The rows; one without cells is a blank line.</param>
/// <param name="source">What they come from, closed with it.</param>
internal sealed class RowStream(IEnumerable<IReadOnlyList<string>> rows, Stream source) : ForwardStream
{
    private readonly IEnumerator<IReadOnlyList<string>> next = rows.GetEnumerator();
    private byte[] line = [];
    private int taken;

    protected override Stream Source => source;

    public override int Read(Span<byte> buffer)
    {
        while (taken == line.Length)
        {
            if (!next.MoveNext())
            {
                return 0;
            }

            (line, taken) = (Encoding.UTF8.GetBytes(Line(next.Current)), 0);
        }

        var count = Math.Min(buffer.Length, line.Length - taken);
        line.AsSpan(taken, count).CopyTo(buffer);
        taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            next.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Line(IReadOnlyList<string> cells) => string.Join(',', cells.Select(Quoted)) + "\n";

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
