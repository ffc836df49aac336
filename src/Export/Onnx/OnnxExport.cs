using BrainModular.Engine.Ir;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Onnx;

/// <summary>Makes ONNX files (opset 17, version 8 of the representation) that any runtime can run without BrainModular.</summary>
public static class OnnxExport
{
    /// <summary>The symbolic size of the axis of lanes: trials that run side by side.</summary>
    public const string Batch = "batch";

    /// <summary>The symbolic size of the axis of steps in a sequence.</summary>
    public const string Time = "time";

    private const string VoltageState = "V";

    /// <summary>One step: states and inputs in, next states and outputs out, all of shape [batch, units]. States are never hidden.</summary>
    public static OnnxModel Step(StepModel model, Precision precision)
    {
        var function = NeuronFunction.From(model, precision);
        var names = new ValueNames(model);
        var shapes = new RowShapes(model, precision, []);
        var graph = new OnnxGraph($"{model.Population}.step",
            [function.Call(row => Name(row, names), [.. model.Step.Outputs.Select(output => OutputName(model, names, output))])],
            [.. States(model, names, shapes), .. Rows(model, function).Select(row => shapes.Of(Name(row, names), row, model.UnitOf(row.Name)))],
            [.. Next(model, names, shapes), .. model.Outputs.Select(output => shapes.Units(names.Output(output), output.Unit))])
        {
            Initializers = Initializers(function, names, precision),
            Doc = $"One step of {model.TimeStep:R} ms of the population {model.Population} ({model.NeuronType}).",
        };
        return Complete(model, function, graph, "step");
    }

    /// <summary>
    /// Many steps: first states and inputs [time, batch, units] in; last states, spikes, other outputs and the membrane potential after every
    /// step [time, batch, units] out. One Scan over the same function as in the step model.
    /// </summary>
    public static OnnxModel Sequence(StepModel model, Precision precision)
    {
        var function = NeuronFunction.From(model, precision);
        var names = new ValueNames(model);
        var inBody = new RowShapes(model, precision, []);
        var outside = new RowShapes(model, precision, [Time]);
        var rows = Rows(model, function).ToArray();
        var hasVoltage = model.States.Contains(VoltageState);
        OnnxValueInfo[] bodyVoltage = hasVoltage ? [inBody.Units(Inner(names.Voltage), "mV")] : [];
        OnnxValueInfo[] voltage = hasVoltage ? [outside.Units(names.Voltage, "mV")] : [];
        OnnxNode[] copyVoltage = hasVoltage ? [new OnnxNode("Identity", [Inner(names.Next(VoltageState))], [Inner(names.Voltage)])] : [];
        var call = function.Call(
            row => NeuronFunction.IsFixed(row) ? Name(row, names) : Inner(Name(row, names)),
            [.. model.Step.Outputs.Select(output => Inner(OutputName(model, names, output)))]);
        var body = new OnnxGraph($"{model.Population}.step", [call, .. copyVoltage],
            [.. model.States.Select(state => inBody.Units(Inner(names.State(state)), model.UnitOf(state))), .. rows.Select(row => inBody.Of(Inner(Name(row, names)), row, model.UnitOf(row.Name)))],
            [.. model.States.Select(state => inBody.Units(Inner(names.Next(state)), model.UnitOf(state))),
                .. model.Outputs.Select(output => inBody.Units(Inner(names.Output(output)), output.Unit)), .. bodyVoltage]);
        var scan = new OnnxNode("Scan",
            [.. model.States.Select(state => names.State(state)), .. rows.Select(row => Name(row, names))],
            [.. model.States.Select(state => names.Next(state)), .. model.Outputs.Select(names.Output), .. voltage.Select(info => info.Name)])
        {
            Name = "time",
            Attributes = [new OnnxAttribute.Graph("body", body), new OnnxAttribute.Int("num_scan_inputs", rows.Length)],
        };
        var single = new RowShapes(model, precision, []);
        var graph = new OnnxGraph($"{model.Population}.seq", [scan],
            [.. States(model, names, single), .. rows.Select(row => outside.Of(Name(row, names), row, model.UnitOf(row.Name)))],
            [.. Next(model, names, single), .. model.Outputs.Select(output => outside.Units(names.Output(output), output.Unit)), .. voltage])
        {
            Initializers = Initializers(function, names, precision),
            Doc = $"Steps of {model.TimeStep:R} ms of the population {model.Population} ({model.NeuronType}), one after another.",
        };
        return Complete(model, function, graph, "seq");
    }

    private static OnnxModel Complete(StepModel model, NeuronFunction function, OnnxGraph graph, string mode) =>
        new(graph, [new OnnxOpset("", NeuronFunction.Opset), new OnnxOpset(NeuronFunction.Domain, NeuronFunction.DomainVersion)])
        {
            ProducerName = "BrainModular",
            ProducerVersion = typeof(OnnxExport).Assembly.GetName().Version!.ToString(3),
            Doc = graph.Doc,
            Functions = [function.Function],
            Metadata = ModelMetadata.Entries(model, mode),
        };

    /// <summary>The rows that change from step to step and are no states: ports, noise, time.</summary>
    private static IEnumerable<IrInput> Rows(StepModel model, NeuronFunction function)
    {
        var unexpected = function.Inputs.FirstOrDefault(row => row.Kind is not (IrInputKind.State or IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time)
            && !NeuronFunction.IsFixed(row));
        return unexpected is null
            ? function.Inputs.Where(row => row.Kind is IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time)
            : throw new ArgumentException($"a step to export cannot read {unexpected.Name}, a row of kind {unexpected.Kind}", nameof(model));
    }

    private static IEnumerable<OnnxValueInfo> States(StepModel model, ValueNames names, RowShapes shapes) =>
        model.States.Select(state => shapes.Units(names.State(state), model.UnitOf(state)));

    private static IEnumerable<OnnxValueInfo> Next(StepModel model, ValueNames names, RowShapes shapes) =>
        model.States.Select(state => shapes.Units(names.Next(state), model.UnitOf(state)));

    private static OnnxTensor[] Initializers(NeuronFunction function, ValueNames names, Precision precision) =>
        [.. function.Inputs.Where(NeuronFunction.IsFixed).Select(row => RowShapes.Values(names.Parameter(row.Name), function.Values(row), precision))];

    private static string Name(IrInput row, ValueNames names) => row.Kind switch
    {
        IrInputKind.State => names.State(row.Name),
        IrInputKind.Noise => names.Noise(row.Name),
        IrInputKind.Time => ValueNames.Time,
        IrInputKind.Signal => names.Port(row.Name),
        _ => names.Parameter(row.Name),
    };

    private static string OutputName(StepModel model, ValueNames names, IrOutput output)
    {
        const string Next = ".next";
        if (output.Name.EndsWith(Next, StringComparison.Ordinal) && model.States.Contains(output.Name[..^Next.Length]))
        {
            return names.Next(output.Name[..^Next.Length]);
        }

        return model.Outputs.FirstOrDefault(described => described.Name == output.Name) is { } found
            ? names.Output(found)
            : throw new ArgumentException($"the step gives {output.Name}, which is neither a state nor among the outputs", nameof(model));
    }

    /// <summary>A name inside the body of the Scan; those outside must not be repeated there.</summary>
    private static string Inner(string name) => $"{name}.t";
}
