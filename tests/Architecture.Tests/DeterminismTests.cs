namespace BrainModular.Architecture;

/// <summary>
/// Nothing in Abstractions and Engine depends on ambient time, randomness, culture, files or the console. The analyzer says so at the line;
/// these tests read the built assemblies, so that neither a suppression nor a lost analyzer goes unnoticed.
/// </summary>
public sealed class DeterminismTests
{
    private static readonly string[] BannedTypes =
    [
        "System.Random", "System.Console", "System.Diagnostics.Stopwatch", "System.Security.Cryptography.RandomNumberGenerator",
        "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Text.Json.JsonSerializer", "System.Runtime.Loader.AssemblyLoadContext",
    ];

    private static readonly string[] BannedMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Globalization.CultureInfo.get_CurrentCulture", "System.Globalization.CultureInfo.get_CurrentUICulture",
    ];

    [Theory]
    [InlineData("src/Abstractions/BrainModular.Abstractions.csproj")]
    [InlineData("src/Engine/BrainModular.Engine.csproj")]
    public void No_ambient_state_is_used_in(string project)
    {
        var facts = AssemblyFacts.OfProject(project);
        Assert.NotEmpty(facts.Types);
        Assert.Empty(facts.Types.Intersect(BannedTypes));
        Assert.Empty(facts.Members.Intersect(BannedMembers));
    }

    [Fact]
    public void Ambient_state_would_be_seen()
    {
        var facts = AssemblyFacts.Read(typeof(DeterminismTests).Assembly.Location);
        Assert.Contains("System.IO.File", facts.Types.Intersect(BannedTypes));
        Assert.Contains("System.Environment.get_TickCount64", facts.Members.Intersect(BannedMembers));
        Assert.True(Environment.TickCount64 != 0);
    }

    [Theory]
    [InlineData("src/Abstractions/BrainModular.Abstractions.csproj")]
    [InlineData("src/Engine/BrainModular.Engine.csproj")]
    public void The_analyzer_of_banned_symbols_is_on_in(string project) =>
        Assert.Contains("<Import Project=\"../Deterministic.props\" />", SourceTree.Read(project), StringComparison.Ordinal);
}
