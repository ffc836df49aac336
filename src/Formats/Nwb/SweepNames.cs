using System.Globalization;

namespace BrainModular.Formats.Nwb;

/// <summary>Reads the numbers of sweeps out of series' names, for files that number them nowhere else.</summary>
/// <param name="responses">Every response of the file.</param>
internal sealed class SweepNames(IReadOnlyList<NwbSeries> responses)
{
    private readonly Dictionary<NwbSeries, long?> _numbers = Read(responses);

    /// <summary>
    /// The number of a response: the last one in its name, where such numbers tell all responses apart; else another one in its name that does, such as the 3
    /// of <c>response-03-ch-0</c>; null where none does.
    /// </summary>
    public long? Number(NwbSeries response) => _numbers[response];

    /// <summary>All numbers in a name, from first to last.</summary>
    public static long[] All(string name)
    {
        var numbers = new List<long>();
        for (var i = 0; i < name.Length; i++)
        {
            var start = i;
            while (i < name.Length && char.IsAsciiDigit(name[i]))
            {
                i++;
            }

            if (i > start && long.TryParse(name.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        return [.. numbers];
    }

    /// <summary>The number that a name ends with, or null.</summary>
    public static long? Trailing(string name) => name.Length > 0 && char.IsAsciiDigit(name[^1]) && All(name) is [.., var last] ? last : null;

    private static Dictionary<NwbSeries, long?> Read(IReadOnlyList<NwbSeries> responses)
    {
        long[]? chosen = Column(responses, static series => Trailing(series.Object.Name));
        for (var place = 0; chosen is null && place < 4; place++)
        {
            var from = place;
            chosen = Column(responses, series => All(series.Object.Name) is var numbers && from < numbers.Length ? numbers[from] : null);
        }

        // Where no place tells all apart, as with two electrodes that recorded the same sweeps, each has what its name ends with.
        return responses.Select((series, i) => (series, Number: chosen?[i] ?? Trailing(series.Object.Name))).ToDictionary(static pair => pair.series, static pair => pair.Number);
    }

    private static long[]? Column(IReadOnlyList<NwbSeries> responses, Func<NwbSeries, long?> number)
    {
        var numbers = responses.Select(number).OfType<long>().Distinct().ToArray();
        return numbers.Length == responses.Count ? numbers : null;
    }
}
