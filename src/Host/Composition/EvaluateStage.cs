using BrainModular.Engine.Training;
using BrainModular.Host.Configuration;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>What an evaluation came to.</summary>
/// <param name="Trained">The training whose network was evaluated.</param>
/// <param name="Evaluation">What became of the trials.</param>
/// <param name="Task">What made them.</param>
internal sealed record EvaluateOutcome(TrainOutcome Trained, TrialResult Evaluation, ITask Task) : StageOutcome;

/// <summary>Runs a trained network on fresh trials of its task, or of another one with the same channels and targets.</summary>
/// <param name="config">The stage.</param>
/// <param name="task">The other task; null for the one that was learnt.</param>
/// <param name="shape">Its shape at the network's time step.</param>
internal sealed class EvaluateStage(EvaluateConfig config, ITask? task, TaskShape? shape) : IStage
{
    public string Name => config.Name;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var trained = (TrainOutcome)context.Earlier[config.From[0]];
        context.Progress.Report(null, $"{config.Trials} trials");
        var shown = task ?? trained.Plan.Task;
        using var running = new TaskTraining(
            trained.Plan with
            {
                Task = shown, Shape = shape ?? trained.Plan.Shape, Threads = context.Threads, Noise = context.Random.Split("noise").Key,
            },
            trained.Training.Optimizer(), context.Random);
        var evaluation = running.Evaluate(TrialUse.Evaluation, trained.After, config.Trials, context.Random.Split($"trials.{config.Seed}"), cancel);
        return new EvaluateOutcome(trained, evaluation, shown) { Summary = TrainSummary.Of(evaluation, shown, watch.Elapsed.TotalSeconds) };
    }
}
