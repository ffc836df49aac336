using BrainModular.Engine.Training;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Composition;

/// <summary>What an evaluation came to.</summary>
/// <param name="Trained">The training whose network was evaluated.</param>
/// <param name="Evaluation">What became of the trials.</param>
internal sealed record EvaluateOutcome(TrainOutcome Trained, TrialResult Evaluation) : StageOutcome;

/// <summary>Runs a trained network on fresh trials of its task.</summary>
internal sealed class EvaluateStage(EvaluateConfig config) : IStage
{
    public string Name => config.Name;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var trained = (TrainOutcome)context.Earlier[config.From[0]];
        context.Progress.Report(null, $"{config.Trials} trials");
        using var running = new TaskTraining(
            trained.Plan with { Threads = context.Threads, Noise = context.Random.Split("noise").Key }, trained.Training.Optimizer(), context.Random);
        var evaluation = running.Evaluate(trained.After, config.Trials, context.Random.Split($"trials.{config.Seed}"), cancel);
        return new EvaluateOutcome(trained, evaluation) { Summary = TrainSummary.Of(evaluation, watch.Elapsed.TotalSeconds) };
    }
}
