using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Training;
using BrainModular.Export;
using BrainModular.Export.Checking;
using BrainModular.Export.Inference;
using BrainModular.Formats.Nir;
using BrainModular.Host.Configuration;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>What the export of a network came to.</summary>
/// <param name="Trained">The training whose network it is.</param>
/// <param name="Result">The files, and how well they agree with the engine.</param>
/// <param name="OnnxAccuracy">The accuracy of the sequence file in ONNX Runtime.</param>
/// <param name="EngineAccuracy">The engine's on the same trials.</param>
internal sealed record NetworkExportOutcome(TrainOutcome Trained, NetworkExportResult Result, double OnnxAccuracy, double EngineAccuracy) : StageOutcome
{
    /// <summary>The file in the Neuromorphic Intermediate Representation; null where none was asked for.</summary>
    public string? NirFile { get; init; }
}

/// <summary>Writes a trained network as ONNX files, holds them against the engine, and lets ONNX Runtime answer fresh trials.</summary>
/// <param name="config">The stage.</param>
/// <param name="fileName">What the files' names begin with.</param>
internal sealed class NetworkExportStage(ExportConfig config, string fileName) : IStage
{
    /// <summary>How many trials every step of the files is checked on.</summary>
    private const int CheckedTrials = 2;

    public string Name => config.Name;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var trained = config.From.Select(f => context.Earlier[f]).OfType<TrainOutcome>().First();
        var plan = trained.Plan with { Threads = context.Threads, Noise = context.Random.Split("noise").Key };
        var readout = new NetworkReadout(plan.Readout, plan.ReadoutState);
        var shown = new TrialBatch(CheckedTrials, plan.Shape);
        plan.Task.For(TrialUse.Evaluation).Generate(shown, context.Random.Split("checked"));
        context.Progress.Report(null, "writing the files and checking them in ONNX Runtime");
        var result = NetworkExport.Write(
            new(plan.Program.Definition, trained.After, [readout], Stimulus(plan, shown))
            {
                FileName = fileName,
                FilePrecision = plan.Program.Precision,
                Spikes = [.. plan.Program.Definition.Populations.Where(static p => p.Model.Spikes.Any(static s => s.Name == "spike")).Select(static p => p.Name)],
            },
            context.Folder, cancel);
        var nirFile = config.Nir ? Path.Combine(context.Folder, $"{fileName}.nir") : null;
        var nir = nirFile is null ? null : NirExport.Write(plan.Program, trained.After, readout, nirFile);
        var trials = context.Random.Split("trials");
        var onnx = OnnxAccuracy(plan, readout, result.SequenceFile, context, cancel);
        using var engine = new TaskTraining(plan, trained.Training.Optimizer(), context.Random);
        var same = engine.Evaluate(TrialUse.Evaluation, trained.After, config.Trials, trials, cancel);
        var fault = Fault(result);
        return new NetworkExportOutcome(trained, result, onnx, same.Accuracy)
        {
            Summary = Summary(result.Check, onnx, same, fault, nir, watch.Elapsed.TotalSeconds),
            Fault = fault,
            NirFile = nirFile,
        };
    }

    private double OnnxAccuracy(TaskTrainingPlan plan, NetworkReadout readout, string file, StageContext context, CancellationToken cancel)
    {
        using var model = ExportedModel.Open(file);
        var done = 0;
        return TaskTraining.Accuracy(plan, config.Trials, context.Random.Split("trials"), batch =>
        {
            context.Progress.Report((double)done / config.Trials, "answering trials in ONNX Runtime");
            done = Math.Min(done + batch.Trials, config.Trials);
            return NetworkInference.Readout(model, Stimulus(plan, batch), readout, cancel);
        });
    }

    private Diagnostic? Fault(NetworkExportResult result)
    {
        var (found, tolerance) = (result.Check.MaxAbsDifference, config.Tolerance.InEngineUnits);
        return result.Check.Fault(result.StepFile) ?? (found <= tolerance ? null : new Diagnostic(
            "BM5502", FormattableString.Invariant($"the exported network differs from the engine by {found:g3} mV in one step"), new Place(result.StepFile),
            FormattableString.Invariant($"at most {tolerance:g3} mV"), "train and export with float64, or allow a larger 'tolerance'"));
    }

    private static NetworkStimulus Stimulus(TaskTrainingPlan plan, TrialBatch trials) =>
        new(plan.Shape.Steps, trials.Trials, new Dictionary<string, float[]> { [plan.Program.Definition.Inputs[0].Name] = trials.Inputs });

    private static JsonObject Summary(NetworkCheckResult check, double onnxAccuracy, TrialResult engine, Diagnostic? fault, NirGraph? nir, double seconds)
    {
        var summary = new JsonObject
        {
            ["type"] = "export",
            ["passed"] = fault is null,
            ["fault"] = fault?.Problem,
            ["onnxAccuracy"] = FitSummary.Number(onnxAccuracy),
            ["accuracy"] = FitSummary.Number(engine.Accuracy),
            ["trials"] = engine.Trials,
            ["maxAbsDifference"] = FitSummary.Number(check.MaxAbsDifference),
            ["maxRelativeDifference"] = FitSummary.Number(check.MaxRelativeDifference),
            ["spikes"] = check.Spikes,
            ["spikeDifferences"] = check.SpikeDifferences,
            ["marginalSpikeDifferences"] = check.MarginalSpikeDifferences,
            ["checkedSteps"] = check.CheckedSteps,
            ["sequenceMaxAbsDifference"] = FitSummary.Number(check.SequenceMaxAbsDifference),
            ["sequenceSpikeDifferences"] = check.SequenceSpikeDifferences,
        };
        if (nir is not null)
        {
            summary["nirNodes"] = new JsonObject(nir.Nodes.CountBy(static n => n.Type).OrderBy(static t => t.Key, StringComparer.Ordinal).Select(static t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        }

        summary["seconds"] = seconds;
        return summary;
    }
}
