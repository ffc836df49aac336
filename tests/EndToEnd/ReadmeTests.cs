using System.Text.RegularExpressions;
using BrainModular.EndToEnd.Examples;
using BrainModular.Host.Tests.Reports;

namespace BrainModular.EndToEnd;

/// <summary>Every command of the README does what it should.</summary>
public sealed class ReadmeTests
{
    public static TheoryData<string> Commands => [.. Lines];

    private static IEnumerable<string> Lines => Regex.Matches(File.ReadAllText(Path.Combine(RealData.Repository, "README.md")), "```sh\n(.*?)```", RegexOptions.Singleline)
        .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_of_the_readme_works(string command)
    {
        // This is one of the tests that the second command runs, and examples are run once for all tests of them.
        if (command is "./test.sh" or $"./brain run {FitRecordingRun.Experiment}" or $"./brain run {MultiscaleRun.Experiment}")
        {
            return;
        }

        Assert.StartsWith("./brain ", command, StringComparison.Ordinal);
        using var folder = new ReportFolder();
        var inFolder = command.StartsWith("./brain run", StringComparison.Ordinal) ? $"{command} --out \"$1\"" : command;
        using var process = Brain.Start("bash", RealData.Repository, [], "-c", inFolder, "bash", Path.Combine(folder.Path, "run"));
        var result = Brain.Finish(process);
        Assert.True(result.Code == 0, $"{command}: {result}");
    }

    [Fact]
    public void The_readme_begins_with_the_two_commands() =>
        Assert.Equal([$"./brain run {MultiscaleRun.Experiment}", "./test.sh"], Lines.Take(2));
}
