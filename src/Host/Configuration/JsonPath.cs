using System.Globalization;

namespace BrainModular.Host.Configuration;

/// <summary>A step of a path inside a configuration: a member's name, or an item's index.</summary>
internal readonly record struct PathStep(string? Name, int Index)
{
    public override string ToString() => Name ?? string.Create(CultureInfo.InvariantCulture, $"[{Index}]");
}

/// <summary>Paths such as <c>stages.fit.recording.files[0]</c>.</summary>
internal static class JsonPath
{
    public static string Member(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>The steps of a path; false where it is none, such as <c>a..b</c> or <c>a[x]</c>.</summary>
    public static bool TryParse(string text, out IReadOnlyList<PathStep> steps)
    {
        var found = new List<PathStep>();
        steps = found;
        foreach (var part in text.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 || name.Contains(']', StringComparison.Ordinal))
            {
                return false;
            }

            found.Add(new(name, 0));
            for (var rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                if (rest[0] != '[' || end < 0 || !int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                {
                    return false;
                }

                found.Add(new(null, index));
                rest = rest[(end + 1)..];
            }
        }

        return true;
    }
}
