using System.Text;
using System.Text.Json.Nodes;
using BrainModular.Host.Reports;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition.Recordings;

/// <summary>What a run of many recordings leaves besides their own run folders: <c>summary.json</c>, <c>recordings.csv</c> and the page with the table.</summary>
/// <param name="folder">The run folder.</param>
/// <param name="source">The experiment.</param>
internal sealed class RecordingsSummary(RunFolder folder, ExperimentSource source)
{
    /// <summary>Writes all three, the summary last, whose status says that the others are there.</summary>
    /// <param name="rows">The recordings.</param>
    /// <param name="status"><c>running</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
    public void Write(IReadOnlyList<RecordingRow> rows, string status)
    {
        var record = JsonNode.Parse(File.ReadAllBytes(folder.Record))!;
        AtomicFile.Write(folder.In("recordings.csv"), Encoding.UTF8.GetBytes(RecordingsTable.Csv(rows)));
        AtomicFile.Write(folder.Report, Encoding.UTF8.GetBytes(RecordingsPage.Render(source.Config, rows, status, RunRecord.CommandLine(record), RunRecord.Started(record)).Text));
        RunFolder.Write(folder.Summary, new JsonObject
        {
            ["format"] = RunSummary.Format,
            ["status"] = status,
            ["seed"] = source.Config.Seed,
            ["version"] = Product.Version,
            ["recordings"] = new JsonArray([.. rows.Select(Of)]),
        });
    }

    private static JsonObject Of(RecordingRow row) => new()
    {
        ["name"] = row.Recording.Name,
        ["file"] = row.Recording.File,
        ["folder"] = row.RunFolder,
        ["status"] = row.Status,
        ["faults"] = new JsonArray([.. row.Faults.Select(static f => (JsonNode?)f.ToString())]),
        ["seconds"] = row.Seconds,
        ["stages"] = new JsonObject(row.Fits.Select(static f => KeyValuePair.Create<string, JsonNode?>(f.Stage, new JsonObject
        {
            ["loss"] = FitSummary.Number(f.Loss),
            ["lossUnit"] = f.LossUnit,
            ["train"] = Of(f.Fitted),
            ["test"] = f.HeldOut is { } test ? Of(test) : null,
            ["parameters"] = new JsonObject(f.Parameters.Select(static p =>
                KeyValuePair.Create<string, JsonNode?>(p.Name, new JsonObject { ["value"] = FitSummary.Number(p.Value), ["unit"] = p.Unit, ["fitted"] = p.IsFitted }))),
            ["seconds"] = f.Seconds,
        }))),
    };

    private static JsonObject Of(PartFigures part) => new()
    {
        ["sweeps"] = part.Sweeps,
        ["explainedVariance"] = FitSummary.Number(part.ExplainedVariance),
        ["spikes"] = part.Spikes,
        ["recordedSpikes"] = part.RecordedSpikes,
        ["gamma"] = FitSummary.Number(part.Gamma),
        ["reliability"] = FitSummary.Number(part.Reliability),
        ["similarity"] = FitSummary.Number(part.Similarity),
        ["rightCounts"] = part.RightCounts,
        ["rightLatencies"] = part.RightLatencies,
        ["firing"] = part.Firing,
    };
}
