using System.Globalization;
using BrainModular.Diagnostics;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// A choice among rows: <c>column=value|value</c> takes those whose column holds one of the values, <c>column!=value|value</c> those whose column
/// holds none of them; several choices, parted by <c>;</c>, hold together. An empty text takes all.
/// </summary>
internal sealed class Choice
{
    private readonly List<Condition> conditions = [];

    /// <exception cref="DiagnosticException">BM3224: the text is no choice.</exception>
    public Choice(string text)
    {
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0)
            {
                throw new DiagnosticException(
                    "BM3224", $"'{part}' chooses nothing", expected: "column=value|value or column!=value|value", cure: "name a column and the values to take");
            }

            var without = part[sign - 1] == '!';
            conditions.Add(new(part[..(without ? sign - 1 : sign)].Trim(), [.. part[(sign + 1)..].Split('|', StringSplitOptions.TrimEntries)], without));
        }
    }

    /// <summary>Whether everything is taken.</summary>
    public bool TakesAll => conditions.Count == 0;

    /// <summary>The columns that are asked.</summary>
    public IEnumerable<string> Columns => conditions.Select(condition => condition.Column);

    /// <summary>Whether a row is taken.</summary>
    /// <param name="cell">The row's cell in a column.</param>
    public bool Takes(Func<string, string> cell) => conditions.TrueForAll(condition => condition.Values.Contains(cell(condition.Column)) != condition.Without);

    /// <summary>The places of the nodes that are taken.</summary>
    /// <exception cref="DiagnosticException">BM3224: nodes have no such attribute, or none is taken.</exception>
    public IReadOnlyList<int> Among(NodeTable nodes, Place place)
    {
        foreach (var column in Columns.Where(column => !nodes.Texts.ContainsKey(column) && !nodes.Numbers.ContainsKey(column)))
        {
            throw new DiagnosticException(
                "BM3224", $"nodes have no attribute '{column}' to be chosen by", place,
                $"one of {string.Join(", ", nodes.Texts.Keys.Concat(nodes.Numbers.Keys).DefaultIfEmpty("none: nothing is known of the nodes"))}",
                "choose by an attribute that is there");
        }

        var taken = Enumerable.Range(0, nodes.Count).Where(i => Takes(column => nodes.Texts.TryGetValue(column, out var texts)
            ? texts[i]
            : nodes.Numbers[column][i].ToString(CultureInfo.InvariantCulture))).ToArray();
        return taken.Length > 0 || nodes.Count == 0 ? taken : throw new DiagnosticException(
            "BM3224", $"no node has {string.Join(" and ", conditions)}", place, "a choice that takes at least one node", "choose by values that are there");
    }

    private sealed record Condition(string Column, HashSet<string> Values, bool Without)
    {
        public override string ToString() => $"{Column}{(Without ? "!=" : "=")}{string.Join('|', Values)}";
    }
}
