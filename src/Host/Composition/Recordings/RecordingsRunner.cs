using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Composition.Recordings;

/// <summary>
/// Runs an experiment for each of several recordings, as many side by side as there are threads, each in a run folder of its own, and keeps one table of them. A recording that fails is named there, and the
/// others go on; only what would fail for all of them before their stages begin, or cannot be written down, ends the run.
/// </summary>
internal sealed class RecordingsRunner
{
    /// <summary>What a recording's run may take of memory, many times what fits take.</summary>
    private const long BytesEach = 1L << 30;

    private readonly ExperimentSource source;
    private readonly RunFolder folder;
    private readonly ProgressDisplay display;
    private readonly RecordingsSummary summary;
    private readonly RecordingRow[] rows;
    private readonly int sideBySide;
    private readonly Lock table = new();
    private readonly Lock composing = new();

    /// <param name="source">The experiment.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="display">Shows how far it is.</param>
    public RecordingsRunner(ExperimentSource source, RunFolder folder, ProgressDisplay display)
    {
        (this.source, this.folder, this.display) = (source, folder, display);
        summary = new(folder, source);
        rows = [.. source.Recordings.Select(RecordingRow.Waiting)];
        sideBySide = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesEach, 1, Math.Min(source.Config.Threads, rows.Length));
    }

    /// <summary>Runs those that no earlier part of the run has completed.</summary>
    /// <param name="output">Gets the table.</param>
    /// <param name="cancellation">Ends the run; the folder can be resumed.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="DiagnosticException">What became of recordings that failed, after all others were run; or what makes all of them fail.</exception>
    public void Run(TextWriter output, CancellationToken cancellation)
    {
        try
        {
            summary.Write(rows, "running");
            display.SideBySide(sideBySide, shared => RunAll(shared, cancellation));
            if (rows.Any(static r => r.Status is "waiting" or "cancelled"))
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception)
        {
            // Where the disk is full, nothing more can be written; what ended the run is what to report.
            new Faults().Collect(() => summary.Write(rows, exception is OperationCanceledException ? "cancelled" : "failed"));
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

    /// <summary>Takes the recordings in their order, each as soon as one before it has ended. What ends the run cancels those beside it.</summary>
    private void RunAll(ProgressDisplay shared, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = -1;
        Exception? end = null;
        Task.WaitAll([.. Enumerable.Range(0, sideBySide).Select(place => Task.Factory.StartNew(() => Work(place), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))], CancellationToken.None);
        if (end is not null)
        {
            ExceptionDispatchInfo.Throw(end);
        }

        void Work(int place)
        {
            // Threads that do not come out even go to the first places.
            var threads = (source.Config.Threads + sideBySide - 1 - place) / sideBySide;
            while (!ending.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < rows.Length)
            {
                try
                {
                    Keep(i, Run(i, shared, threads, ending.Token));
                }
                catch (OperationCanceledException) when (ending.IsCancellationRequested)
                {
                    rows[i] = rows[i] with { Status = "cancelled" };
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref end, exception, null);
                    ending.Cancel();
                }
            }
        }
    }

    private void Keep(int number, RecordingRow row)
    {
        lock (table)
        {
            rows[number] = row;
            summary.Write(rows, "running");
        }
    }

    private RecordingRow Run(int number, ProgressDisplay shared, int threads, CancellationToken cancellation)
    {
        var recording = source.Recordings[number];
        var path = folder.In($"{RecordingRow.Folder}/{recording.Name}");
        if (RunFolder.IsOne(path) && RunFolder.Open(path) is var earlier && RunSummary.StatusOf(earlier) == "completed")
        {
            return RecordingRow.Completed(recording, earlier);
        }

        shared.Tell(FormattableString.Invariant($"{recording.Name} ({number + 1} of {rows.Length}): {recording.File}"));
        var isRunning = false;
        try
        {
            var (experiment, own) = Composed(recording, path, shared, cancellation);
            using var claimed = own;
            isRunning = true;
            new ExperimentRunner(experiment, own, shared.For(recording.Name), threads).Run(cancellation);
            return RecordingRow.Completed(recording, own);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var row = new RecordingRow(recording, "failed", [], RunFaults.Of(exception, path));
            if (!isRunning && !row.Faults.All(d => IsOfRecording(d, recording)))
            {
                rows[number] = row;
                throw;
            }

            Tell(shared, exception, row);
            return row;
        }
    }

    /// <summary>
    /// The recording's experiment and run folder, one at a time: files are read one after the other. Components are made on several threads at once all the same, where a stage is composed again with what an
    /// earlier one has fitted.
    /// </summary>
    private (Experiment Experiment, RunFolder Folder) Composed(NamedRecording recording, string path, ProgressDisplay shared, CancellationToken cancellation)
    {
        lock (composing)
        {
            cancellation.ThrowIfCancellationRequested();
            var experiment = source.Compose(recording);
            return (experiment, OwnFolder(path, experiment, shared));
        }
    }

    private static void Tell(ProgressDisplay shared, Exception exception, RecordingRow row)
    {
        shared.Tell($"{row.Recording.Name} failed: {row.Faults[0].Id}: {row.Faults[0].Problem}");
        if (row.Faults[0].Id == RunFaults.Bug)
        {
            using var trace = new StringWriter();
            FaultPrinter.Print(exception, trace);
            shared.Tell(trace.ToString().TrimEnd());
        }
    }

    /// <summary>
    /// Whether a fault of an experiment that has not begun is one of the data, of what a plugin makes of them, or of the program, which others may not meet; what is wrong with the command, the configuration or the machine is so for all recordings.
    /// Once its stages run, the configuration has been found right, and every fault is the recording's.
    /// </summary>
    private static bool IsOfRecording(Diagnostic fault, NamedRecording recording) => fault.Id[2] is '3' or '4' or '5' || fault.Id == RunFaults.Bug || fault.Place.File == recording.File;

    /// <summary>
    /// The recording's run folder: that of an earlier part of the run where that was interrupted in it, of the same configuration and files. What a failed one had reached came of what failed, and is not gone on from.
    /// </summary>
    private static RunFolder OwnFolder(string path, Experiment experiment, ProgressDisplay shared)
    {
        var resolved = experiment.Config.Resolved([.. experiment.Catalog.Strangers.Select(static p => p.Path)]);
        if (RunFolder.IsOne(path) && RunFolder.Open(path) is var earlier && RunSummary.StatusOf(earlier) != "failed")
        {
            IReadOnlyList<string> changes = [.. RunInputs.Changes(JsonNode.Parse(File.ReadAllBytes(earlier.Record))!, resolved)];
            if (changes.Count == 0)
            {
                earlier.Claim();
                return earlier;
            }

            shared.Tell($"warning: {experiment.Config.Name}: {string.Join("; ", changes)}; its run begins anew");
        }

        // A run that was killed as it began may have left some of it.
        RunFolder.Discard(path);
        var started = DateTimeOffset.UtcNow;
        var own = RunFolder.Create(path, experiment.Config.Name, started);
        own.Begin(resolved, () => RunRecord.Describe(experiment.Config, resolved, experiment.Catalog, Environment.GetCommandLineArgs(), started));
        return own;
    }
}
