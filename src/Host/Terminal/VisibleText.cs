namespace BrainModular.Host.Terminal;

/// <summary>Text that came from files or plugins, made harmless to a terminal: what would move its cursor, colour it or rename its window is shown as U+FFFD.</summary>
internal static class VisibleText
{
    public static string Of(string text) => text.Any(IsHidden) ? string.Concat(text.Select(Of)) : text;

    public static char Of(char c) => IsHidden(c) ? '\uFFFD' : c;

    // Line ends and tabs are meant; marks that turn the direction of writing can make a text look like another one.
    private static bool IsHidden(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
