using System.Text;
using Spectre.Console;

namespace BrainModular.Host.Terminal;

/// <summary>A terminal that bars are drawn on. The library takes only the console's own writers for one, and those let nothing through that draws.</summary>
/// <param name="writer">Writes to it.</param>
internal sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput size = new(writer);

    public TextWriter Writer => writer;

    public bool IsTerminal => true;

    public int Width => size.Width;

    public int Height => size.Height;

    public void SetEncoding(Encoding encoding) => size.SetEncoding(encoding);
}
