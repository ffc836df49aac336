using BrainModular.Engine.Networks;
using BrainModular.Export.Onnx;
using BrainModular.Models;

namespace BrainModular.Export.Networks;

/// <summary>The inputs and outputs of a network's step.</summary>
/// <param name="States">States and delay lines at its start.</param>
/// <param name="Rows">What changes from step to step and is no state: inputs, time.</param>
/// <param name="Next">States and delay lines at its end.</param>
/// <param name="Spikes">The spikes of all populations.</param>
/// <param name="Readouts">What is read out.</param>
internal sealed record NetworkValues(
    IReadOnlyList<GraphValue> States, IReadOnlyList<GraphValue> Rows, IReadOnlyList<GraphValue> Next, IReadOnlyList<GraphValue> Spikes, IReadOnlyList<GraphValue> Readouts)
{
    public static NetworkValues Of(NetworkModel model)
    {
        GraphValue[] states =
        [
            .. from population in model.Populations from state in population.Step.States
               select new GraphValue(NetworkNames.State(population.Name, state), population.Step.UnitOf(state), population.Units),
            .. model.DelayLines.Select(static line => new GraphValue(NetworkNames.Delay(line.Source, line.Output), line.Unit, line.Units) { Depth = line.Depth }),
        ];
        return new(
            states,
            [
                .. model.Inputs.Select(input => new GraphValue(NetworkNames.Input(input.Name), UnitOf(model, input), input.Count)),
                .. model.ReadsTime ? [new GraphValue(NetworkNames.Time, "ms", 1)] : Array.Empty<GraphValue>(),
            ],
            [.. states.Select(static state => state with { Name = NetworkNames.Next(state.Name) })],
            [.. from population in model.Populations from spike in population.Spikes select new GraphValue(NetworkNames.Spikes(population.Name, spike), "1", population.Units)],
            [.. model.Readouts.Select(readout => Readout(model, readout))]);
    }

    private static GraphValue Readout(NetworkModel model, NetworkReadout readout)
    {
        var population = model.Populations.First(p => p.Name == readout.Population);
        return new(NetworkNames.Readout(readout), population.Step.UnitOf(readout.State), population.Units);
    }

    private static string UnitOf(NetworkModel model, InputDefinition input)
    {
        var slice = model.Slices.FirstOrDefault(s => s.Source == input.Name);
        var port = model.Populations.FirstOrDefault(p => p.Name == slice?.Target)?.Definition.Model.Ports.First(p => p.Name == slice!.Port);
        return input.Kind == PortKind.Event || port is null ? "1" : EngineUnit.Of(port.Signal.Dimension);
    }
}
