using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Networks;

/// <summary>Makes a network's files (opset 17, version 8 of the representation) that any runtime can run without BrainModular.</summary>
internal static class NetworkGraphs
{
    /// <summary>One step: states, delay lines and inputs in; the same at the step's end, all spikes and the readouts out. Nothing is hidden.</summary>
    public static OnnxModel Step(NetworkModel model, Precision precision)
    {
        var functions = model.Populations.ToDictionary(static population => population.Name, population => NeuronFunction.From(population.Step, precision));
        var constants = Parameters(functions, precision);
        var values = NetworkValues.Of(model);
        var number = NodeList.NumberType(precision);
        var nodes = new NetworkStep(model, functions, constants, precision, static name => name, []).Build();
        var graph = new OnnxGraph("network.step", nodes,
            [.. values.States.Concat(values.Rows).Select(value => value.Info(number))],
            [.. values.Next.Concat(values.Spikes).Concat(values.Readouts).Select(value => value.Info(number))])
        {
            Initializers = [.. constants.Values],
            Doc = $"One step of {model.TimeStep:R} ms of a network of {string.Join(", ", model.Populations.Select(static p => p.Name))}.",
        };
        return Complete(model, functions, graph, "step");
    }

    /// <summary>
    /// Many steps: first states and delay lines, and inputs [time, batch, channels], in; the last ones, and by step the readouts and the spikes
    /// asked for, out. One Scan over the step; what arrives without delay from an input over a matrix is multiplied for all steps at once before it.
    /// </summary>
    public static OnnxModel Sequence(NetworkModel model, Precision precision)
    {
        var functions = model.Populations.ToDictionary(static population => population.Name, population => NeuronFunction.From(population.Step, precision));
        var constants = Parameters(functions, precision);
        var values = NetworkValues.Of(model);
        var number = NodeList.NumberType(precision);
        InboundSlice[] driven = [.. model.Slices.Where(slice => slice.Delay == 0 && !slice.IsTable && model.Inputs.Any(input => input.Name == slice.Source))];
        var before = new NodeList(precision);
        var delivery = new DeliveryNodes(before, constants, precision);
        foreach (var slice in driven)
        {
            before.Add(new OnnxNode("MatMul", [NetworkNames.Input(slice.Source), delivery.Matrix(slice)], [NetworkNames.Drive(slice)]));
        }

        GraphValue[] rows = [.. values.Rows.Where(row => IsRead(model, row, driven)), .. driven.Select(static slice => new GraphValue(NetworkNames.Drive(slice), "", slice.Targets))];
        var asked = model.Populations.Where(population => model.Spikes.Contains(population.Name)).SelectMany(static p => p.Spikes.Select(spike => NetworkNames.Spikes(p.Name, spike))).ToHashSet();
        GraphValue[] byStep = [.. values.Readouts, .. values.Spikes.Where(value => asked.Contains(value.Name))];
        GraphValue[] outputs = [.. values.Next, .. byStep];
        var body = new OnnxGraph("network.step",
            new NetworkStep(model, functions, constants, precision, static name => $"{name}.t", driven).Build(),
            [.. values.States.Concat(rows).Select(value => value.Inner.Info(number))],
            [.. outputs.Select(value => value.Inner.Info(number))]);
        var scan = new OnnxNode("Scan", [.. values.States.Concat(rows).Select(static value => value.Name)], [.. outputs.Select(static value => value.Name)])
        {
            Name = "steps",
            Attributes = [new OnnxAttribute.Graph("body", body), new OnnxAttribute.Int("num_scan_inputs", rows.Length)],
        };
        var graph = new OnnxGraph("network.seq", [.. before.Nodes, scan],
            [.. values.States.Select(value => value.Info(number)), .. values.Rows.Select(value => value.Info(number, OnnxExport.Time))],
            [.. values.Next.Select(value => value.Info(number)), .. byStep.Select(value => value.Info(number, OnnxExport.Time))])
        {
            Initializers = [.. constants.Values],
            Doc = $"Steps of {model.TimeStep:R} ms of a network of {string.Join(", ", model.Populations.Select(static p => p.Name))}, one after another.",
        };
        return Complete(model, functions, graph, "seq");
    }

    /// <summary>Whether the step itself reads a row, so that a Scan has to hand it on.</summary>
    private static bool IsRead(NetworkModel model, GraphValue row, InboundSlice[] driven) => row.Name == NetworkNames.Time ||
        model.DelayLines.Any(line => NetworkNames.Input(line.Source) == row.Name) ||
        model.Slices.Except(driven).Any(slice => slice.Output.Length == 0 && NetworkNames.Input(slice.Source) == row.Name);

    /// <summary>The parameters that differ by unit; weights are added to them as projections need them.</summary>
    private static Dictionary<string, OnnxTensor> Parameters(Dictionary<string, NeuronFunction> functions, Precision precision)
    {
        var tensors = from pair in functions
                      from row in pair.Value.Inputs.Where(NeuronFunction.IsFixed)
                      select NodeList.Values(NetworkNames.Parameter(pair.Key, row.Name), pair.Value.Values(row), precision);
        return tensors.ToDictionary(static tensor => tensor.Name);
    }

    private static OnnxModel Complete(NetworkModel model, Dictionary<string, NeuronFunction> functions, OnnxGraph graph, string mode) =>
        new(graph, [new OnnxOpset("", NeuronFunction.Opset), new OnnxOpset(NeuronFunction.Domain, NeuronFunction.DomainVersion)])
        {
            ProducerName = "BrainModular",
            ProducerVersion = typeof(NetworkGraphs).Assembly.GetName().Version!.ToString(3),
            Doc = graph.Doc,
            Functions = [.. functions.Values.Select(static function => function.Function)],
            Metadata = NetworkMetadata.Entries(model, mode),
        };
}
