using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Composition.Recordings;

/// <summary>
/// Runs an experiment for each of several recordings, one after the other, each in a run folder of its own, and keeps one table of them. A
/// recording that fails is named there, and the others go on; only what would fail for all of them before their stages begin, or cannot be written down, ends the run.
/// </summary>
internal sealed class RecordingsRunner(ExperimentSource source, RunFolder folder, ProgressDisplay display, TextWriter error)
{
    private const string Bug = "BM9999";
    private readonly RecordingsSummary summary = new(folder, source);
    private readonly RecordingRow[] rows = [.. source.Recordings.Select(RecordingRow.Waiting)];

    /// <summary>Runs those that no earlier part of the run has completed.</summary>
    /// <param name="output">Gets the table.</param>
    /// <param name="cancellation">Ends the run; the folder can be resumed.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="DiagnosticException">What became of recordings that failed, after all others were run; or what makes all of them fail.</exception>
    public void Run(TextWriter output, CancellationToken cancellation)
    {
        try
        {
            for (var i = 0; i < rows.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                summary.Write(rows, "running");
                rows[i] = Run(source.Recordings[i], i, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            summary.Write(rows, "cancelled");
            throw;
        }
        catch
        {
            // Where the disk is full, nothing more can be written; the fault that ended the run is the one to report.
            new Faults().Collect(() => summary.Write(rows, "failed"));
            throw;
        }

        var failed = rows.Where(static r => r.Status == "failed").ToList();
        summary.Write(rows, failed.Count > 0 ? "failed" : "completed");
        RecordingsTable.Write(rows, output);
        if (failed.Count > 0)
        {
            throw new DiagnosticException([.. failed.SelectMany(static r => r.Faults.Select(f => f with { Problem = $"{r.Recording.Name}: {f.Problem}" }))]);
        }
    }

    private RecordingRow Run(NamedRecording recording, int number, CancellationToken cancellation)
    {
        var path = folder.In($"{RecordingRow.Folder}/{recording.Name}");
        if (RunFolder.IsOne(path) && RunFolder.Open(path) is var earlier && RunSummary.StatusOf(earlier) == "completed")
        {
            return RecordingRow.Completed(recording, earlier);
        }

        error.WriteLine(FormattableString.Invariant($"{recording.Name} ({number + 1} of {rows.Length}): {recording.File}"));
        var isRunning = false;
        try
        {
            var experiment = source.Compose(recording);
            var own = OwnFolder(path, experiment);
            isRunning = true;
            new ExperimentRunner(experiment, own, display.For(recording.Name)).Run(cancellation);
            return RecordingRow.Completed(recording, own);
        }
        catch (OperationCanceledException)
        {
            rows[number] = rows[number] with { Status = "cancelled" };
            throw;
        }
        catch (Exception exception)
        {
            rows[number] = new(recording, "failed", [], FaultsOf(exception, path));
            if (!isRunning && !rows[number].Faults.All(d => IsOfRecording(d, recording)))
            {
                throw;
            }

            Tell(exception, rows[number]);
            return rows[number];
        }
    }

    private static IReadOnlyList<Diagnostic> FaultsOf(Exception exception, string path) => exception is DiagnosticException known
        ? known.Diagnostics
        : [EnvironmentFaults.Of(exception, path) ?? new(Bug, $"a bug in BrainModular {Product.Version}: {exception.GetType().Name}: {exception.Message}")];

    private void Tell(Exception exception, RecordingRow row)
    {
        error.WriteLine($"{row.Recording.Name} failed: {row.Faults[0].Id}: {row.Faults[0].Problem}");
        if (row.Faults[0].Id == Bug)
        {
            FaultPrinter.Print(exception, error);
        }
    }

    /// <summary>
    /// Whether a fault of an experiment that has not begun is one of the data or of what a plugin makes of them; what is wrong with the command, the configuration or the machine is so for all recordings.
    /// Once its stages run, the configuration has been found right, and every fault is the recording's.
    /// </summary>
    private static bool IsOfRecording(Diagnostic fault, NamedRecording recording) => fault.Id[2] is '3' or '4' or '5' || fault.Place.File == recording.File;

    /// <summary>The recording's run folder: that of an earlier part of the run where that was interrupted in it. What a failed one had reached came of what failed, and is not gone on from.</summary>
    private static RunFolder OwnFolder(string path, Experiment experiment)
    {
        if (RunFolder.IsOne(path) && RunFolder.Open(path) is var earlier && RunSummary.StatusOf(earlier) != "failed")
        {
            return earlier;
        }

        // A run that was killed as it began may have left some of it.
        RunFolder.Discard(path);
        var started = DateTimeOffset.UtcNow;
        var own = RunFolder.Create(path, experiment.Config.Name, started);
        own.Begin(
            experiment.Config.Resolved([.. experiment.Catalog.Strangers.Select(static p => p.Path)]),
            RunRecord.Describe(experiment.Config, experiment.Catalog, Environment.GetCommandLineArgs(), started));
        return own;
    }
}
