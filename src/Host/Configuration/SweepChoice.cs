using System.Globalization;
using System.Text.Json;

namespace BrainModular.Host.Configuration;

/// <summary>Which sweeps of a recording are fitted and which are held out, by the file's own numbers.</summary>
/// <param name="Train">The sweeps to fit; null: all of them.</param>
/// <param name="Test">The sweeps held out; null: every third of <paramref name="Train"/>, or none where sweeps are split in time.</param>
internal sealed record SweepChoice(IReadOnlyList<long>? Train, IReadOnlyList<long>? Test)
{
    /// <summary>Applies the choice to the sweeps that a file has.</summary>
    /// <param name="available">Their numbers.</param>
    /// <param name="everyThird">Whether every third is held out where none is named.</param>
    public (IReadOnlyList<long> Train, IReadOnlyList<long> Test) Split(IReadOnlyList<long> available, bool everyThird)
    {
        var all = Train ?? available;
        return Test is not null || !everyThird
            ? ([.. all.Except(Test ?? [])], Test ?? [])
            : ([.. all.Where((_, i) => i % 3 != 2)], [.. all.Where((_, i) => i % 3 == 2)]);
    }

    /// <summary>Reads numbers and ranges such as <c>1,3,5-9</c>; null where the text is no such list.</summary>
    public static IReadOnlyList<long>? Parse(string text)
    {
        const int Most = 100_000;
        var numbers = new List<long>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2
                || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || last < first || last - first > Most)
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
}

/// <summary>Sweeps: a list such as "1,3,5-9", or one for each of train and test.</summary>
internal sealed class SweepsKind : ValueKind
{
    private const string Syntax = "sweep numbers and ranges such as \"1,3,5-9\", each number once";
    private const string None = "none";
    private static readonly string[] Keys = ["train", "test"];

    public override string Expected => $"{Syntax}, or {{ \"train\": ..., \"test\": ... }}, where test may be \"{None}\"";

    public override object? Read(ConfigNode node, Faults faults)
    {
        switch (node)
        {
            case ConfigText or ConfigNumber:
                return ReadList(node, faults) is { } list ? new SweepChoice(list, null) : null;
            case ConfigObject o:
                foreach (var unknown in o.Members.Where(m => !Keys.Contains(m.Name)))
                {
                    Schema.RefuseUnknown(unknown, Keys, faults);
                }

                var train = o["train"] is { } t ? ReadList(t, faults) : null;
                var test = o["test"] is ConfigText { Value: None } ? [] : o["test"] is { } s ? ReadList(s, faults) : null;
                if (train is not null && test is not null && train.Intersect(test).Any())
                {
                    faults.Add("BM2010", $"sweep {train.Intersect(test).First()} is both fitted and held out", o.Place, cure: "name each sweep once");
                }

                return new SweepChoice(train, test);
            default:
                return Refuse(node, faults);
        }
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var choice = (SweepChoice)value;
        if (choice is { Train: { } only, Test: null })
        {
            writer.WriteStringValue(string.Join(',', only));
            return;
        }

        writer.WriteStartObject();
        foreach (var (key, list) in Keys.Zip([choice.Train, choice.Test]).Where(p => p.Second is not null))
        {
            writer.WriteString(key, list!.Count == 0 ? None : string.Join(',', list));
        }

        writer.WriteEndObject();
    }

    private static IReadOnlyList<long>? ReadList(ConfigNode node, Faults faults)
    {
        var written = node switch { ConfigText text => text.Value, ConfigNumber number => number.Written, _ => "" };
        var list = SweepChoice.Parse(written);
        if (list is null)
        {
            faults.Add("BM2005", $"{node.Description} names no sweeps", node.Place, Syntax);
        }

        return list;
    }
}
