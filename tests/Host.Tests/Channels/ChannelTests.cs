using System.Text;
using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Host.Commands;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Host.Networks;

namespace BrainModular.Host.Channels;

/// <summary>Cells that a configuration puts together from ion channels.</summary>
public sealed class ChannelTests
{
    private const string Text = """
        {
          "stages": {
            "step": {
              "type": "simulate",
              "neuron": {
                "type": "conductance-based", "calcium": "pool", "parameters": { "area": "20000 um^2" },
                "channels": [
                  { "type": "leak", "E": "-75 mV" },
                  { "type": "na-traub-miles", "gMax": "56 mS/cm2" },
                  { "type": "kd-traub-miles", "q10": 2, "gMax": { "value": "6 mS/cm2", "lower": "1 mS/cm2", "upper": "20 mS/cm2" } },
                  { "type": "cal-reuveni" },
                  { "type": "sk-koehler", "name": "slow" },
                ],
              },
              "stimulus": { "amplitude": "500 pA", "start": "10 ms" },
              "duration": "200 ms",
              "timeStep": "0.02 ms",
            },
          },
        }
        """;

    private const string PopulationText = """
        "neuron": { "type": "conductance-based", "channels": [{ "type": "leak", "g": { "uniform": ["0.05 mS/cm2", "0.15 mS/cm2"] } }, { "type": "na-traub-miles" }, { "type": "kd-traub-miles", "gMax": "7 mS/cm2" }], "parameters": { "area": "9000 um^2" } }
        """;

    [Fact]
    public void Channels_become_parameters_and_states_under_their_names()
    {
        var neuron = Compose(Text);
        Assert.Equal(["Ca", "V", "cal.q", "cal.r", "kd.n", "na.h", "na.m", "slow.z"], neuron.Model.States.Select(static s => s.Name).Order(StringComparer.Ordinal));
        Assert.Equal(5.6e-4, neuron.StartingValues["na.gMax"], 1e-12);
        Assert.Equal(-75, neuron.StartingValues["leak.E"]);
        Assert.Equal(6e-5, neuron.StartingValues["kd.gMax"], 1e-12);
        Assert.Equal((1e-5, 2e-4), (Math.Round(neuron.Bounds["kd.gMax"].Lower, 12), Math.Round(neuron.Bounds["kd.gMax"].Upper, 12)));
        Assert.Equal(["area", "leak.E", "na.gMax"], neuron.Fixed.Order(StringComparer.Ordinal));
        Assert.NotNull(neuron.Model.FindParameter("slow.Khalf"));
        Assert.Null(neuron.Model.FindParameter("ECa"));
    }

    [Fact]
    public void The_resolved_configuration_reads_back_to_the_same_cell()
    {
        var first = TinyTraining.Load(Text);
        var resolved = Encoding.UTF8.GetString(first.Config.Resolved([]).Span);
        var channels = JsonNode.Parse(resolved)!["stages"]!["step"]!["neuron"]!["channels"]!;
        Assert.Equal(2, (double)channels[2]!["q10"]!);
        Assert.Equal("36 degC", (string)channels[2]!["measuredAt"]!);
        Assert.Equal("56 mS/cm2", (string)channels[1]!["gMax"]!);
        Assert.Equal("slow", (string)channels[4]!["name"]!);
        var (a, b) = (Neuron(first), Compose(resolved));
        Assert.Equal(a.StartingValues, b.StartingValues);
        Assert.Equal(a.Fixed.Order(), b.Fixed.Order());
        Assert.Equal(a.Bounds, b.Bounds);
    }

    [Fact]
    public void Options_of_the_command_line_reach_into_channels()
    {
        using var file = new ConfigFile(Text);
        var neuron = Neuron(Experiment.Load(file.Path, ["stages.step.neuron.channels[1].gMax=40 mS/cm2", "stages.step.neuron.channels[4].Khalf=1 uM"], []));
        Assert.Equal(4e-4, neuron.StartingValues["na.gMax"], 1e-12);
        Assert.Equal(1e-3, neuron.StartingValues["slow.Khalf"], 1e-12);
    }

    [Theory]
    [InlineData("\"type\": \"na-traub-miles\"", "\"type\": \"na-traub-mile\"", "BM2013", "channels[1].type", "'na-traub-miles'")]
    [InlineData("\"type\": \"cal-reuveni\"", "\"q10\": 2", "BM2006", "channels[3]", "plugins")]
    [InlineData("\"gMax\": \"56", "\"gMx\": \"56", "BM2301", "channels[1].gMx", "'na.gMax'")]
    [InlineData("\"56 mS/cm2\"", "\"56 nS\"", "BM2302", "channels[1].gMax", "unit")]
    [InlineData("\"56 mS/cm2\"", "\"5600 mS/cm2\"", "BM2304", "channels[1].gMax", "bounds")]
    [InlineData("\"q10\": 2", "\"q10\": 20", "BM2005", "channels[2].q10", "")]
    [InlineData("\"sk-koehler\", \"name\": \"slow\"", "\"sk-koehler\", \"name\": \"a.b\"", "BM2005", "channels[4].name", "rename")]
    [InlineData("\"name\": \"slow\"", "\"name\": \"na\"", "BM2306", "channels[4]", "name")]
    [InlineData("\"area\": \"20000 um^2\"", "\"area\": \"20000 um^2\", \"na.gMax\": \"1 mS/cm2\"", "BM2307", "parameters[\"na.gMax\"]", "remove")]
    [InlineData("\"conductance-based\", \"calcium\": \"pool\"", "\"conductance-based\"", "BM4902", "channels[4]", "\"calcium\": \"pool\"")]
    [InlineData("\"conductance-based\", \"calcium\": \"pool\"", "\"izhikevich\"", "BM4313", "type", "")]
    public void A_fault_is_named_where_it_stands_with_its_cure(string old, string now, string id, string path, string cure)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        var faults = TinyTraining.FaultsOf(Text.Replace(old, now, StringComparison.Ordinal));
        var fault = Assert.Single(faults, f => f.Id == id);
        Assert.Equal($"stages.step.neuron.{path}", fault.Place.Path?.Replace(".parameters.na.gMax", ".parameters[\"na.gMax\"]", StringComparison.Ordinal));
        Assert.Contains(cure, fault.Cure ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Units_of_a_network_are_made_of_channels_with_parameters_of_their_own()
    {
        var population = TinyTraining.Compose(Network()).Network.Definition.Population("E");
        Assert.Contains("na.m", population.Model.States.Select(static s => s.Name));
        Assert.Equal([7e-5], population.Values["kd.gMax"].Select(static v => Math.Round(v, 12)));
        var leak = population.Values["leak.g"];
        Assert.True(leak.Distinct().Count() > 5 && leak.All(static g => g is >= 5e-7 and <= 1.5e-6));
    }

    [Fact]
    public void A_channel_describes_itself()
    {
        var catalog = LoadedPlugins.With();
        using var text = new StringWriter { NewLine = "\n" };
        ComponentReport.Write(catalog.Components.Single(static c => c.Name == "m-yamada"), catalog, text);
        Assert.Matches(@"(?s)^channel m-yamada: .*settings.*q10.*measuredAt.*parameters.*gMax +0\.07 mS/cm\^2.*tauMax.*states.*p .*activation.*outputs.*I .*outward", text.ToString());
    }

    private static string Network()
    {
        var text = TinyTraining.Text;
        var start = text.IndexOf("\"neuron\"", text.IndexOf("\"E\": {", StringComparison.Ordinal), StringComparison.Ordinal);
        var (depth, end) = (0, text.IndexOf('{', start));
        do
        {
            depth += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
            end++;
        }
        while (depth > 0);
        return text[..start] + PopulationText.Trim() + text[end..];
    }

    private static ComposedNeuron Compose(string text) => Neuron(TinyTraining.Load(text));

    private static ComposedNeuron Neuron(Experiment experiment)
    {
        var faults = new Faults();
        var stage = (SimulateConfig)experiment.Config.Stages[0];
        var neuron = new NeuronComposer(new(experiment.Catalog), faults).Compose(stage.Neuron!, stage.Parameters, stage.Surrogate);
        Assert.Empty(faults.Found);
        return neuron!;
    }
}
