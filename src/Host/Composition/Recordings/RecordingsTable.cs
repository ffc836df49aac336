using System.Globalization;
using System.Text;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Composition.Recordings;

/// <summary>The recordings beside each other: a table for each fit, for people, and one of everything, for programs.</summary>
internal static class RecordingsTable
{
    private static readonly (string Name, Func<FitFigures, double?> Of, Func<double?, string> Text)[] Columns =
    [
        ("explained, fitted", static f => f.Fitted.ExplainedVariance, NumberText.Percent),
        ("explained, held out", static f => f.HeldOut?.ExplainedVariance, NumberText.Percent),
        ("spikes", static f => f.Judged.Spikes, NumberText.Number),
        ("recorded", static f => f.Judged.RecordedSpikes, NumberText.Number),
        ("counts", static f => f.Judged.RightCounts / (double)f.Judged.Sweeps, NumberText.Percent),
        ("latencies", static f => f.Judged.Firing == 0 ? null : f.Judged.RightLatencies / (double)f.Judged.Firing, NumberText.Percent),
        ("Gamma", static f => f.Judged.Gamma, Fixed),
        ("reliability", static f => f.Judged.Reliability, Fixed),
        ("Md*", static f => f.Judged.Similarity, Fixed),
        ("seconds", static f => Math.Round(f.Seconds, 2), NumberText.Number),
    ];

    /// <summary>The names of the fits, in the order of the stages.</summary>
    public static IReadOnlyList<string> Stages(IReadOnlyList<RecordingRow> rows) => [.. rows.SelectMany(static r => r.Fits.Select(static f => f.Stage)).Distinct()];

    /// <summary>
    /// The heading, the cells of each recording that a fit came to an end for, and last, where there are several, their medians. Columns without any number are left out; spikes and what
    /// follows are those of the sweeps held out where there are any. Counts and latencies are the part of the sweeps in which they are right within a tenth, or within one spike and 1 ms.
    /// </summary>
    public static IReadOnlyList<string[]> Figures(IReadOnlyList<RecordingRow> rows, string stage)
    {
        var fits = Fits(rows, stage);
        var columns = Columns.Where(c => fits.Any(f => c.Of(f.Fit) is not null)).Prepend(($"loss ({NumberText.Unit(fits[0].Fit.LossUnit)})", static f => f.Loss, NumberText.Number)).ToList();
        return
        [
            ["recording", .. columns.Select(static c => c.Item1)],
            .. fits.Select(f => (string[])[f.Row.Recording.Name, .. columns.Select(c => c.Item3(c.Item2(f.Fit)))]),
            .. fits.Count < 2 ? Array.Empty<string[]>() : [["median", .. columns.Select(c => c.Item3(Median(fits.Select(f => c.Item2(f.Fit)))))]],
        ];
    }

    /// <summary>The same of the parameters that a fit changed; none where it changed none.</summary>
    public static IReadOnlyList<string[]> Parameters(IReadOnlyList<RecordingRow> rows, string stage)
    {
        var fits = Fits(rows, stage);
        var fitted = fits[0].Fit.Parameters.Where(static p => p.IsFitted).ToList();
        return fitted.Count == 0 ? [] :
        [
            ["recording", .. fitted.Select(static p => p.Heading)],
            .. fits.Select(f => (string[])[f.Row.Recording.Name, .. fitted.Select(p => NumberText.Number(Value(f.Fit, p.Name)))]),
            .. fits.Count < 2 ? Array.Empty<string[]>() : [["median", .. fitted.Select(p => NumberText.Number(Median(fits.Select(f => Value(f.Fit, p.Name)))))]],
        ];
    }

    /// <summary>Writes the tables and what failed, for a terminal.</summary>
    public static void Write(IReadOnlyList<RecordingRow> rows, TextWriter output)
    {
        var stages = Stages(rows);
        foreach (var stage in stages)
        {
            if (stages.Count > 1)
            {
                output.WriteLine($"{stage}:");
            }

            var table = Figures(rows, stage);
            var widths = Enumerable.Range(0, table[0].Length).Select(c => table.Max(r => r[c].Length)).ToArray();
            foreach (var row in table)
            {
                output.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
            }

            output.WriteLine();
        }

        foreach (var row in rows.Where(static r => r.Status == "failed"))
        {
            output.WriteLine($"{row.Recording.Name} failed: {row.Faults[0].Id}: {row.Faults[0].Problem}");
        }
    }

    /// <summary>A line for each recording and fit, with all parameters; one without figures for each that has none.</summary>
    public static string Csv(IReadOnlyList<RecordingRow> rows)
    {
        var parameters = rows.SelectMany(static r => r.Fits).SelectMany(static f => f.Parameters).DistinctBy(static p => p.Name).ToList();
        var text = new StringBuilder();
        Line(
        [
            "recording", "file", "status", "stage", "loss", "lossUnit", "explainedVarianceFitted", "explainedVarianceHeldOut", "spikes", "recordedSpikes", "gamma", "reliability",
            "similarity", "sweeps", "rightCounts", "firing", "rightLatencies", "seconds", .. parameters.Select(static p => p.Heading),
        ]);
        foreach (var row in rows)
        {
            IEnumerable<string> known = [row.Recording.Name, row.Recording.File, row.Status];
            foreach (var fit in row.Fits)
            {
                Line(
                [
                    .. known, fit.Stage, Plain(fit.Loss), fit.LossUnit, Plain(fit.Fitted.ExplainedVariance), Plain(fit.HeldOut?.ExplainedVariance), Plain(fit.Judged.Spikes),
                    Plain(fit.Judged.RecordedSpikes), Plain(fit.Judged.Gamma), Plain(fit.Judged.Reliability), Plain(fit.Judged.Similarity), Plain(fit.Judged.Sweeps),
                    Plain(fit.Judged.RightCounts), Plain(fit.Judged.Firing), Plain(fit.Judged.RightLatencies), Plain(fit.Seconds),
                    .. parameters.Select(p => Plain(Value(fit, p.Name))),
                ]);
            }

            if (row.Fits.Count == 0)
            {
                Line([.. known, .. Enumerable.Repeat("", 15 + parameters.Count)]);
            }
        }

        return text.ToString();

        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append('\n');
    }

    private static List<(RecordingRow Row, FitFigures Fit)> Fits(IReadOnlyList<RecordingRow> rows, string stage) =>
        [.. rows.SelectMany(r => r.Fits.Where(f => f.Stage == stage).Select(f => (r, f)))];

    private static double? Value(FitFigures fit, string parameter) => fit.Parameters.FirstOrDefault(p => p.Name == parameter)?.Value;

    private static double? Median(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>().Order()];
        return known.Length == 0 ? null : (known[known.Length / 2] + known[(known.Length - 1) / 2]) / 2;
    }

    private static string Fixed(double? value) => NumberText.Fixed(value ?? double.NaN);

    private static string Plain(double? value) => value is { } number ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
