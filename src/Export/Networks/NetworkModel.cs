using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Export.Onnx;
using BrainModular.Models;

namespace BrainModular.Export.Networks;

/// <summary>What is exported: a network with the values of its weights. All numbers are in engine units.</summary>
/// <param name="TimeStep">The length of a step, ms.</param>
/// <param name="Inputs">Where spikes or values come from outside.</param>
/// <param name="Populations">The populations in the order in which they are stepped.</param>
/// <param name="DelayLines">What has to be kept of earlier steps.</param>
/// <param name="Readouts">The states that are given by step.</param>
/// <param name="Spikes">The populations whose spikes the sequence gives by step.</param>
/// <param name="Metadata">Further entries for the files' metadata.</param>
internal sealed record NetworkModel(
    double TimeStep,
    IReadOnlyList<InputDefinition> Inputs,
    IReadOnlyList<PopulationModel> Populations,
    IReadOnlyList<DelayLine> DelayLines,
    IReadOnlyList<NetworkReadout> Readouts,
    IReadOnlyCollection<string> Spikes,
    IReadOnlyDictionary<string, string> Metadata)
{
    public IEnumerable<InboundSlice> Slices => Populations.SelectMany(static population => population.Ports).SelectMany(static port => port.Inbound);

    /// <summary>Whether a population reads the time, or nothing else says how many steps a sequence has.</summary>
    public bool ReadsTime => Slices.All(static slice => slice.Output.Length > 0) || Populations.Any(static population => population.Step.Rows(IrInputKind.Time).Any());

    /// <exception cref="DiagnosticException">BM2701: a population draws random numbers; BM2702: what is to be read out is not there.</exception>
    public static NetworkModel From(NetworkProgram program, NetworkExportPlan plan)
    {
        var network = program.Definition;
        PopulationModel[] populations = [.. program.Order.Select(name => PopulationModel.From(network, network.Population(name), Inbound(program, plan, name)))];
        foreach (var readout in plan.Readouts)
        {
            Require(populations.Any(p => p.Name == readout.Population && p.Step.States.Contains(readout.State)), $"state {readout.State} of {readout.Population}",
                populations.SelectMany(static p => p.Step.States.Select(s => $"{s} of {p.Name}")));
        }

        foreach (var name in plan.Spikes)
        {
            Require(populations.Any(p => p.Name == name && p.Spikes.Any()), $"spikes of {name}", populations.Where(static p => p.Spikes.Any()).Select(static p => $"spikes of {p.Name}"));
        }

        var lines = populations.SelectMany(static p => p.Ports).SelectMany(static p => p.Inbound).GroupBy(static slice => (slice.Source, slice.Output))
            .Select(group => new DelayLine(group.Key.Source, group.Key.Output, network.CountOf(group.Key.Source), group.Max(static slice => slice.Delay), UnitOf(network, group.First())))
            .Where(static line => line.Depth > 0);
        return new(network.TimeStep, network.Inputs, populations, [.. lines], plan.Readouts, plan.Spikes, plan.Metadata);
    }

    /// <summary>The model with the states and delay lines that a run began with, and with what it tells of who sends how often.</summary>
    /// <param name="states">A state of a population at time 0, [unit].</param>
    /// <param name="before">What graded outputs count as having sent before time 0, [unit], by population and output.</param>
    /// <param name="activity">The part of an input's or output's numbers that are not 0.</param>
    public NetworkModel AfterRun(
        Func<string, string, double[]> states, IReadOnlyDictionary<(string, string), double[]> before, IReadOnlyDictionary<(string, string), double> activity) => this with
    {
        Populations = [.. Populations.Select(population => population with
        {
            Ports = [.. population.Ports.Select(port => port with { Inbound = [.. port.Inbound.Select(slice => slice with { Activity = activity[(slice.Source, slice.Output)] })] })],
            Step = population.Step with { Initial = population.Step.States.ToDictionary(static s => s, s => OneIfEqual(states(population.Name, s))) },
        })],
        DelayLines = [.. DelayLines.Select(line => before.TryGetValue((line.Source, line.Output), out var values) ? line with { Initial = OneIfEqual(values) } : line)],
    };

    private static IEnumerable<InboundSlice> Inbound(NetworkProgram program, NetworkExportPlan plan, string population)
    {
        foreach (var projection in program.Definition.Projections.Where(p => p.Target == population))
        {
            var weights = program.Weights(projection.SharesWeightsOf ?? projection.Name, [.. plan.Coordinates]);
            foreach (var slice in InboundSlice.Of(projection, program.Definition, weights))
            {
                yield return slice;
            }
        }
    }

    private static string UnitOf(NetworkDefinition network, InboundSlice slice)
    {
        var port = network.Population(slice.Target).Model.Ports.First(p => p.Name == slice.Port);
        return port.Kind == PortKind.Event ? "1" : EngineUnit.Of(port.Signal.Dimension);
    }

    private static double[] OneIfEqual(double[] values) => values.All(value => value == values[0]) ? [values[0]] : values;

    private static void Require(bool holds, string wanted, IEnumerable<string> there)
    {
        if (!holds)
        {
            throw new DiagnosticException("BM2702", $"the network has no {wanted} to give", expected: $"one of {string.Join(", ", there)}", cure: "correct the names");
        }
    }
}

/// <summary>What a source sent in the last steps, the latest first.</summary>
/// <param name="Source">An input or a population.</param>
/// <param name="Output">What it sends; empty for an input.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Depth">How many steps are kept.</param>
/// <param name="Unit">What it is measured in.</param>
internal sealed record DelayLine(string Source, string Output, int Units, int Depth, string Unit)
{
    /// <summary>What counts as sent before time 0: one number, or one for each unit.</summary>
    public double[] Initial { get; init; } = [0];
}
