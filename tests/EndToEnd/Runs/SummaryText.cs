using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>A run's <c>summary.json</c>.</summary>
internal static class SummaryText
{
    public static JsonObject Read(string folder) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "summary.json")))!.AsObject();

    /// <summary>The summary's text without what a clock or the process's memory measured: two runs of the same work agree in every byte of it.</summary>
    public static string WithoutSeconds(string folder)
    {
        var summary = Read(folder);
        foreach (var (_, stage) in summary["stages"]!.AsObject())
        {
            Assert.True(stage!.AsObject().Remove("seconds"));
            stage.AsObject().Remove("peakBytes");
        }

        return summary.ToJsonString();
    }
}
