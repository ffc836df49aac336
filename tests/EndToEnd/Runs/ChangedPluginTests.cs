namespace BrainModular.EndToEnd.Runs;

public sealed class ChangedPluginTests : IDisposable
{
    private const string Simulation = """
        { "stages": { "simulate": { "neuron": { "type": "mine" }, "stimulus": { "amplitude": "0 nA" }, "duration": "1 ms", "timeStep": "0.1 ms" } } }
        """;

    private readonly Workplace place = new();
    private readonly PluginFolder plugins = new();

    public void Dispose()
    {
        place.Dispose();
        plugins.Dispose();
    }

    [Fact]
    public void A_run_that_is_resumed_with_a_changed_plugin_says_so()
    {
        var path = plugins.Compile("mine", "Mine", PluginFolder.Offering("mine"));
        place.Write("config.json", Simulation);
        place.Run("run", "config.json", "--plugin", path, "--out", "out").Succeeded();
        Assert.DoesNotContain("warning", Resume(), StringComparison.Ordinal);

        plugins.Compile("mine", "Mine", PluginFolder.Offering("mine", "_ = Environment.NewLine;"));
        Assert.Contains("warning: the plugin Mine has changed since the run was started", Resume(), StringComparison.Ordinal);
    }

    private string Resume()
    {
        var summary = place["out/summary.json"];
        File.WriteAllText(summary, File.ReadAllText(summary).Replace("completed", "cancelled", StringComparison.Ordinal));
        return place.Run("resume", "out").Succeeded().Error;
    }
}
