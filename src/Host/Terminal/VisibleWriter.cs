using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Terminal;

/// <summary>Makes everything that is written harmless to a terminal on its way out, whoever wrote it and wherever it came from.</summary>
internal sealed class VisibleWriter : TextWriter
{
    private readonly TextWriter inner;
    private readonly bool mayBeLost;

    /// <param name="inner">Where it goes.</param>
    /// <param name="mayBeLost">
    /// Whether it may go nowhere, as messages may: a log on a full disk or a stderr that is closed must not end a run, whose folder and exit code tell, too.
    /// </param>
    public VisibleWriter(TextWriter inner, bool mayBeLost = false)
    {
        (this.inner, this.mayBeLost) = (inner, mayBeLost);
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Lets all that the program writes from now on go through such a writer. What shows progress on a terminal opens it itself.</summary>
    public static void Install()
    {
        Console.SetOut(new VisibleWriter(Console.Out));
        Console.SetError(new VisibleWriter(Console.Error, mayBeLost: true));
    }

    public override void Write(char value) => Pass(VisibleText.Of(value).ToString());

    public override void Write(string? value) => Pass(VisibleText.Of(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Pass(VisibleText.Of($"{value}\n"));

    public override void Flush() => inner.Flush();

    private void Pass(string text)
    {
        try
        {
            inner.Write(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!mayBeLost)
            {
                throw new DiagnosticException(
                    "BM6106", $"what the command prints cannot be written: {exception.Message}", new("standard output"), "a file with room, a pipe or a terminal", "print to another file, or free some space", exception);
            }
        }
    }
}
