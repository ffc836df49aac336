using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Host.Commands;

namespace BrainModular.Host.Networks;

/// <summary>What <c>brain compare-gradients</c> finds and says.</summary>
public sealed class CompareGradientsTests : IDisposable
{
    private static readonly string[] Methods = ["bptt", "rtrl", "d-rtrl", "es-d-rtrl", "e-prop"];

    private readonly string folder = Directory.CreateTempSubdirectory("brain-gradients-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_method_stands_beside_backpropagation_on_the_first_batch_of_training()
    {
        var text = TinyTraining.With("\"batch\": 24, \"maxTrials\": 720", "\"batch\": 8, \"maxTrials\": 8");
        var json = Compare(text).ToJson();
        Assert.Equal(Methods, ((JsonObject)json["methods"]!).Select(static m => m.Key));
        Assert.Empty((JsonObject)json["skipped"]!);
        Assert.Equal(("train", 8), ((string?)json["stage"], (int)json["trials"]!));
        Assert.InRange((double)json["rates"]!["E"]!, 1, 500);
        foreach (var projection in new[] { "in-E", "in-I", "E-E", "I-E", "E-out" })
        {
            JsonNode Of(string method) => json["methods"]![method]!["projections"]![projection]!;
            Assert.Equal(1, (double)Of("bptt")["cosine"]!, 1e-9);
            Assert.Equal(1, (double)Of("rtrl")["cosine"]!, 1e-4);
            Assert.Equal(1, (double)Of("rtrl")["normRatio"]!, 1e-3);
            Assert.InRange((double)Of("d-rtrl")["cosine"]!, 0.5, 1.0001);
            Assert.True((double)Of("es-d-rtrl")["normRatio"]! > 0.01);
        }

        Assert.True((long)json["methods"]!["d-rtrl"]!["bytes"]! > 1 << 12 && (double)json["methods"]!["d-rtrl"]!["seconds"]! > 0);

        // The loss is that of the first line of metrics of a training, before any weight has moved.
        var (_, metrics) = TinyTraining.Run(TinyTraining.Load(text), folder);
        var first = JsonNode.Parse(metrics.First(static m => m.Contains("\"loss\"", StringComparison.Ordinal)))!;
        Assert.Equal((double)first["loss"]!, (double)json["loss"]!, 1e-6);
    }

    [Fact]
    public void The_table_has_a_row_for_each_projection_and_a_column_for_each_method()
    {
        using var text = new StringWriter { NewLine = "\n" };
        Compare(TinyTraining.Text, trials: 4).Write(text);
        var lines = text.ToString().Split('\n');
        Assert.StartsWith("train: 4 trials of ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["projection", "weights", .. Methods], Cells(lines[3]));
        Assert.Equal(["in-E", "in-I", "E-E", "I-E", "E-out", "time", "memory"], lines[4..11].Select(static l => Cells(l)[0]));
        Assert.Equal(["E-out", "32", "1.000", "1.000", "1.000", "1.000", "1.000", "1.000", "1.000", "1.000", "1.000", "1.000"], Cells(lines[8]));
        Assert.Single(lines.Skip(3).Take(8).Select(static l => l.Length).Distinct());
    }

    [Fact]
    public void Methods_that_cannot_train_the_network_or_would_take_too_long_are_named_with_the_reason()
    {
        var large = Compare(TinyTraining.With("\"count\": 16", "\"count\": 200"), trials: 2).ToJson();
        Assert.Equal("rtrl", Assert.Single((JsonObject)large["skipped"]!).Key);
        Assert.Matches(@"^\d+ weights times \d+ states are more than 250000$", (string)large["skipped"]!["rtrl"]!);

        var gap = TinyTraining.With("\"exc\": {", "\"gap\": { \"type\": \"gap-junction\" }, \"exc\": {")
            .Replace("\"from\": \"E\", \"to\": \"E\", \"synapse\": \"exc\"", "\"from\": \"E\", \"to\": \"E\", \"synapse\": \"gap\"", StringComparison.Ordinal);
        var graded = Compare(gap, trials: 2).ToJson();
        Assert.Equal(["bptt", "rtrl"], ((JsonObject)graded["methods"]!).Select(static m => m.Key));
        Assert.All((JsonObject)graded["skipped"]!, static s => Assert.Contains("E-E are of gap junctions", (string)s.Value!, StringComparison.Ordinal));
    }

    [Fact]
    public void The_training_has_to_be_there_and_to_begin_by_itself()
    {
        var two = TinyTraining.Then("\"more\": { \"type\": \"train\", \"from\": \"train\" },");
        Assert.Equal("train", (string?)Compare(two, "train", 2).ToJson()["stage"]);
        Assert.Contains("--stage: train, more", Fault(two, null, null).Cure, StringComparison.Ordinal);
        Assert.Contains("begins where another stage ends", Fault(two, "more", null).Problem, StringComparison.Ordinal);
        Assert.Contains("'train'", Fault(two, "trian", null).Cure, StringComparison.Ordinal);
        Assert.Equal("BM1406", Fault(two, "train", 0, "BM1406").Id);
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static GradientReport Compare(string text, string? stage = null, long? trials = null) =>
        CompareGradientsCommand.Compare(TinyTraining.Load(text), stage, trials, default);

    private static Diagnostic Fault(string text, string? stage, long? trials, string id = "BM1405")
    {
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Compare(text, stage, trials)).Diagnostics);
        Assert.Equal(id, fault.Id);
        return fault;
    }
}
