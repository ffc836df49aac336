using System.CommandLine;
using System.Globalization;
using BrainModular.Host.Composition;
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
        using var interruption = new Interruption();
        var started = DateTimeOffset.UtcNow;
        var experiment = Experiment.Load(config, set, plugins);
        PluginReport.WarnOfFailures(experiment.Catalog, Console.Error);
        var folder = RunFolder.Create(output, experiment.Config.Name, started);
        folder.Begin(
            experiment.Config.Resolved([.. experiment.Catalog.Strangers.Select(static p => p.Path)]),
            RunRecord.Describe(experiment.Config, experiment.Catalog, Environment.GetCommandLineArgs(), started));
        return Run(experiment, folder, interruption.Token);
    }

    /// <summary>Runs the stages. However they end, the last line on stdout is the folder, which then holds what was reached.</summary>
    public static int Run(Experiment experiment, RunFolder folder, CancellationToken cancellation)
    {
        try
        {
            new ExperimentRunner(experiment, folder, ProgressDisplay.OnStandardError()).Run(cancellation);
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
