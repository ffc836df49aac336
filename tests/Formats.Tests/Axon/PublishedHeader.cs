using System.Globalization;
using System.Text.RegularExpressions;

namespace BrainModular.Formats.Tests.Axon;

/// <summary>A file's content as another reader printed it: lines such as <c>* dataRate = `20000`</c>.</summary>
internal sealed partial class PublishedHeader
{
    private readonly Dictionary<string, string> values = [];

    public static PublishedHeader Read(string path)
    {
        var header = new PublishedHeader();
        foreach (var match in File.ReadLines(path).Select(line => Line().Match(line)).Where(static m => m.Success))
        {
            header.values.TryAdd(match.Groups[1].Value, match.Groups[2].Value);
        }

        return header;
    }

    public string Text(string name) => values[name];

    public double Number(string name) => double.Parse(values[name], CultureInfo.InvariantCulture);

    public DateTime Time(string name) => DateTime.Parse(values[name], CultureInfo.InvariantCulture);

    public string[] Texts(string name) => [.. Quoted().Matches(values[name]).Select(static m => m.Groups[1].Value)];

    /// <summary>The first three and the last three numbers of an array, or all of a short one.</summary>
    public double[] Ends(string name) => [.. Numbers().Matches(values[name][values[name].IndexOf(':', StringComparison.Ordinal)..]).Select(static m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    /// <summary>The first sweep's steps.</summary>
    public IEnumerable<(int From, int To, double Level)> Steps() => Step().Matches(values["sweepEpochs"]).Select(static m =>
        (int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture), double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"^\* (\w+) = `(.*)`$")]
    private static partial Regex Line();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"-?\d+\.\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"Step (-?[\d.]+) \[(\d+):(\d+)\]")]
    private static partial Regex Step();
}
