using System.Diagnostics;
using System.Text.Json.Nodes;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Training;
using BrainModular.Host.Configuration;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>The parts of <c>summary.json</c> of trainings and evaluations.</summary>
internal static class TrainSummary
{
    public static JsonObject Of(TrainConfig config, TaskTrainingPlan plan, TaskTraining training, TrainingRecord record, TrialResult evaluation, double seconds) => WithExamples(new()
    {
        ["type"] = "train",
        ["method"] = config.Method,
        ["loss"] = FitSummary.Number(evaluation.Loss),
        ["accuracy"] = FitSummary.Number(evaluation.Accuracy),
        ["validationLoss"] = FitSummary.Number(record.BestLoss),
        ["validationAccuracy"] = FitSummary.Number(record.BestAccuracy),
        ["rates"] = Rates(evaluation),
        ["trials"] = training.Trials,
        ["steps"] = training.Batches,
        ["evaluationTrials"] = evaluation.Trials,
        ["ended"] = record.Ended,
        ["weights"] = plan.Program.Coordinates,
        ["daleViolations"] = DaleViolations(plan.Program, record.Best),
        ["bytes"] = record.Bytes,
        ["peakBytes"] = PeakBytes(),
        ["seconds"] = seconds,
    }, plan.Task, Enum.GetValues<TrialUse>());

    /// <param name="evaluation">What became of the trials.</param>
    /// <param name="task">What made them.</param>
    /// <param name="seconds">How long they took.</param>
    public static JsonObject Of(TrialResult evaluation, ITask task, double seconds) => WithExamples(new()
    {
        ["type"] = "evaluate",
        ["loss"] = FitSummary.Number(evaluation.Loss),
        ["accuracy"] = FitSummary.Number(evaluation.Accuracy),
        ["rates"] = Rates(evaluation),
        ["trials"] = evaluation.Trials,
        ["peakBytes"] = PeakBytes(),
        ["seconds"] = seconds,
    }, task, TrialUse.Evaluation);

    /// <summary>Adds which examples were shown for a use, of tasks that have examples.</summary>
    private static JsonObject WithExamples(JsonObject summary, ITask task, params IEnumerable<TrialUse> uses)
    {
        foreach (var use in uses.Where(use => task.For(use).Examples.Length > 0))
        {
            summary[$"{use.ToString().ToLowerInvariant()}Examples"] = task.For(use).Examples;
        }

        return summary;
    }

    /// <summary>The mean rate of each population in Hz.</summary>
    public static JsonObject Rates(TrialResult result) => new(result.Rates.Select(static r => KeyValuePair.Create(r.Key, FitSummary.Number(r.Value))));

    /// <summary>How many weights have another sign than their projection is to keep.</summary>
    private static int DaleViolations(NetworkProgram program, double[] coordinates) => program.Definition.Projections
        .Where(static p => p.Sign != WeightSign.Free)
        .Sum(p => program.Weights(p.Name, coordinates).Count(w => p.Sign == WeightSign.Positive ? w < 0 : w > 0));

    /// <summary>The most memory that the process has held.</summary>
    public static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
