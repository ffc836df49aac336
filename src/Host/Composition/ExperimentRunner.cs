using System.Runtime.ExceptionServices;
using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Host.Reports;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Composition;

/// <summary>Runs an experiment's stages one after the other in a run folder that is valid whenever it ends.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="folder">The run folder.</param>
/// <param name="display">Shows how far it is.</param>
/// <param name="threads">How many threads may compute.</param>
internal sealed class ExperimentRunner(Experiment experiment, RunFolder folder, ProgressDisplay display, int threads)
{
    private readonly Dictionary<string, StageOutcome> outcomes = [];

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
            Finish(summary);
        }
        catch (OperationCanceledException)
        {
            FinishWhatCanBe(summary, "cancelled", []);
            throw;
        }
        catch (Exception exception)
        {
            FinishWhatCanBe(summary, "failed", RunFaults.Of(exception, folder.Path));
            throw;
        }
        finally
        {
            foreach (var outcome in outcomes.Values)
            {
                outcome.Release();
            }
        }
    }

    private void RunStages(RunSummary summary, CancellationToken cancellation)
    {
        using var metrics = new MetricsLog(folder.Metrics);
        foreach (var stage in experiment.Stages)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = display.During(stage.Name, metrics, progress => Unwrapped(() => stage.Run(
                new(folder.Path, folder.Checkpoint(stage.Name), threads, experiment.Random.Split(stage.Name), outcomes, progress), cancellation)));
            outcomes[stage.Name] = outcome;
            summary.Finish(stage.Name, outcome.Summary);
            if (outcome.Fault is { } fault)
            {
                throw new DiagnosticException(fault);
            }
        }
    }

    // What several threads of a plugin throw comes in a wrapping; the first of it says what happened.
    private static T Unwrapped<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>Writes what the run leaves: traces, report, and last the summary, whose status says that the rest is there.</summary>
    private void Finish(RunSummary summary)
    {
        WriteTraces();
        WriteReport("completed");
        summary.Write("completed");
    }

    /// <summary>
    /// Writes what can be written of a run that failed or was cancelled, why it failed, and what could not be written. What ended it is to be reported, whatever else fails, such as the same full disk.
    /// </summary>
    private void FinishWhatCanBe(RunSummary summary, string status, IReadOnlyList<Diagnostic> reason)
    {
        List<Diagnostic> faults = [.. reason];
        Attempt(WriteTraces);
        Attempt(() => WriteReport(status));
        Attempt(() => summary.Write(status, faults.Count == 0 ? null : [.. faults.Select(static f => f.ToString()).Distinct()]));

        void Attempt(Action write)
        {
            try
            {
                write();
            }
            catch (Exception exception)
            {
                faults.AddRange(RunFaults.Of(exception, folder.Path));
            }
        }
    }

    private void WriteTraces() => ResultTraces.Write(experiment, outcomes, folder);

    private void WriteReport(string status) => ReportWriter.Write(ReportComposer.Compose(experiment, outcomes, folder, status), folder.Report);
}
