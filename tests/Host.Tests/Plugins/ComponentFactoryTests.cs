using BrainModular.Diagnostics;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Models;

namespace BrainModular.Host;

public sealed class ComponentFactoryTests : IDisposable
{
    private const string Settings = """
        using BrainModular.Models; using BrainModular.Plugins; using BrainModular.Symbolics; using static BrainModular.Symbolics.Units;
        [assembly: BrainModularPlugin(typeof(Entry))]
        public sealed class Neuron(ISettings s) : INeuronModel
        {
            public string Read = $"{s.Number("gain", 2, 0, 10, "g")} {s.Integer("order", 3, 1, 9, "o")} {s.Quantity("delay", 2 * ms, "d")} {s.Choice("form", "plain", new[] { "plain", "fancy" }, "f")} {s.Flag("on", true, "n")} {s.Text("label", "none", "l")}";
            public override string ToString() => Read;
            public void Define(INeuronScope scope) => throw new System.InvalidOperationException("not today");
        }
        public sealed class Entry : IPlugin
        {
            public void Register(ICatalogBuilder catalog)
            {
                catalog.Add<INeuronModel>("configurable", "", s => new Neuron(s));
                catalog.Add<INeuronModel>("thrower", "", s => throw new System.FormatException("no luck"));
                catalog.Add<INeuronModel>("reader", "", s => { s.Path("table", "the table"); return new Neuron(s); });
            }
        }
        """;

    private readonly PluginFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "2 3 2 plain True none")]
    [InlineData(""", "gain": 0.5, "order": 1, "delay": "1 s", "form": "fancy", "on": false, "label": "x" """, "0.5 1 1000 fancy False x")]
    public void Settings_reach_the_component(string settings, string expected)
    {
        var (made, faults) = Create("configurable", settings);
        Assert.Empty(faults);
        Assert.Equal(expected, made!.ToString());
    }

    [Theory]
    [InlineData(""", "gain": 11""", "BM2005", "gain")]
    [InlineData(""", "order": 1.5""", "BM2005", "order")]
    [InlineData(""", "delay": 2""", "BM2007", "delay")]
    [InlineData(""", "delay": "2 mV" """, "BM2008", "delay")]
    [InlineData(""", "form": "fanzy" """, "BM2005", "form")]
    [InlineData(""", "gian": 1""", "BM2004", "gian")]
    [InlineData(""", "parametres": {}""", "BM2004", "parametres")]
    public void A_setting_that_does_not_fit_is_refused_where_it_stands(string settings, string id, string key)
    {
        var fault = Assert.Single(Create("configurable", settings).Faults);
        Assert.Equal((id, $"stages.fit.neuron.{key}"), (fault.Id, fault.Place.Path));
        Assert.NotNull(fault.Place.Line);
    }

    [Fact]
    public void Suggestions_know_the_settings_and_the_host_s_own_keys()
    {
        Assert.Contains("'gain'", Create("configurable", """, "gian": 1""").Faults[0].Cure, StringComparison.Ordinal);
        Assert.Contains("'parameters'", Create("configurable", """, "parametres": {}""").Faults[0].Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_component_that_throws_is_named_with_its_plugin_and_the_place_of_the_configuration()
    {
        var fault = Assert.Single(Create("thrower", "").Faults);
        Assert.Equal(("BM4108", 4, "stages.fit.neuron"), (fault.Id, fault.ExitCode, fault.Place.Path));
        Assert.Contains("'thrower'", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("no luck", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("Settings.dll", fault.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_path_is_a_fault()
    {
        var fault = Assert.Single(Create("reader", "").Faults);
        Assert.Equal("BM2006", fault.Id);
        Assert.Contains("'table'", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_resolved_configuration_holds_every_setting_that_was_read()
    {
        using var file = Config("configurable", """, "gain": 0.5""");
        var config = file.Load().Config;
        new ComponentFactory(LoadedPlugins.With(Compile())).Create<INeuronModel>(((FitConfig)config.Stages[0]).Neuron!, new());
        using var resolved = System.Text.Json.JsonDocument.Parse(config.Resolved([]));
        var neuron = resolved.RootElement.GetProperty("stages").GetProperty("fit").GetProperty("neuron");
        Assert.Equal(0.5, neuron.GetProperty("gain").GetDouble());
        Assert.Equal("2 ms", neuron.GetProperty("delay").GetString());
        Assert.Equal("none", neuron.GetProperty("label").GetString());
    }

    private (INeuronModel? Made, IReadOnlyList<Diagnostic> Faults) Create(string type, string settings)
    {
        using var file = Config(type, settings);
        var (config, found) = file.Load();
        Assert.Empty(found);
        var faults = new Faults();
        var made = new ComponentFactory(LoadedPlugins.With(Compile())).Create<INeuronModel>(((FitConfig)config.Stages[0]).Neuron!, faults);
        return (made, faults.Found);
    }

    private static ConfigFile Config(string type, string settings) =>
        new(ConfigFile.Minimal.Replace("\"hodgkin-huxley\"", $"\"{type}\"{settings}", StringComparison.Ordinal));

    private string Compile() => folder.Compile("settings", "Settings", Settings);
}
