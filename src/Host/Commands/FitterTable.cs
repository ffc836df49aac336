using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Commands;

/// <summary>How far several ways to fit came, as a table and as JSON.</summary>
internal static class FitterTable
{
    /// <summary>The heading and the cells of each fitter.</summary>
    public static IReadOnlyList<string[]> Rows(FitterComparison compared) =>
    [
        ["fitter", "best", "median", "worst", .. compared.Level is null ? Array.Empty<string>() : ["reached", "steps to it"], "runs", "evaluations", "steps", "seconds", "CPU seconds"],
        .. compared.Figures.Select(f => (string[])
        [
            f.Name, Loss(f.Best), Loss(f.Median), Loss(f.Worst),
            .. compared.Level is null ? Array.Empty<string>() : [$"{Math.Round(f.Reached!.Value * compared.Seeds)} of {compared.Seeds}", Steps(f.StepsToLevel!.Value)],
            Mean(f, static t => t.Runs), Mean(f, t => t.Steps / (double)compared.StepsPerEvaluation), Steps(f.Trials.Average(static t => t.Steps)),
            Mean(f, static t => t.Seconds), Mean(f, static t => t.ProcessorSeconds),
        ]),
    ];

    /// <summary>What was compared, in one sentence.</summary>
    public static string Heading(FitterComparison compared)
    {
        var budget = compared.Budget.Steps is { } steps ? string.Create(CultureInfo.InvariantCulture, $"{steps / compared.StepsPerEvaluation} evaluations of {compared.StepsPerEvaluation} steps")
            : compared.Budget.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s") : "each to its own end";
        var level = compared.Level is { } value ? string.Create(CultureInfo.InvariantCulture, $", level {value:g4} {NumberText.Unit(compared.LossUnit)}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{compared.Stage}: losses in {NumberText.Unit(compared.LossUnit)} over {compared.Seeds} seeds, budget {budget}{level}, {compared.Threads} threads");
    }

    public static void Write(FitterComparison compared, TextWriter output)
    {
        output.WriteLine(Heading(compared));
        output.WriteLine("evaluations, steps and seconds are means of a run");
        output.WriteLine();
        var rows = Rows(compared);
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        }
    }

    /// <summary>Everything, with null where a number is not finite.</summary>
    public static JsonObject ToJson(FitterComparison compared) => new()
    {
        ["stage"] = compared.Stage,
        ["lossUnit"] = compared.LossUnit,
        ["stepsPerEvaluation"] = compared.StepsPerEvaluation,
        ["budgetSteps"] = compared.Budget.Steps,
        ["budgetSeconds"] = compared.Budget.Seconds,
        ["seeds"] = compared.Seeds,
        ["threads"] = compared.Threads,
        ["level"] = compared.Level,
        ["fitters"] = new JsonObject(compared.Figures.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Name, new JsonObject
        {
            ["best"] = FitSummary.Number(f.Best),
            ["median"] = FitSummary.Number(f.Median),
            ["worst"] = FitSummary.Number(f.Worst),
            ["reached"] = f.Reached,
            ["stepsToLevel"] = FitSummary.Number(f.StepsToLevel),
            ["trials"] = new JsonArray([.. f.Trials.Select(t => new JsonObject
            {
                ["loss"] = FitSummary.Number(t.Loss * compared.LossFactor),
                ["parameters"] = new JsonObject(t.Values.Select(v => KeyValuePair.Create<string, JsonNode?>(v.Key, FitSummary.Quantity(compared.Model, v.Key, v.Value)))),
                ["runs"] = t.Runs,
                ["steps"] = t.Steps,
                ["seconds"] = t.Seconds,
                ["processorSeconds"] = t.ProcessorSeconds,
                ["curve"] = new JsonObject
                {
                    ["steps"] = new JsonArray([.. t.Curve.Select(static p => JsonValue.Create(p.Steps))]),
                    ["seconds"] = new JsonArray([.. t.Curve.Select(static p => JsonValue.Create(p.Seconds))]),
                    ["loss"] = new JsonArray([.. t.Curve.Select(p => JsonValue.Create(p.Loss * compared.LossFactor))]),
                },
            })]),
        }))),
    };

    private static string Loss(double loss) => NumberText.Number(double.IsFinite(loss) ? loss : null);

    private static string Mean(FitterFigures figures, Func<FitterTrial, double> of) => NumberText.Number(Math.Round(figures.Trials.Average(of), 3));

    private static string Steps(double steps) => double.IsFinite(steps) ? steps.ToString("0.##e0", CultureInfo.InvariantCulture) : "–";
}
