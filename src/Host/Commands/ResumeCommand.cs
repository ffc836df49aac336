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
        using var interruption = new Interruption();
        var folder = RunFolder.Open(directory);
        if (RunSummary.StatusOf(folder) == "completed")
        {
            Console.Error.WriteLine("the run is complete already");
            Console.Out.WriteLine(folder.Path);
            return 0;
        }

        var source = ExperimentSource.Read(folder.ResolvedConfig, [], []);
        PluginReport.WarnOfFailures(source.Catalog, Console.Error);
        var run = RunCommand.Prepare(source);
        foreach (var difference in RunRecord.Differences(JsonNode.Parse(File.ReadAllBytes(folder.Record))!, source.Catalog))
        {
            Console.Error.WriteLine($"warning: {difference}; the results may differ from those of an uninterrupted run");
        }

        return RunCommand.Run(run, folder, interruption.Token);
    }
}
