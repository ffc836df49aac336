using System.Globalization;
using System.Text.Json;

namespace BrainModular.Host.Configuration;

/// <summary>Numbers from 0, such as "0-9,20" or [1, 2, "5-9"].</summary>
internal sealed class NumbersKind : ValueKind
{
    private const int MostOfRange = 100_000;

    public override string Expected => "numbers and ranges such as \"0-9,20\" or [1, 2], each number once";

    /// <summary>Reads a text, a number, or a list of these; null where it is none.</summary>
    public static IReadOnlyList<long>? Parse(ConfigNode node) => node switch
    {
        ConfigArray { Items.Count: > 0 } list when list.Items.All(static i => Written(i) is not null) => Parse(string.Join(',', list.Items.Select(Written))),
        _ => Written(node) is { } text ? Parse(text) : null,
    };

    /// <summary>Reads numbers and ranges such as <c>1,3,5-9</c>; null where the text is no such list.</summary>
    public static IReadOnlyList<long>? Parse(string text)
    {
        var numbers = new List<long>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2
                || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || last < first || last - first > MostOfRange)
            {
                return null;
            }

            for (var number = first; number <= last; number++)
            {
                numbers.Add(number);
            }
        }

        return numbers.Distinct().Count() == numbers.Count ? numbers : null;
    }

    public override object? Read(ConfigNode node, Faults faults) => Parse(node) ?? Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue(string.Join(',', (IReadOnlyList<long>)value));

    private static string? Written(ConfigNode node) => node switch { ConfigText text => text.Value, ConfigNumber number => number.Written, _ => null };
}
