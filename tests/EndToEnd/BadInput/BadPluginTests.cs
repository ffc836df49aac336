namespace BrainModular.EndToEnd.BadInput;

/// <summary>Plugins that go wrong: the run that needs one ends with 4 and names it, every other run goes on with a warning.</summary>
public sealed class BadPluginTests : IDisposable
{
    private const string Broken = "public sealed class Neuron : INeuronModel { public void Define(INeuronScope scope) => throw new FormatException(\"no luck today\"); }";
    private const string Simulation = """
        { "stages": { "simulate": { "neuron": { "type": "quite-another-cell" }, "stimulus": { "amplitude": "1 nA" }, "duration": "10 ms" } } }
        """;

    private readonly Workplace place = new();
    private readonly PluginFolder plugins = new();

    public BadPluginTests()
    {
        place.Write("stranger.json", Simulation);
        place.Write("builtin.json", Simulation.Replace("quite-another-cell", "leaky-integrate-and-fire", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        place.Dispose();
        plugins.Dispose();
    }

    [Fact]
    public void A_missing_dependency_is_named()
    {
        var library = plugins.Compile("elsewhere", "Absent.Library", "public static class Library { public static int One => 1; }");
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("quite-another-cell", "_ = Library.One;"), library);
        RefusedWhereNeededOnly("BM4106", path, "Absent.Library");
    }

    [Theory]
    [InlineData("2.0", "take a newer BrainModular")]
    [InlineData("0.9", "rebuild the plugin against BrainModular.Abstractions 1.0")]
    public void A_plugin_for_another_version_of_the_contracts_is_named_with_both_versions(string version, string cure) =>
        RefusedWhereNeededOnly("BM4105", plugins.CompileAgainstContract(version, "Other"), $"version {version} of the plugin contracts", "this host has 1.0", cure);

    [Fact]
    public void A_plugin_whose_registration_throws_is_named() =>
        RefusedWhereNeededOnly("BM4108", plugins.Compile("mine", "Mine", PluginFolder.Offering("quite-another-cell", "throw new FormatException(\"no luck today\");")), "no luck today");

    [Fact]
    public void A_neuron_whose_definition_throws_ends_the_run_that_needs_it_and_no_other()
    {
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("quite-another-cell", types: Broken));
        place.Refuses(4, "BM4300", ["stranger.json:1:", "'quite-another-cell'", "no luck today", path], "run", "stranger.json", "--plugin", path, "--out", "out");
        Assert.Equal("", place.Run("validate", "builtin.json", "--plugin", path).Succeeded().Error);
    }

    [Fact]
    public void A_wrong_dimension_in_a_neuron_s_definition_is_the_plugin_s_fault()
    {
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("quite-another-cell", types: Broken.Replace("throw new FormatException(\"no luck today\")", "scope.State(\"V\", -65 * mV, mV, \"\").Rate = -65 * mV", StringComparison.Ordinal)));
        place.Refuses(4, "BM4301", ["'quite-another-cell'", path], "run", "stranger.json", "--plugin", path, "--out", "out");
    }

    [Fact]
    public void A_neuron_that_takes_no_current_is_refused_for_a_current_step()
    {
        var deaf = "public sealed class Neuron : INeuronModel { public void Define(INeuronScope scope) { var V = scope.State(\"V\", -65 * mV, mV, \"\"); V.Rate = -V / (10 * ms); } }";
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("quite-another-cell", types: deaf));
        var outcome = place.Run("run", "stranger.json", "--plugin", path, "--out", "out").EndedWith(3);
        Assert.Contains("BM2311: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_plugin_is_named() =>
        RefusedWhereNeededOnly("BM4102", place.Write("Text.dll", "no DLL at all"), "no .NET assembly");

    // The listing gives the fault's own words; a run that needs the plugin names it as the likely reason.
    private void RefusedWhereNeededOnly(string id, string path, params string[] mentions)
    {
        var outcome = place.Refuses(4, "BM4111", ["stranger.json:1:", "'quite-another-cell'", path, mentions[0]], "run", "stranger.json", "--plugin", path, "--out", "out");
        Assert.DoesNotContain("leaky", outcome.Error, StringComparison.Ordinal);

        var warned = place.Run("run", "builtin.json", "--plugin", path, "--out", "out").Succeeded();
        Assert.Contains($"warning: the plugin {path} is left out: ", warned.Error, StringComparison.Ordinal);

        var listed = place.Run("plugins", "--plugin", path).Succeeded().Output;
        Assert.Contains($"FAILED {path} (--plugin)\n  {id}: ", listed, StringComparison.Ordinal);
        Assert.All(mentions, mention => Assert.Contains(mention, listed, StringComparison.Ordinal));
        Assert.Contains("hodgkin-huxley", listed, StringComparison.Ordinal);
    }
}
