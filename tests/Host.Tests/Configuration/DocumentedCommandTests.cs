using System.Text.RegularExpressions;

namespace BrainModular.Host.Tests.Configuration;

/// <summary>Every command that a page tells of is one that can be typed.</summary>
public sealed partial class DocumentedCommandTests
{
    [Fact]
    public void Every_command_of_the_pages_has_arguments_and_options_that_there_are()
    {
        string[] folders = ["", "docs", "examples"];
        var pages = folders.SelectMany(static f => Directory.EnumerateFiles(Path.Combine(RealData.Repository, f), "*.md", f == "examples" ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly));
        var commands = pages.SelectMany(static page => Commands().Matches(File.ReadAllText(page)).Select(m => (Page: page, Text: m.Groups[1].Value.Trim()))).ToList();
        Assert.True(commands.Count > 50, $"{commands.Count} commands");
        Assert.All(commands, static c => Assert.True(Faults(c.Text).Count == 0, $"{c.Page}: brain {c.Text}: {string.Join(", ", Faults(c.Text))}"));
    }

    // A command whose name alone is told of lacks its arguments; what shells quote singly, the parser takes quoted doubly.
    private static List<string> Faults(string command) => command.Contains(' ', StringComparison.Ordinal)
        ? [.. Program.Root().Parse(command.Replace('\'', '"')).Errors.Select(static e => e.Message)]
        : Program.Root().Subcommands.Any(s => s.Name == command) ? [] : ["no such command"];

    [GeneratedRegex(@"(?:`|^ *)(?:\./)?brain ([a-z][^`\n]*)", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
