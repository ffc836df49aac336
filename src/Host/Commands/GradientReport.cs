using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Engine.Training;
using BrainModular.Host.Composition;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Commands;

/// <summary>How the gradients of several methods agree, as a table and as JSON.</summary>
/// <param name="stage">The training.</param>
/// <param name="trials">How many trials there were.</param>
/// <param name="steps">How many steps each had.</param>
/// <param name="threads">How many threads computed.</param>
internal sealed class GradientReport(string stage, int trials, int steps, int threads)
{
    private readonly List<(string Method, double Seconds, long Bytes, IReadOnlyList<GradientAgreement> Blocks)> found = [];
    private readonly List<(string Method, string Reason)> skipped = [];
    private double loss;
    private IReadOnlyDictionary<string, double> rates = new Dictionary<string, double>();

    /// <summary>Adds what a method found.</summary>
    public void Add(string method, double seconds, MethodGradient gradient, IReadOnlyList<GradientAgreement> blocks)
    {
        (loss, rates) = (gradient.Loss, gradient.Rates());
        found.Add((method, seconds, gradient.Bytes, blocks));
    }

    /// <summary>Adds a method that was not run.</summary>
    public void Skip(string method, string reason) => skipped.Add((method, reason));

    /// <summary>Everything, with null where a gradient is 0.</summary>
    public JsonObject ToJson() => new()
    {
        ["stage"] = stage,
        ["trials"] = trials,
        ["steps"] = steps,
        ["threads"] = threads,
        ["loss"] = FitSummary.Number(loss),
        ["rates"] = new JsonObject(rates.Select(static r => KeyValuePair.Create(r.Key, FitSummary.Number(r.Value)))),
        ["methods"] = new JsonObject(found.Select(static f => KeyValuePair.Create<string, JsonNode?>(f.Method, new JsonObject
        {
            ["seconds"] = f.Seconds,
            ["bytes"] = f.Bytes,
            ["projections"] = new JsonObject(f.Blocks.Select(static b => KeyValuePair.Create<string, JsonNode?>(b.Projection, new JsonObject
            {
                ["weights"] = b.Weights,
                ["cosine"] = FitSummary.Number(b.Cosine),
                ["normRatio"] = FitSummary.Number(b.NormRatio),
            }))),
        }))),
        ["skipped"] = new JsonObject(skipped.Select(static s => KeyValuePair.Create<string, JsonNode?>(s.Method, s.Reason))),
    };

    /// <summary>A row for each projection, with cosine and ratio of norms for each method, then time and memory.</summary>
    public void Write(TextWriter output)
    {
        var hertz = string.Join(", ", rates.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} {r.Value:0.0} Hz")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage}: {trials} trials of {steps} steps, {threads} threads, loss {loss:0.####}{(hertz.Length > 0 ? ", " : "")}{hertz}"));
        output.WriteLine("each gradient beside that of bptt: cosine, ratio of norms");
        output.WriteLine();
        List<string[]> rows = [["projection", "weights", .. found.Select(static f => f.Method)]];
        for (var b = 0; b < found[0].Blocks.Count; b++)
        {
            var block = found[0].Blocks[b];
            rows.Add([block.Projection, $"{block.Weights}", .. found.Select(f => $"{NumberText.Fixed(f.Blocks[b].Cosine)} {NumberText.Fixed(f.Blocks[b].NormRatio)}")]);
        }

        rows.Add(["time", "", .. found.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Seconds:0.000} s"))]);
        rows.Add(["memory", "", .. found.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Bytes / 1e6:0.0} MB"))]);
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        }

        foreach (var (method, reason) in skipped)
        {
            output.WriteLine($"{method} is left out: {reason}");
        }
    }
}
