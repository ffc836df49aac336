using System.Diagnostics;
using System.Text.Json.Nodes;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Training;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Composition;

/// <summary>The parts of <c>summary.json</c> of trainings and evaluations.</summary>
internal static class TrainSummary
{
    public static JsonObject Of(TrainConfig config, TaskTrainingPlan plan, TaskTraining training, TrainingRecord record, TrialResult evaluation, double seconds) => new()
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
    };

    public static JsonObject Of(TrialResult evaluation, double seconds) => new()
    {
        ["type"] = "evaluate",
        ["loss"] = FitSummary.Number(evaluation.Loss),
        ["accuracy"] = FitSummary.Number(evaluation.Accuracy),
        ["rates"] = Rates(evaluation),
        ["trials"] = evaluation.Trials,
        ["peakBytes"] = PeakBytes(),
        ["seconds"] = seconds,
    };

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
