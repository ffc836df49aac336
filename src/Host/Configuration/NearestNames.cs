namespace BrainModular.Host.Configuration;

/// <summary>Names that a misspelt name may have meant.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>A cure that names the nearest of the known names, or all of them where none is near.</summary>
    public static string Cure(string name, IEnumerable<string> known)
    {
        var names = known.Distinct().ToArray();
        var nearest = Of(name, names);
        return (nearest.Count, names.Length) switch
        {
            ( > 0, _) => $"did you mean {string.Join(" or ", nearest.Select(n => $"'{n}'"))}?",
            (_, 0) => "remove it",
            _ => $"use one of: {string.Join(", ", names.Order(StringComparer.Ordinal))}",
        };
    }

    /// <summary>At most three known names, nearest first: those within a third of the name's length, and those that contain it.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known)
    {
        var folded = Fold(name);
        var nearest =
            from candidate in known
            let other = Fold(candidate)
            let contained = name.Length >= 3 && other.Contains(folded, StringComparison.Ordinal)
            let most = Math.Max(1, Math.Max(name.Length, candidate.Length) / 3)
            where contained || Math.Abs(folded.Length - other.Length) <= most
            let distance = Distance(folded, other)
            where distance <= most || contained
            orderby distance, candidate
            select candidate;
        return [.. nearest.Take(Most)];
    }

    /// <summary>The number of letters to insert, delete, replace or swap with their neighbour (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                var replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }

    // Case and word separators are what people get wrong first: hodgkinHuxley, Hodgkin_Huxley.
    private static string Fold(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
