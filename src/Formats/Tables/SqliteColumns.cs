using System.Text.RegularExpressions;

namespace BrainModular.Formats.Tables;

/// <summary>The columns of a table that are stored, by the statement that made it; columns generated as they are read (without STORED) are left out, as they are of its records.</summary>
/// <param name="Names">In order.</param>
/// <param name="HasDefault">Whether a column has a default, [column].</param>
/// <param name="RowId">The column that is the row's id, whose place in the row is empty; -1 where there is none.</param>
internal sealed partial record SqliteColumns(IReadOnlyList<string> Names, IReadOnlyList<bool> HasDefault, int RowId)
{
    private static readonly string[] Constraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

    /// <returns>Null where the table has no rows of that kind: it is virtual, or without row ids.</returns>
    public static SqliteColumns? Parse(string statement)
    {
        var text = Quoted().Replace(statement, static m => m.Value.StartsWith("--", StringComparison.Ordinal) || m.Value.StartsWith("/*", StringComparison.Ordinal) ? " " : m.Value);
        var outline = Outline(text);
        var open = outline.IndexOf('(', StringComparison.Ordinal);
        var close = outline.IndexOf(')', open + 1);
        close = close < 0 ? text.Length : close;
        if (open < 0 || Virtual().IsMatch(outline) || WithoutRowId().IsMatch(outline[close..]))
        {
            return null;
        }

        var constraints = Definitions(text[(open + 1)..close]).ToLookup(static d => Constraints.Contains(Bare().Match(d).Value.ToUpperInvariant()));
        var columns = constraints[false].Select(Column.Of).Where(static c => !Generated().IsMatch(c.Outline)).ToList();
        var id = columns.FindIndex(static c => c.IsInteger && Id().IsMatch(c.Outline));
        foreach (var constraint in constraints[true])
        {
            if (Key().Match(Outline(constraint)) is { Success: true } key && Definitions(constraint.Substring(key.Groups[1].Index, key.Groups[1].Length)) is [var only])
            {
                id = columns.FindIndex(c => c.IsInteger && string.Equals(c.Name, Column.Of(only).Name, StringComparison.OrdinalIgnoreCase));
            }
        }

        return new([.. columns.Select(static c => c.Name)], [.. columns.Select(static c => Default().IsMatch(c.Outline))], id);
    }

    /// <summary>What stands between the commas that lie in no brackets.</summary>
    private static List<string> Definitions(string text)
    {
        var (definitions, from, outline) = (new List<string>(), 0, Outline(text));
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || outline[i] == ',')
            {
                definitions.Add(text[from..i].Trim());
                from = i + 1;
            }
        }

        return [.. definitions.Where(static d => d.Length > 0)];
    }

    /// <summary>A text of the same length with blanks for what lies within quotes or brackets.</summary>
    private static string Outline(string text)
    {
        var (outline, depth, quote) = (text.ToCharArray(), 0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var (before, within) = (depth, quote != '\0' && c != quote);
            if (quote == '\0')
            {
                quote = c is '"' or '\'' or '`' ? c : c == '[' ? ']' : '\0';
                depth = Math.Max(0, depth + (c == '(' ? 1 : c == ')' ? -1 : 0));
            }
            else if (c == quote)
            {
                quote = '\0';
            }

            outline[i] = within || (before > 0 && depth > 0) ? ' ' : c;
        }

        return new(outline);
    }

    [GeneratedRegex(@"^\s*CREATE\s+VIRTUAL\s", RegexOptions.IgnoreCase)]
    private static partial Regex Virtual();

    [GeneratedRegex(@"\bWITHOUT\s+ROWID\b", RegexOptions.IgnoreCase)]
    private static partial Regex WithoutRowId();

    [GeneratedRegex(@"(?<![\w$])PRIMARY\s+KEY(?![\w$])(?!\s+DESC\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Id();

    [GeneratedRegex(@"(?<![\w$])PRIMARY\s+KEY\s*\((\s*)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Key();

    [GeneratedRegex(@"(?<![\w$])AS\s*\(\s*\)(?!\s*STORED\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Generated();

    [GeneratedRegex(@"(?<![\w$]|\bSET\s+)DEFAULT(?![\w$])", RegexOptions.IgnoreCase)]
    private static partial Regex Default();

    [GeneratedRegex(@"^[\w$\u0080-\uFFFF]+")]
    private static partial Regex Bare();

    /// <summary>What is quoted, and comments: whichever begins first.</summary>
    [GeneratedRegex("""
        "[^"]*(?:"|\z)|'[^']*(?:'|\z)|`[^`]*(?:`|\z)|\[[^\]]*(?:\]|\z)|--[^\n]*|/\*.*?(?:\*/|\z)
        """, RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex("""^(?:\[([^\]]*)\]|(["`'])((?:(?!\2).|\2\2)*)\2)""", RegexOptions.Singleline)]
    private static partial Regex QuotedName();

    // The type is INTEGER and nothing more: what makes a primary key the row's id.
    [GeneratedRegex("""^\s*["'`\[]?INTEGER["'`\]]?\s*(?:\z|(?<![\w$])(?:CONSTRAINT|PRIMARY|NOT|NULL|UNIQUE|CHECK|DEFAULT|COLLATE|REFERENCES)(?![\w$]))""", RegexOptions.IgnoreCase)]
    private static partial Regex Integer();

    /// <param name="Name">Without its quotes.</param>
    /// <param name="IsInteger">Whether its type is that of row ids.</param>
    /// <param name="Outline">What follows the name.</param>
    private sealed record Column(string Name, bool IsInteger, string Outline)
    {
        public static Column Of(string definition)
        {
            var (quoted, bare) = (QuotedName().Match(definition), Bare().Match(definition));
            var mark = quoted.Groups[2].Value;
            var name = !quoted.Success ? bare.Value : mark.Length == 0 ? quoted.Groups[1].Value : quoted.Groups[3].Value.Replace(mark + mark, mark, StringComparison.Ordinal);
            var rest = definition[(quoted.Success ? quoted.Length : bare.Length)..];
            return new(name, Integer().IsMatch(rest), SqliteColumns.Outline(rest));
        }
    }
}
