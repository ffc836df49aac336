using System.Text.Json.Nodes;
using BrainModular.Engine.Networks;
using BrainModular.Host.Composition;
using BrainModular.Models;

namespace BrainModular.Host.Networks;

public sealed class NetworkComposerTests
{
    private static readonly Lazy<ComposedTraining> Tiny = new(() => TinyTraining.Compose(TinyTraining.Text));

    private static NetworkDefinition Network => Tiny.Value.Network.Definition;

    [Fact]
    public void Populations_and_inputs_have_their_sizes_and_the_readout_one_unit_for_each_target()
    {
        var input = Assert.Single(Network.Inputs);
        Assert.Equal(("input", 20, PortKind.Event), (input.Name, input.Count, input.Kind));
        Assert.Equal(["E 16", "I 4", "out 2"], Network.Populations.Select(static p => $"{p.Name} {p.Count}"));
        Assert.Equal("out", Tiny.Value.Network.Readout);
        Assert.Equal((1, 60), (Network.TimeStep, Tiny.Value.Shape.Steps));
    }

    [Fact]
    public void Projections_with_one_synapse_end_on_one_receptor_and_those_without_on_the_only_port()
    {
        Assert.Equal(
            ["in-E input. E.exc.in", "in-I input. I.exc.in", "E-E E.spike E.exc.in", "I-E I.spike E.inh.in", "E-out E.spike out.in"],
            Network.Projections.Select(static p => $"{p.Name} {p.Source}.{p.Output} {p.Target}.{p.Port}"));
        Assert.Single(Network.Population("E").Model.Parameters, static p => p.Name == "exc.E");
        Assert.DoesNotContain(Network.Population("I").Model.Parameters, static p => p.Name == "inh.E");
    }

    [Fact]
    public void A_synapse_with_a_presynaptic_part_is_sent_by_the_source()
    {
        var network = TinyTraining.Compose(TinyTraining.With(
            "\"exc\": { \"type\": \"exponential-conductance\", \"parameters\": { \"E\": 3, \"tau\": \"10 ms\" } },",
            "\"exc\": { \"type\": \"exponential-conductance\" }, \"dyn\": { \"type\": \"tsodyks-markram\", \"parameters\": { \"U\": 0.4 } },").Replace("\"to\": \"E\", \"synapse\": \"exc\", \"sign\": \"positive\", \"connectome\"", "\"to\": \"E\", \"synapse\": \"dyn\", \"sign\": \"positive\", \"connectome\"", StringComparison.Ordinal)).Network.Definition;
        var recurrent = network.Projections.First(static p => p.Name == "E-E");
        Assert.Equal(("dyn.release.sent", "dyn.in"), (recurrent.Output, recurrent.Port));
        Assert.Equal([0.4], network.Population("E").Values["dyn.release.U"]);
    }

    [Fact]
    public void Delays_are_none_from_the_input_and_to_the_readout_and_a_step_elsewhere() =>
        Assert.Equal(["in-E 0", "in-I 0", "E-E 1", "I-E 2", "E-out 0"], Network.Projections.Select(static p => $"{p.Name} {p.Delay}"));

    [Fact]
    public void A_delay_between_two_steps_is_rounded_and_said()
    {
        var network = TinyTraining.Compose(TinyTraining.With("\"delay\": \"2 ms\"", "\"delay\": \"2.3 ms\"")).Network;
        Assert.Equal(2, network.Definition.Projections.First(static p => p.Name == "I-E").Delay);
        Assert.Equal("projection I-E: the delay of 2.3 ms is rounded to 2 time steps of 1 ms", Assert.Single(network.Notes));
    }

    /// <summary>Normal with a mean of 3 and a deviation of 2 steps, less what is below half a step: a mean of 3 + 2 phi(1.25) / Phi(1.25), rounded to steps.</summary>
    [Fact]
    public void A_delay_is_drawn_for_each_connection_and_rows_are_in_its_order()
    {
        var text = TinyTraining.With("\"delay\": \"2 ms\"", "\"delay\": { \"normal\": [\"3 ms\", \"2 ms\"] }").Replace("\"count\": 4", "\"count\": 400", StringComparison.Ordinal);
        var connections = TinyTraining.Compose(text).Network.Definition.Projections.First(static p => p.Name == "I-E").Connections!;
        Assert.Equal(400 * 16, connections.Count);
        double[] delays = [.. connections.Delay!.Select(static d => (double)d)];
        var (density, above) = (Math.Exp(-0.5 * 1.25 * 1.25) / Math.Sqrt(2 * Math.PI), 0.8943502);
        Assert.Equal(3 + (2 * density / above), delays.Average(), 0.1);
        Assert.True(delays.Min() == 1 && delays.Max() > 7);
        Assert.All(Enumerable.Range(0, 400), source => Assert.Equal(
            Enumerable.Range(0, 16), connections.Target[(source * 16)..((source + 1) * 16)].Order()));
        Assert.All(Enumerable.Range(0, 400), source => Assert.Equal(delays[(source * 16)..((source + 1) * 16)].Order(), delays[(source * 16)..((source + 1) * 16)]));
        Assert.Equal(connections.Delay!, TinyTraining.Compose(text).Network.Definition.Projections.First(static p => p.Name == "I-E").Connections!.Delay!);
    }

    [Theory]
    [InlineData("{ \"normal\": [\"-50 ms\", \"1 ms\"] }", "BM2650")]
    [InlineData("{ \"normal\": [\"3 mV\", \"1 mV\"] }", "BM2008")]
    [InlineData("{ \"uniform\": [\"3 ms\"] }", "BM2005")]
    [InlineData("\"-1 ms\"", "BM2009")]
    [InlineData("\"1e9 s\"", "BM2650")]
    public void A_delay_that_cannot_be_drawn_is_refused(string delay, string id) =>
        Assert.Equal(id, Assert.Throws<Diagnostics.DiagnosticException>(() => TinyTraining.Compose(TinyTraining.With("\"delay\": \"2 ms\"", $"\"delay\": {delay}"))).Diagnostics[0].Id);

    [Fact]
    public void States_begin_where_the_configuration_says()
    {
        var text = TinyTraining.With("\"count\": 4,", "\"count\": 4, \"initial\": { \"V\": { \"uniform\": [\"-70 mV\", \"-50 mV\"] } },");
        var values = TinyTraining.Compose(text).Network.Definition.Population("I").Values["data.initial.V"];
        Assert.Equal(4, values.Distinct().Count());
        Assert.All(values, static v => Assert.InRange(v, -70, -50));
        Assert.Equal("BM2301", Assert.Throws<Diagnostics.DiagnosticException>(() => TinyTraining.Compose(text.Replace("\"initial\": { \"V\"", "\"initial\": { \"U\"", StringComparison.Ordinal))).Diagnostics[0].Id);
    }

    [Theory]
    [InlineData("", -80, -40)]
    [InlineData(", \"lower\": \"-70 mV\", \"upper\": \"0.01 V\"", -70, 10)]
    public void Potentials_are_held_within_given_bounds_or_those_of_the_rescaling(string bounds, double lower, double upper) =>
        Assert.Equal(
            new(0.5, lower, upper),
            TinyTraining.Compose(TinyTraining.With("\"optimizer\"", $"\"voltageRegularizer\": {{ \"weight\": 0.5{bounds} }}, \"optimizer\"")).Program.Options.Voltages);

    [Fact]
    public void Plain_numbers_are_rescaled_potentials_currents_and_conductances()
    {
        var values = Network.Population("E").Values;
        Assert.Equal((-60, -40, -60), (values["Vrest"][0], values["Vth"][0], values["Vreset"][0]));
        Assert.Equal((0, -0.2), (values["A1"][0], values["A2"][0]));
        Assert.Equal((0, -120, 20), (values["exc.E"][0], values["inh.E"][0], values["tauV"][0]));
        Assert.All(Network.Projections.SkipLast(1), static p => Assert.Equal(0.01, p.WeightUnit, 15));
        Assert.Equal(1, Network.Projections[^1].WeightUnit);
    }

    [Fact]
    public void A_surrogate_is_as_wide_as_the_rescaled_unit_unless_it_is_given()
    {
        var text = TinyTraining.With("\"type\": \"leaky-integrate-and-fire\"", "\"type\": \"leaky-integrate-and-fire\", \"surrogateWidth\": \"7 mV\"");
        var resolved = JsonNode.Parse(TinyTraining.Load(text).Config.Resolved([]).Span)!["stages"]!["train"]!["network"]!["populations"]!;
        Assert.Equal("20 mV", (string?)resolved["E"]!["neuron"]!["surrogateWidth"]);
        Assert.Equal("7 mV", (string?)resolved["I"]!["neuron"]!["surrogateWidth"]);
        Assert.Null(resolved["out"]!["neuron"]!["surrogateWidth"]);
    }

    [Fact]
    public void Units_draw_their_parameters_from_the_distribution_and_from_the_seed_alone()
    {
        var tau = Network.Population("E").Values["tauI2"];
        Assert.Equal(16, tau.Length);
        Assert.Equal(16, tau.Distinct().Count());
        Assert.All(tau, static t => Assert.InRange(t, 50, 150));
        Assert.Equal(tau, TinyTraining.Compose(TinyTraining.Text).Network.Definition.Population("E").Values["tauI2"]);
        Assert.NotEqual(tau, TinyTraining.Compose(TinyTraining.With("\"threads\": 2", "\"seed\": 2")).Network.Definition.Population("E").Values["tauI2"]);
    }

    [Theory]
    [InlineData("\"uniform\": [\"20 ms\", \"220 ms\"]", 120, 57.735)]
    [InlineData("\"normal\": [\"150 ms\", \"20 ms\"]", 150, 20)]
    [InlineData("\"lognormal\": [\"150 ms\", \"60 ms\"]", 150, 60)]
    public void Distributions_have_the_mean_and_the_deviation_that_were_asked_for(string distribution, double mean, double deviation)
    {
        var text = TinyTraining.With("\"uniform\": [\"50 ms\", \"150 ms\"]", distribution).Replace("\"count\": 16", "\"count\": 4000", StringComparison.Ordinal);
        var drawn = TinyTraining.Compose(text.Replace("0.3 }", "0.001 }", StringComparison.Ordinal)).Network.Definition.Population("E").Values["tauI2"];
        Assert.InRange(drawn.Average() / mean, 0.98, 1.02);
        Assert.InRange(Math.Sqrt(drawn.Average(t => Math.Pow(t - mean, 2))) / deviation, 0.96, 1.04);
    }

    [Fact]
    public void Weights_are_scaled_by_how_many_connections_a_target_has()
    {
        var network = TinyTraining.Compose(TinyTraining.With("\"count\": 16", "\"count\": 200")).Network.Definition;
        var (input, recurrent) = (network.Projections[0], network.Projections[2]);
        Assert.Null(input.Connections);
        Assert.Equal(20 * 200, input.Weights.Length);
        Assert.InRange(Deviation(input.Weights) / Math.Sqrt(1.0 / 20), 0.95, 1.05);
        Assert.InRange(recurrent.Connections!.Count, 200 * 199 * 0.28, 200 * 199 * 0.32);
        Assert.InRange(Deviation(recurrent.Weights) / Math.Sqrt(0.5 / (recurrent.Connections.Count / 200.0)), 0.97, 1.03);
    }

    [Theory]
    [InlineData("\"distribution\": \"constant\", \"value\": 0.25", 0.25, 0)]
    [InlineData("\"distribution\": \"uniform\", \"low\": 1, \"high\": 3", 2, 0.57735)]
    [InlineData("\"distribution\": \"lognormal\", \"mean\": 2, \"sd\": 1", 2, 1)]
    [InlineData("\"distribution\": \"normal\", \"mean\": 5, \"sd\": 2", 5, 2)]
    public void Weights_are_drawn_as_their_distribution_says(string distribution, double mean, double deviation)
    {
        var network = TinyTraining.Compose(TinyTraining.With("\"weights\": { \"scale\": 0.5 }", $"\"weights\": {{ {distribution} }}").Replace("\"count\": 16", "\"count\": 200", StringComparison.Ordinal));
        var weights = network.Network.Definition.Projections[2].Weights;
        Assert.InRange(weights.Average(), mean * 0.97, mean * 1.03);
        Assert.InRange(Math.Sqrt(weights.Average(w => Math.Pow(w - mean, 2))), deviation * 0.94, deviation * 1.06);
    }

    [Fact]
    public void The_weights_unit_can_be_given()
    {
        var network = TinyTraining.Compose(TinyTraining.With("\"weights\": { \"scale\": 0.5 }", "\"weights\": { \"distribution\": \"constant\", \"value\": 2, \"unit\": \"5 nS\" }"));
        Assert.Equal(0.005, network.Network.Definition.Projections[2].WeightUnit, 15);
        Assert.All(network.Program.Weights("E-E", network.Program.InitialCoordinates()), static w => Assert.Equal(0.01, w, 9));
    }

    [Fact]
    public void The_resolved_configuration_makes_the_same_network()
    {
        using var file = new ConfigFile(TinyTraining.Text);
        var resolved = System.Text.Encoding.UTF8.GetString(Experiment.Load(file.Path, [], []).Config.Resolved([]).Span);
        var again = TinyTraining.Compose(resolved);
        Assert.Equal(Tiny.Value.Program.InitialCoordinates(), again.Program.InitialCoordinates());
        Assert.Equal(Network.Population("E").Values["tauI2"], again.Network.Definition.Population("E").Values["tauI2"]);
    }

    private static double Deviation(float[] weights) => Math.Sqrt(weights.Average(static w => (double)w * w));
}
