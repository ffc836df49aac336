using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition.Recordings;

/// <summary>What became of one recording, as its own run's summary has it, so that what an earlier part of the run finished counts the same.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Status"><c>waiting</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Fits">What its fits came to, by stage; none where it is not completed.</param>
/// <param name="Faults">Why it failed.</param>
internal sealed record RecordingRow(NamedRecording Recording, string Status, IReadOnlyList<FitFigures> Fits, IReadOnlyList<Diagnostic> Faults)
{
    /// <summary>The name of the folder, within the run's own, that holds a run folder for each recording.</summary>
    public const string Folder = "recordings";

    /// <summary>Where the recording's own run folder is, from the folder of the whole run.</summary>
    public string RunFolder => $"{Folder}/{Recording.Name}";

    public double Seconds => Fits.Sum(static f => f.Seconds);

    public static RecordingRow Waiting(NamedRecording recording) => new(recording, "waiting", [], []);

    public static RecordingRow Completed(NamedRecording recording, RunFolder folder) => new(
        recording, "completed",
        [.. JsonNode.Parse(File.ReadAllBytes(folder.Summary))!["stages"]!.AsObject().Where(static s => (string?)s.Value!["type"] == "fit").Select(static s => FitFigures.Of(s.Key, s.Value!))], []);
}

/// <summary>What one fit of one recording came to.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Loss">The loss in its unit; null where it is not finite.</param>
/// <param name="LossUnit">That unit.</param>
/// <param name="Fitted">What the fitted sweeps say.</param>
/// <param name="HeldOut">What those held out say; null where there are none.</param>
/// <param name="Parameters">All parameters.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record FitFigures(
    string Stage, double? Loss, string LossUnit, PartFigures Fitted, PartFigures? HeldOut, IReadOnlyList<FittedParameter> Parameters, double Seconds)
{
    /// <summary>Of the sweeps held out where there are any.</summary>
    public PartFigures Judged => HeldOut ?? Fitted;

    /// <param name="stage">The stage's name.</param>
    /// <param name="summary">Its part of <c>summary.json</c>.</param>
    public static FitFigures Of(string stage, JsonNode summary) => new(
        stage, (double?)summary["loss"], (string)summary["lossUnit"]!, PartFigures.Of(summary["train"]!), summary["test"] is { } test ? PartFigures.Of(test) : null,
        [.. summary["parameters"]!.AsObject().Select(static p => new FittedParameter(p.Key, (double?)p.Value!["value"], (string)p.Value["unit"]!, (bool)p.Value["fitted"]!))],
        (double)summary["seconds"]!);
}

/// <summary>A parameter with its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">In its unit.</param>
/// <param name="Unit">The unit.</param>
/// <param name="IsFitted">Whether this fit changed it.</param>
internal sealed record FittedParameter(string Name, double? Value, string Unit, bool IsFitted)
{
    /// <summary>The name, with the unit where there is one.</summary>
    public string Heading => Unit is "" or "1" ? Name : $"{Name} ({Unit})";
}

/// <summary>What the fitted sweeps, or those held out, say of a model.</summary>
/// <param name="Sweeps">How many there are.</param>
/// <param name="ExplainedVariance">Of the potential between spikes.</param>
/// <param name="Spikes">The model's.</param>
/// <param name="RecordedSpikes">The recording's.</param>
/// <param name="Gamma">The coincidence factor.</param>
/// <param name="Reliability">The same between repeats of the recording, where there are any.</param>
/// <param name="Similarity">Md* of a model that fires at random.</param>
/// <param name="RightCounts">In how many sweeps the number of spikes is the recorded one within a tenth or one.</param>
/// <param name="RightLatencies">In how many of those with spikes the first one comes within a tenth of its recorded latency or 1 ms.</param>
/// <param name="Firing">How many sweeps have spikes in the recording.</param>
internal sealed record PartFigures(
    int Sweeps, double? ExplainedVariance, long Spikes, long RecordedSpikes, double? Gamma, double? Reliability, double? Similarity, int RightCounts, int RightLatencies, int Firing)
{
    private const double Tolerance = 0.1;

    /// <param name="part">The part of <c>summary.json</c>.</param>
    public static PartFigures Of(JsonNode part)
    {
        var sweeps = part["sweeps"]!.AsArray();
        return new(
            sweeps.Count, (double?)part["explainedVariance"], sweeps.Sum(static s => (long)s!["spikes"]!), sweeps.Sum(static s => (long)s!["recordedSpikes"]!),
            (double?)part["gamma"], (double?)part["reliability"], (double?)part["similarity"],
            sweeps.Count(static s => IsRight((double?)s!["spikes"], (double?)s["recordedSpikes"])), sweeps.Count(static s => IsRight((double?)s!["firstSpikeLatency"], (double?)s["recordedFirstSpikeLatency"])),
            sweeps.Count(static s => s!["recordedFirstSpikeLatency"] is not null));
    }

    private static bool IsRight(double? model, double? recorded) => model is { } m && recorded is { } r && Math.Abs(m - r) <= Math.Max(1, Tolerance * r);
}
