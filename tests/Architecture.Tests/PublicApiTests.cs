using BrainModular.Diagnostics;

namespace BrainModular.Architecture;

public sealed class PublicApiTests
{
    private const string Approved = "tests/Architecture.Tests/Abstractions.PublicApi.txt";

    [Fact]
    public void The_contracts_are_those_that_were_reviewed()
    {
        var actual = PublicApi.Describe(typeof(Diagnostic).Assembly);
        if (Environment.GetEnvironmentVariable("BRAINMODULAR_ACCEPT_API") == "1")
        {
            File.WriteAllText(Path.Combine(RealData.Repository, Approved), actual);
        }

        var approved = SourceTree.Read(Approved).Split('\n');
        var lines = actual.Split('\n');
        var gone = approved.Except(lines).Select(l => $"- {l}");
        var come = lines.Except(approved).Select(l => $"+ {l}");
        Assert.True(
            approved.SequenceEqual(lines),
            $"""
            The public surface of Abstractions has changed. Plugins are compiled against it: review the change, raise AssemblyVersion where
            it breaks them, and accept it with BRAINMODULAR_ACCEPT_API=1 dotnet test tests/Architecture.Tests.
            {string.Join('\n', gone.Concat(come))}
            """);
    }

    [Fact]
    public void The_description_shows_kinds_bases_defaults_and_nullability()
    {
        var text = PublicApi.Describe(typeof(Diagnostic).Assembly);
        Assert.Contains("sealed class BrainModular.Diagnostics.DiagnosticException : Exception", text, StringComparison.Ordinal);
        Assert.Contains("new(String Id, String Problem, Place Place = default, String? Expected = default, String? Cure = default)", text, StringComparison.Ordinal);
        Assert.Contains("    Int32 ExitCode { get; }\n", text, StringComparison.Ordinal);
    }
}
