using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Examples;

/// <summary>examples/evidence-accumulation, with three cues and a short delay: what takes minutes in full comes to the same ranges in seconds.</summary>
public sealed class EvidenceAccumulationTests(EvidenceAccumulationRun run) : IClassFixture<EvidenceAccumulationRun>
{
    [Fact]
    public void Every_expected_value_lies_in_its_range()
    {
        Assert.True(run.Expected.Count > 5);
        Assert.All(run.Expected, range => Assert.InRange(run.At(range.Key), range.Value.Low, range.Value.High));
        Assert.Equal("completed", (string)run.Summary["status"]!);
        Assert.Equal("reached the target accuracy", (string)run.Summary["stages"]!["train"]!["ended"]!);
    }

    [Fact]
    public void It_begins_at_chance()
    {
        var first = JsonNode.Parse(File.ReadLines(run.In("metrics.jsonl")).First())!;
        Assert.InRange((double)first["accuracy"]!, 0.3, 0.7);
    }
}
