using System.Text.Json.Nodes;

namespace BrainModular.Host.Runs;

/// <summary>summary.json: written anew after each stage, so that it is valid whenever the run ends.</summary>
internal sealed class RunSummary(RunFolder folder, ulong seed)
{
    public const int Format = 1;

    private readonly JsonObject stages = [];

    /// <summary>Takes a finished stage's results.</summary>
    public void Finish(string stage, JsonObject results)
    {
        stages[stage] = results;
        Write("running");
    }

    /// <summary>Writes the summary as it stands.</summary>
    /// <param name="status"><c>running</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
    /// <param name="faults">Why it failed; none where it has not.</param>
    public void Write(string status, IReadOnlyList<string>? faults = null)
    {
        var summary = new JsonObject
        {
            ["format"] = Format,
            ["status"] = status,
            ["seed"] = seed,
            ["version"] = Product.Version,
            ["stages"] = stages.DeepClone(),
        };
        if (faults is not null)
        {
            summary["faults"] = new JsonArray([.. faults.Select(static f => (JsonNode?)f)]);
        }

        RunFolder.Write(folder.Summary, summary);
    }

    /// <summary>The status of an earlier run; null where it ended before its first summary.</summary>
    public static string? StatusOf(RunFolder folder) =>
        File.Exists(folder.Summary) ? (string?)JsonNode.Parse(File.ReadAllBytes(folder.Summary))?["status"] : null;
}
