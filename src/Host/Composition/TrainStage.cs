using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Training;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;
using BrainModular.Optimizers;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>What a training came to.</summary>
/// <param name="Training">What was trained, and how.</param>
/// <param name="Plan">The same for the engine, with the network that the weights belong to.</param>
/// <param name="Before">The network's coordinates before training.</param>
/// <param name="After">Those that did best in validation.</param>
/// <param name="Record">How it went.</param>
/// <param name="Evaluation">The best ones on fresh trials.</param>
/// <param name="Sample">One more fresh trial with the best ones, as it is shown.</param>
internal sealed record TrainOutcome(
    ComposedTraining Training, TaskTrainingPlan Plan, double[] Before, double[] After, TrainingRecord Record, TrialResult Evaluation, SampleTrial Sample) : StageOutcome
{
    public NetworkProgram Program => Plan.Program;

    /// <summary>Which examples trials of a use showed; empty where every trial is drawn anew.</summary>
    public string Examples(TrialUse use) => Plan.Task.For(use).Examples;
}

/// <summary>Trains a network on a task, validates it, keeps the best weights and evaluates them on fresh trials.</summary>
internal sealed class TrainStage(ComposedTraining training) : IStage
{
    /// <summary>The name of the random stream of training in that of the stage.</summary>
    public const string TrainingStream = "training";

    private const double SecondsPerCheckpoint = 5;
    private const int MostLanes = 16;
    private const int PotentialsShown = 2;

    public string Name => training.Config.Name;

    public ComposedTraining Training => training;

    private TrainConfig Config => training.Config;

    public StageOutcome Run(StageContext context, CancellationToken cancel) => training.Again is { } again
        ? new TrainStage(again(FittedCells.Of(context.Earlier)) with { Again = null }).Run(context, cancel)
        : Train(context, cancel);

    private TrainOutcome Train(StageContext context, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        foreach (var note in training.Network.Notes)
        {
            context.Progress.Warn(note);
        }

        var plan = Plan(Program(context), context.Threads, context.Random);
        var initial = plan.Program.InitialCoordinates();
        using var running = new TaskTraining(plan, training.Optimizer(), context.Random.Split(TrainingStream));
        var record = Restore(running, initial, context);
        var earlier = record.Seconds;
        void Save()
        {
            record.Seconds = earlier + watch.Elapsed.TotalSeconds;
            record.Bytes = Math.Max(record.Bytes, running.Bytes);
            AtomicFile.Write(context.Checkpoint, Saved(running, record));
        }

        TrialResult evaluation;
        SampleTrial sample;
        try
        {
            Train(running, record, context, Save, cancel);
            Save();
            context.Progress.Report(1, "evaluating the best weights on fresh trials");
            evaluation = running.Evaluate(TrialUse.Evaluation, record.Best, Config.EvaluationTrials, context.Random.Split("evaluation"), cancel);
            sample = SampleTrial.Record(plan, record.Best, PotentialsShown, context.Random.Split("sample"), cancel);
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }

        return new TrainOutcome(training, plan, initial, record.Best, record, evaluation, sample)
        {
            Summary = TrainSummary.Of(Config, plan, running, record, evaluation, earlier + watch.Elapsed.TotalSeconds),
        };
    }

    private void Train(TaskTraining running, TrainingRecord record, StageContext context, Action save, CancellationToken cancel)
    {
        var pace = new TrainingPace(running.Batches);
        var saved = Stopwatch.StartNew();
        while (true)
        {
            var isLast = running.Trials >= Config.MaxTrials || running.State.Status != OptimizerStatus.Running;
            if (!record.IsValidated && (isLast || running.Batches % Config.ValidateEvery == 0))
            {
                Validate(running, record, context, cancel);
            }

            record.Ended = Ended(running, record);
            if (record.Ended.Length > 0)
            {
                return;
            }

            var batch = running.Step(cancel);
            record.Add(batch);
            record.Lines++;
            context.Progress.Metric(Metric(running.Batches, batch));
            context.Progress.Report((double)running.Trials / Config.MaxTrials, Text(running, record, batch, pace));
            if (saved.Elapsed.TotalSeconds > SecondsPerCheckpoint)
            {
                save();
                saved.Restart();
            }
        }
    }

    private void Validate(TaskTraining running, TrainingRecord record, StageContext context, CancellationToken cancel)
    {
        var coordinates = running.Coordinates;
        var validation = running.Evaluate(TrialUse.Validation, coordinates, Config.ValidationTrials, context.Random.Split("validation"), cancel);
        record.AddValidation(validation, coordinates);
        record.Lines++;
        context.Progress.Metric(new JsonObject
        {
            ["batch"] = running.Batches,
            ["validationLoss"] = FitSummary.Number(validation.Loss),
            ["validationAccuracy"] = FitSummary.Number(validation.Accuracy),
        });
    }

    /// <summary>Why training is over; empty where it goes on.</summary>
    private string Ended(TaskTraining running, TrainingRecord record)
    {
        var (status, reason) = running.State;
        if (status == OptimizerStatus.Failed || (record.Points.Count > 0 && !double.IsFinite(record.Points[^1].Loss)))
        {
            throw new DiagnosticException(
                "BM5103", $"training of stage {Name} broke down at batch {running.Batches}: {(reason.Length > 0 ? reason : "the loss is not finite")}", expected: "a loss and a gradient that stay finite",
                cure: "use a smaller 'learningRate', clip gradients, or a smaller 'timeStep'");
        }

        return record.IsValidated && record.BestAccuracy >= Config.TargetAccuracy ? "reached the target accuracy"
            : record.Stale >= Config.Patience ? $"no improvement in {record.Stale} validations"
            : running.Trials >= Config.MaxTrials ? $"reached {running.Trials} trials"
            : status != OptimizerStatus.Running ? $"the optimizer ended: {reason}"
            : "";
    }

    /// <summary>The network; where it is an earlier training's, with the weights that came of it.</summary>
    private NetworkProgram Program(StageContext context)
    {
        if (training.Earlier is null)
        {
            return training.Program;
        }

        var trained = (TrainOutcome)context.Earlier[training.Earlier.Config.Name];
        var definition = training.Network.Definition;
        return training.Compile(definition with
        {
            Projections = [.. definition.Projections.Select(p => training.BeginsAnew(p) ? p : p with
            {
                Weights = [.. trained.Program.Weights(p.Name, trained.After).Select(w => (float)(w / p.WeightUnit))],
            })],
        });
    }

    /// <summary>How the engine trains a network in this stage.</summary>
    public TaskTrainingPlan Plan(NetworkProgram program, int threads, PhiloxStream random)
    {
        var lanes = Math.Min(MostLanes, Config.Batch);
        var chunksAtOnce = Math.Min(threads, (Config.Batch + lanes - 1) / lanes);
        return new(program, training.Task, training.Shape, training.Network.Readout, training.Loss, Config.Batch)
        {
            Lanes = lanes,
            Threads = threads,
            MemoryBudget = Config.Memory / chunksAtOnce,
            Window = Config.GradientWindow,
            UpdateEvery = Config.UpdateEvery,
            IsStream = Config.IsStream,
            LearnsFromReward = Config.LearnsFromReward,
            Noise = random.Split("noise").Key,
        };
    }

    private static TrainingRecord Restore(TaskTraining running, double[] initial, StageContext context)
    {
        var record = new TrainingRecord();
        if (File.Exists(context.Checkpoint))
        {
            using var reader = new BinaryReader(File.OpenRead(context.Checkpoint));
            record = TrainingRecord.Restore(reader);
            running.Restore(reader);
        }
        else
        {
            running.Begin(initial);
        }

        context.Progress.KeepMetrics(record.Lines);
        return record;
    }

    private static byte[] Saved(TaskTraining running, TrainingRecord record)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            record.Save(writer);
            running.Save(writer);
        }

        return stream.ToArray();
    }

    private static JsonObject Metric(int number, TrialResult batch) => new()
    {
        ["batch"] = number,
        ["loss"] = FitSummary.Number(batch.Loss),
        ["accuracy"] = FitSummary.Number(batch.Accuracy),
        ["rates"] = TrainSummary.Rates(batch),
    };

    private string Text(TaskTraining running, TrainingRecord record, TrialResult batch, TrainingPace pace)
    {
        var batches = (Config.MaxTrials + Config.Batch - 1) / Config.Batch;
        var (perSecond, left) = pace.Of(running.Batches, batches);
        var validation = record.Best.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", best in validation {record.BestAccuracy:0.###}");
        var rates = string.Join(", ", batch.Rates.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} {r.Value:0.0} Hz")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"batch {running.Batches}, loss {batch.Loss:0.####}, accuracy {batch.Accuracy:0.###}{validation}, {rates}, {perSecond:0.##} batches/s, at most {left} left");
    }
}
