using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Composition;

/// <summary>Runs an experiment's stages one after the other in a run folder that is valid whenever it ends.</summary>
internal sealed class ExperimentRunner(Experiment experiment, RunFolder folder, ProgressDisplay display)
{
    /// <summary>
    /// Runs all stages. A resumed run does the same: a stage goes on from the checkpoint that it finds, and a finished one gives its
    /// outcome again.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the folder can be resumed.</exception>
    public void Run(CancellationToken cancellation)
    {
        var summary = new RunSummary(folder, experiment.Config.Seed);
        summary.Write("running");
        try
        {
            RunStages(summary, cancellation);
            summary.Write("completed");
        }
        catch (OperationCanceledException)
        {
            summary.Write("cancelled");
            throw;
        }
        catch
        {
            TryWrite(summary, "failed");
            throw;
        }
    }

    private void RunStages(RunSummary summary, CancellationToken cancellation)
    {
        using var metrics = new MetricsLog(folder.Metrics);
        var outcomes = new Dictionary<string, StageOutcome>();
        foreach (var stage in experiment.Stages)
        {
            cancellation.ThrowIfCancellationRequested();
            outcomes[stage.Name] = display.During(stage.Name, metrics, progress => stage.Run(
                new(folder.Path, folder.Checkpoint(stage.Name), experiment.Config.Threads, experiment.Random.Split(stage.Name), outcomes, progress), cancellation));
            summary.Finish(stage.Name, outcomes[stage.Name].Summary);
        }
    }

    // Where the disk is full, the summary cannot be written either; the fault that ended the run is the one to report.
    private static void TryWrite(RunSummary summary, string status)
    {
        var faults = new Faults();
        faults.Collect(() => summary.Write(status));
    }
}
