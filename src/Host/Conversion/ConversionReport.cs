using System.Globalization;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>What was converted, a line for sweeps that are alike.</summary>
internal static class ConversionReport
{
    public static IEnumerable<string> Lines(List<SourceSweep> sweeps, long[] numbers) =>
        sweeps.Zip(numbers).GroupBy(static p => Text(p.First), static p => p.Second).Select(static group => $"{Ranges([.. group])}: {group.Key}");

    private static string Ranges(long[] numbers)
    {
        var ranges = new List<string>();
        for (var (first, i) = (0, 1); i <= numbers.Length; i++)
        {
            if (i == numbers.Length || numbers[i] != numbers[i - 1] + 1)
            {
                ranges.Add(i - first == 1 ? $"{numbers[first]}" : $"{numbers[first]}-{numbers[i - 1]}");
                first = i;
            }
        }

        return $"{(numbers.Length == 1 ? "sweep" : "sweeps")} {string.Join(',', ranges)}";
    }

    private static string Text(SourceSweep sweep) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(sweep.Clamp == NwbClamp.Voltage ? "voltage" : "current")} clamp, {sweep.Response.Samples.Count} samples at {sweep.Response.Rate:G9} Hz, response {Trace(sweep.Response)}, stimulus {(sweep.Stimulus is { } s ? Trace(s) : "unknown")}");

    private static string Trace(SourceTrace trace) => $"{trace.Origin} in {trace.Unit}";
}
