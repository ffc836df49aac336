using System.Text;

namespace BrainModular.Host.Terminal;

/// <summary>Makes everything that is written harmless to a terminal on its way out, whoever wrote it and wherever it came from.</summary>
internal sealed class VisibleWriter : TextWriter
{
    private readonly TextWriter inner;

    public VisibleWriter(TextWriter inner)
    {
        this.inner = inner;
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Lets all that the program writes from now on go through such a writer. What shows progress on a terminal opens it itself.</summary>
    public static void Install()
    {
        Console.SetOut(new VisibleWriter(Console.Out));
        Console.SetError(new VisibleWriter(Console.Error));
    }

    public override void Write(char value) => inner.Write(VisibleText.Of(value));

    public override void Write(string? value) => inner.Write(VisibleText.Of(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => inner.Write(VisibleText.Of($"{value}\n"));

    public override void Flush() => inner.Flush();
}
