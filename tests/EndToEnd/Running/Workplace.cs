namespace BrainModular.EndToEnd;

/// <summary>A folder in which a test works as a user does, with a small recording; deleted after it.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>A stack trace's lines.</summary>
    private const string StackTrace = "   at ";

    public Workplace() => TinyRecording.Write(this["cell.nwb"]);

    public string Root { get; } = Directory.CreateTempSubdirectory("brain-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>A fit to the small recording that takes a moment; keys can be put in the place of others.</summary>
    public static string Fit(
        string neuron = """{ "type": "leaky-integrate-and-fire" }""",
        string recording = """{ "path": "cell.nwb", "sweeps": { "train": "1,2", "test": "3" } }""",
        string keys = "",
        string after = "") => $$"""
        {
          // A comment, and a comma too many, do no harm.
          "stages": {
            "fit": {
              "neuron": {{neuron}},
              "recording": {{recording}},
              "optimizer": { "type": "l-bfgs-b", "maxIterations": 8 },
              "starts": 2,{{keys}}
            },
            {{after}}
          },
        }
        """;

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public Outcome Run(params string[] arguments) => Brain.Run(Root, arguments);

    /// <summary>Runs a configuration that has to be refused before anything is written.</summary>
    public Outcome RefusesConfig(int exitCode, string id, string config, params string[] mentions)
    {
        Write("bad.json", config);
        return Refuses(exitCode, id, mentions, "run", "bad.json", "--out", "out");
    }

    /// <summary>Runs a command that has to be refused with that exit code and diagnostic, in words for users, leaving every file as it was.</summary>
    public Outcome Refuses(int exitCode, string id, string[] mentions, params string[] command)
    {
        var before = Files();
        var outcome = Run(command);
        AssertRefused(outcome, exitCode, id, mentions);
        Assert.Equal(before, Files());
        return outcome;
    }

    public static void AssertRefused(Outcome outcome, int exitCode, string id, params string[] mentions)
    {
        var text = $"exit code {outcome.Code}\n{outcome.Error}";
        Assert.True(exitCode == outcome.Code, text);
        Assert.Contains($"{id}: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(StackTrace, outcome.Error, StringComparison.Ordinal);
        Assert.All(mentions, mention => Assert.Contains(mention, outcome.Error, StringComparison.Ordinal));
        Assert.Matches("\n  (expected|to mend it): ", outcome.Error);
        Assert.Equal("", outcome.Output);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string[] Files() => [.. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
