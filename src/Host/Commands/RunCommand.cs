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
        var seed = new Option<long?>("--seed") { Description = "The seed, instead of the configuration's.", HelpName = "N" };
        var threads = new Option<int?>("--threads") { Description = "How many threads compute. Results do not depend on it.", HelpName = "N" };
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
        AtomicFile.Write(folder.ResolvedConfig, experiment.Config.Resolved([.. experiment.Catalog.Strangers.Select(p => p.Path)]));
        RunFolder.Write(folder.Record, RunRecord.Describe(experiment.Config, experiment.Catalog, Environment.GetCommandLineArgs(), started));
        new ExperimentRunner(experiment, folder, ProgressDisplay.OnStandardError()).Run(interruption.Token);
        Console.Out.WriteLine(folder.Path);
        return 0;
    }

    private static string[] AsSet<T>(string key, T? value)
        where T : struct, IFormattable => value is { } given ? [$"{key}={given.ToString(null, CultureInfo.InvariantCulture)}"] : [];
}
