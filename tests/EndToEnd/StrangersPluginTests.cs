namespace BrainModular.EndToEnd;

/// <summary>Plugins of others: a good one runs as the built-in ones do; one that goes wrong is named with path and reason, exit code 4 where the run needs it, and is no hindrance where it does not.</summary>
public sealed class StrangersPluginTests : IDisposable
{
    private readonly PluginFolder plugins = new();
    private readonly ExperimentFolder folder = new(ExperimentFolder.Simulation);

    public void Dispose()
    {
        plugins.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_stranger_s_neuron_runs()
    {
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("mine"));
        var outcome = Run(path, "mine", "--out", "run");
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Equal("mine", (string?)ExperimentFolder.Summary(outcome.LastLine)["stages"]!["simulate"]!["neuron"]);
    }

    [Fact]
    public void The_resolved_configuration_finds_a_stranger_s_plugin_again()
    {
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("mine"));
        var first = Run(path, "mine", "--out", "first");
        using var elsewhere = new ExperimentFolder(File.ReadAllText(Path.Combine(first.LastLine, "resolved.json")));
        var again = Brain.Run(elsewhere.Root, "run", "experiment.json", "--out", "again");
        Assert.True(again.Code == 0, again.Error);
    }

    [Fact]
    public void A_run_that_is_resumed_with_a_changed_plugin_says_so()
    {
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("mine"));
        var run = Run(path, "mine", "--out", "run").LastLine;
        var summary = Path.Combine(run, "summary.json");
        File.WriteAllText(summary, File.ReadAllText(summary).Replace("completed", "cancelled", StringComparison.Ordinal));
        Assert.DoesNotContain("warning", Brain.Run(folder.Root, "resume", "run").Error, StringComparison.Ordinal);

        File.WriteAllText(summary, File.ReadAllText(summary).Replace("completed", "cancelled", StringComparison.Ordinal));
        plugins.Compile("mine", "Mine", PluginFolder.Offering("mine", "Console.Error.Write(\"\");"));
        var resumed = Brain.Run(folder.Root, "resume", "run");
        Assert.Equal(0, resumed.Code);
        Assert.Contains("Mine has changed", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_on_another_thread_is_no_bug()
    {
        var path = plugins.Compile("mine", "Deaf", PluginFolder.Offering("deaf", types: "public sealed class Neuron : INeuronModel { public void Define(INeuronScope scope) { var V = scope.State(\"V\", -65 * mV, mV, \"\"); V.Rate = -V / (10 * ms); } }"));
        var outcome = Run(path, "deaf");
        Assert.True(outcome.Code == 3, outcome.Error);
        Assert.Contains("BM2311", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_dependency_is_named_with_the_plugin_s_path()
    {
        var library = plugins.Compile("elsewhere", "Absent.Library", "public static class Absent { public static int One => 1; }");
        var path = plugins.Compile("bad", "Bad", PluginFolder.Offering("bad-cell", "_ = Absent.One;"), library);
        AssertNeeded(Run(path, "bad-cell"), path, "Absent.Library");
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("0.9")]
    public void A_plugin_for_another_contract_version_is_named_with_both_versions(string version)
    {
        var path = plugins.CompileAgainstContract(version, "Other");
        AssertNeeded(Run(path, "other-cell"), path, version);
    }

    [Fact]
    public void A_model_whose_Define_throws_is_named_with_its_plugin()
    {
        var path = plugins.Compile("bad", "Bad", PluginFolder.Offering("bad-cell", types: "public sealed class Neuron : INeuronModel { public void Define(INeuronScope scope) => throw new FormatException(\"no luck\"); }"));
        AssertNeeded(Run(path, "bad-cell"), "Bad", "no luck");
    }

    [Fact]
    public void A_dimension_error_in_Define_is_named_with_its_plugin()
    {
        var path = plugins.Compile("bad", "Bad", PluginFolder.Offering("bad-cell", types: "public sealed class Neuron : INeuronModel { public void Define(INeuronScope scope) { var V = scope.State(\"V\", -65 * mV, mV, \"\"); V.Rate = V; } }"));
        AssertNeeded(Run(path, "bad-cell"), "Bad", "BM4301");
    }

    [Fact]
    public void A_plugin_that_fails_is_no_hindrance_where_the_run_does_not_need_it()
    {
        var path = plugins.CompileAgainstContract("2.0", "Other");
        var outcome = Brain.Run(folder.Root, "run", "experiment.json", "--plugin", path, "--out", "run");
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains("warning", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(path, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_plugins_says_what_failed_and_why()
    {
        var bad = plugins.CompileAgainstContract("2.0", "Other");
        var good = plugins.Compile("mine", "Mine", PluginFolder.Offering("mine"));
        var outcome = Brain.Run(folder.Root, [("BRAINMODULAR_PLUGINS", good)], "plugins", "--plugin", bad);
        Assert.Equal(0, outcome.Code);
        Assert.Contains($"FAILED {bad}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("BM4105", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(good, outcome.Output, StringComparison.Ordinal);
        Assert.Contains("mine", outcome.Output, StringComparison.Ordinal);
    }

    private Outcome Run(string plugin, string neuron, params string[] more) =>
        Brain.Run(folder.Root, ["run", "experiment.json", "--plugin", plugin, "--set", $"stages.simulate.neuron.type={neuron}", .. more]);

    private void AssertNeeded(Outcome outcome, params string[] mentioned)
    {
        Assert.True(outcome.Code == 4, $"exit code {outcome.Code}: {outcome.Error}");
        Assert.All(mentioned, m => Assert.Contains(m, outcome.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([folder.Config], Directory.GetFileSystemEntries(folder.Root));
    }
}
