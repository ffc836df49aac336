using System.Text.RegularExpressions;

namespace BrainModular.Formats.Tables;

/// <summary>The columns of a table, by the statement that made it.</summary>
/// <param name="Names">In order.</param>
/// <param name="HasDefault">Whether a column has a default, [column].</param>
/// <param name="RowId">The column that is the row's id and not stored with the row; -1 where there is none.</param>
internal sealed partial record SqliteColumns(IReadOnlyList<string> Names, IReadOnlyList<bool> HasDefault, int RowId)
{
    private static readonly string[] Constraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

    /// <returns>Null where the table has no rows of that kind: it is virtual, or without row ids.</returns>
    public static SqliteColumns? Parse(string statement)
    {
        var open = statement.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || Virtual().IsMatch(statement) || WithoutRowId().IsMatch(statement))
        {
            return null;
        }

        var columns = Definitions(statement[(open + 1)..]).Where(static d => !Constraints.Contains(Bare().Match(d).Value.ToUpperInvariant())).ToList();
        return new([.. columns.Select(Name)], [.. columns.Select(static d => Default().IsMatch(d))], columns.FindIndex(static d => Id().IsMatch(d)));
    }

    private static string Name(string definition) => definition[0] switch
    {
        '[' => definition[1..Math.Max(1, definition.IndexOf(']', StringComparison.Ordinal))],
        '"' or '`' or '\'' => Quoted().Match(definition).Groups[2].Value,
        _ => Bare().Match(definition).Value,
    };

    /// <summary>What stands between the commas of the outermost brackets.</summary>
    private static List<string> Definitions(string text)
    {
        var (definitions, depth, from, quote) = (new List<string>(), 0, 0, '\0');
        for (var i = 0; i < text.Length && depth >= 0; i++)
        {
            var c = text[i];
            quote = quote == '\0' ? (c is '"' or '\'' or '`' ? c : c == '[' ? ']' : '\0') : c == quote ? '\0' : quote;
            if (quote != '\0')
            {
                continue;
            }

            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0 || (depth == 0 && c == ','))
            {
                definitions.Add(text[from..i].Trim());
                from = i + 1;
            }
        }

        return [.. definitions.Where(static d => d.Length > 0)];
    }

    [GeneratedRegex(@"^\s*CREATE\s+VIRTUAL\s", RegexOptions.IgnoreCase)]
    private static partial Regex Virtual();

    [GeneratedRegex(@"\)[^)]*\bWITHOUT\s+ROWID\b[^)]*$", RegexOptions.IgnoreCase)]
    private static partial Regex WithoutRowId();

    [GeneratedRegex(@"^\S+\s+INTEGER\b(?!.*\bDESC\b).*\bPRIMARY\s+KEY\b", RegexOptions.IgnoreCase)]
    private static partial Regex Id();

    [GeneratedRegex(@"\bDEFAULT\b", RegexOptions.IgnoreCase)]
    private static partial Regex Default();

    [GeneratedRegex(@"^[\w$]+")]
    private static partial Regex Bare();

    [GeneratedRegex("""^(["`'])(.*?)\1""")]
    private static partial Regex Quoted();
}
