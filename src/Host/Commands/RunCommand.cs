using System.CommandLine;
using System.Globalization;
using BrainModular.Host.Composition;
using BrainModular.Host.Composition.Recordings;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Commands;

/// <summary><c>brain run CONFIG</c>: the whole program in one method.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = CommandOptions.Config();
        var set = CommandOptions.Set();
        var plugin = CommandOptions.Plugin();
        var output = new Option<string?>("--out") { Description = "The run folder itself, new or empty; by default runs/NAME/TIME.", HelpName = "DIR" };
        var seed = CommandOptions.WholeNumber("--seed", "The seed, instead of the configuration's.", long.MaxValue);
        var threads = CommandOptions.WholeNumber("--threads", "How many threads compute; 0: as many as there are cores. Results do not depend on it.", 4096);
        var command = new Command("run", "Runs an experiment. The last line on stdout is the run folder.") { config, set, plugin, output, seed, threads };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(config),
            [.. parsed.GetValue(set) ?? [], .. AsSet("seed", parsed.GetValue(seed)), .. AsSet("threads", parsed.GetValue(threads))],
            parsed.GetValue(plugin) ?? [],
            parsed.GetValue(output)));
        return command;
    }

    private static int Run(string config, IReadOnlyList<string> set, IReadOnlyList<string> plugins, string? output)
    {
        var display = ProgressDisplay.OnStandardError();
        using var interruption = new Interruption(Console.Error, display.Tell);
        var started = DateTimeOffset.UtcNow;
        var source = ExperimentSource.Read(config, set, plugins);
        PluginReport.WarnOfFailures(source.Catalog, Console.Error);
        var run = Prepare(source, display);
        interruption.BeginWriting();
        using var folder = RunFolder.Create(output, source.Config.Name, started);
        var resolved = source.Config.Resolved([.. source.Catalog.Strangers.Select(static p => p.Path)], source.Config.HasRecordings ? [.. source.Recordings.Select(static r => r.File)] : null);
        folder.Begin(resolved, () => RunRecord.Describe(source.Config, resolved, source.Catalog, Environment.GetCommandLineArgs(), started));
        return Run(run, folder, interruption.Token);
    }

    /// <summary>What running the experiment is; one that is not of several recordings is composed first, so that nothing is left of one that has faults.</summary>
    public static Action<RunFolder, CancellationToken> Prepare(ExperimentSource source, ProgressDisplay display)
    {
        if (source.Config.HasRecordings)
        {
            return (folder, cancellation) => new RecordingsRunner(source, folder, display).Run(Console.Out, cancellation);
        }

        var experiment = source.Compose();
        return (folder, cancellation) => new ExperimentRunner(experiment, folder, display, source.Config.Threads).Run(cancellation);
    }

    /// <summary>Runs an experiment. However it ends, the last line on stdout is the folder, which then holds what was reached.</summary>
    public static int Run(Action<RunFolder, CancellationToken> run, RunFolder folder, CancellationToken cancellation)
    {
        try
        {
            run(folder, cancellation);
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"to go on: brain resume {folder.Path}");
            throw;
        }
        finally
        {
            Console.Out.WriteLine(folder.Path);
        }
    }

    private static string[] AsSet(string key, long? value) => value is { } given ? [string.Create(CultureInfo.InvariantCulture, $"{key}={given}")] : [];
}
