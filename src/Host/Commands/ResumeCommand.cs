using System.CommandLine;
using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Commands;

/// <summary><c>brain resume DIR</c>: goes on with an interrupted run, to the same bits as without the interruption.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The folder of an interrupted run." };
        var command = new Command("resume", "Goes on with an interrupted run.") { directory };
        command.SetAction(parsed => Resume(parsed.GetRequiredValue(directory)));
        return command;
    }

    private static int Resume(string directory)
    {
        var display = ProgressDisplay.OnStandardError();
        using var interruption = new Interruption(Console.Error, display.Tell);
        using var folder = RunFolder.Open(directory);
        folder.Claim();
        var status = RunSummary.StatusOf(folder);
        if (status == "completed")
        {
            Console.Error.WriteLine("the run is complete already");
            Console.Out.WriteLine(folder.Path);
            return 0;
        }

        var source = ExperimentSource.Read(folder.ResolvedConfig, [], []);
        PluginReport.WarnOfFailures(source.Catalog, Console.Error);
        var run = RunCommand.Prepare(source, display);
        interruption.BeginWriting();
        Compare(folder, source, hadFailed: status == "failed");
        return RunCommand.Run(run, folder, interruption.Token);
    }

    /// <summary>
    /// Sees to it that a run goes on from a checkpoint of what it is now: where the configuration or a file has changed, or a program that had failed, it begins anew. Of several recordings each is looked at when its
    /// turn comes.
    /// </summary>
    private static void Compare(RunFolder folder, ExperimentSource source, bool hadFailed)
    {
        var record = JsonNode.Parse(File.ReadAllBytes(folder.Record))!;
        var resolved = File.ReadAllBytes(folder.ResolvedConfig);
        IReadOnlyList<string> changes = source.Config.HasRecordings ? [] : [.. RunInputs.Changes(record, resolved)];
        IReadOnlyList<string> differences = [.. RunRecord.Differences(record, source.Catalog)];
        if (changes.Count > 0 || (hadFailed && differences.Count > 0 && !source.Config.HasRecordings))
        {
            Console.Error.WriteLine($"warning: {string.Join("; ", changes.Concat(differences))}; the run begins anew");
            folder.BeginAnew(RunRecord.Describe(source.Config, resolved, source.Catalog, RunRecord.Arguments(record), DateTimeOffset.UtcNow));
            return;
        }

        foreach (var difference in differences)
        {
            Console.Error.WriteLine($"warning: {difference}; the results may differ from those of an uninterrupted run");
        }
    }
}
