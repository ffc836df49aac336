using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Networks;

/// <summary>The operators of one step of a network, in the engine's order: deliver to a population, step it, go on to the next.</summary>
internal sealed class NetworkStep
{
    private readonly NetworkModel model;
    private readonly NodeList nodes;
    private readonly DeliveryNodes delivery;
    private readonly IReadOnlyDictionary<string, NeuronFunction> functions;
    private readonly Func<string, string> rename;
    private readonly HashSet<InboundSlice> driven;
    private readonly Dictionary<(string Source, string Output, int Delay), string> sent = [];
    private string? lanes;

    /// <param name="model">The network.</param>
    /// <param name="functions">The populations' steps as functions of the file.</param>
    /// <param name="constants">Gets the weights.</param>
    /// <param name="precision">The numbers in the file.</param>
    /// <param name="rename">What the names of inputs and outputs become inside the graph.</param>
    /// <param name="driven">The slices whose products are inputs of the graph, computed for all steps before.</param>
    public NetworkStep(
        NetworkModel model, IReadOnlyDictionary<string, NeuronFunction> functions, Dictionary<string, OnnxTensor> constants, Precision precision,
        Func<string, string> rename, IEnumerable<InboundSlice> driven)
    {
        (this.model, this.functions, this.rename, this.driven) = (model, functions, rename, [.. driven]);
        nodes = new(precision);
        delivery = new(nodes, constants, precision);
    }

    /// <summary>The operators.</summary>
    public IReadOnlyList<OnnxNode> Build()
    {
        foreach (var input in model.Inputs)
        {
            sent[(input.Name, "", 0)] = rename(NetworkNames.Input(input.Name));
        }

        foreach (var population in model.Populations)
        {
            Step(population);
        }

        foreach (var line in model.DelayLines)
        {
            var name = NetworkNames.Delay(line.Source, line.Output);
            delivery.Shift(line, rename(name), sent[(line.Source, line.Output, 0)], rename(NetworkNames.Next(name)));
        }

        foreach (var readout in model.Readouts)
        {
            nodes.Add(new OnnxNode("Identity", [rename(NetworkNames.Next(NetworkNames.State(readout.Population, readout.State)))], [rename(NetworkNames.Readout(readout))]));
        }

        return nodes.Nodes;
    }

    private void Step(PopulationModel population)
    {
        var sums = population.Ports.ToDictionary(static port => port.Name, Sum);
        foreach (var output in population.Sent)
        {
            sent[(population.Name, output, 0)] = rename(NetworkNames.Sent(population, output));
        }

        nodes.Add(functions[population.Name].Call(
            row => row.Kind switch
            {
                IrInputKind.State => rename(NetworkNames.State(population.Name, row.Name)),
                IrInputKind.Signal => sums[row.Name],
                IrInputKind.Time => rename(NetworkNames.Time),
                _ => NetworkNames.Parameter(population.Name, row.Name),
            },
            [.. population.Step.Step.Outputs.Select(output => rename(Result(population, output.Name)))]));
    }

    private static string Result(PopulationModel population, string output) => output.EndsWith(".sent", StringComparison.Ordinal) && population.Sent.Contains(output[..^".sent".Length])
        ? NetworkNames.Sent(population, output[..^".sent".Length])
        : NetworkNames.State(population.Name, output);

    private string Sum(InboundPort port)
    {
        var tables = port.Inbound.Where(static slice => slice.IsTable).Select(slice => (slice, Sent(slice))).ToArray();
        string[] terms =
        [
            .. port.Inbound.Where(static slice => !slice.IsTable).Select(slice => driven.Contains(slice) ? rename(NetworkNames.Drive(slice)) : delivery.Product(slice, Sent(slice))),
            .. tables.Length == 0 ? Array.Empty<string>() : [delivery.Scattered(tables, lanes ??= delivery.Lanes(tables[0].Item2))],
        ];
        return terms.Aggregate((sum, term) => nodes.Add("Add", sum, term));
    }

    private string Sent(InboundSlice slice)
    {
        var key = (slice.Source, slice.Output, slice.Delay);
        if (!sent.TryGetValue(key, out var name))
        {
            sent[key] = name = delivery.Delayed(rename(NetworkNames.Delay(slice.Source, slice.Output)), slice.Delay);
        }

        return name;
    }
}
