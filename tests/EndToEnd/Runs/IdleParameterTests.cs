namespace BrainModular.EndToEnd.Runs;

/// <summary>Free parameters that a fit's loss does not depend on.</summary>
public sealed class IdleParameterTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void They_are_named_on_the_terminal_in_the_summary_and_in_the_report()
    {
        // With A1 = 0 nothing is added to the first current at a spike, so that it never is anything that k1 could make decay.
        place.Write("idle.json", Workplace.Fit(neuron: """{ "type": "mihalas-niebur", "parameters": { "A1": "0 nA" } }""", keys: """ "free": ["R", "Vrest", "k1"], """));
        var outcome = place.Run("run", "idle.json", "--out", "out").Succeeded();
        const string warning = "the loss does not depend on k1 where that was tried";
        Assert.Single(outcome.Error.Split('\n'), static line => line.Contains(warning, StringComparison.Ordinal));
        Assert.Contains("fit: warning: BM2725", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(warning, (string)Assert.Single(SummaryText.Read(place["out"])["stages"]!["fit"]!["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Contains(warning, File.ReadAllText(place["out/report.html"]), StringComparison.Ordinal);
    }
}
