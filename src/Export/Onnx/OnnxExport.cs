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

    /// <summary>The version of the metadata.</summary>
    public const string Format = "1";

    /// <summary>One step: states and inputs in, next states and outputs out, all of shape [batch, units]. States are never hidden.</summary>
    public static OnnxModel Step(StepModel model, Precision precision)
    {
        var function = NeuronFunction.From(model, precision);
        var values = GraphValues.Of(model);
        var number = NodeList.NumberType(precision);
        var graph = new OnnxGraph($"{model.Population}.step",
            [Call(model, function, static value => value)],
            [.. values.States.Concat(values.Rows).Select(value => value.Info(number))],
            [.. values.Next.Concat(values.Outputs).Select(value => value.Info(number))])
        {
            Initializers = Initializers(model, function, precision),
            Doc = $"One step of {model.TimeStep:R} ms of the population {model.Population} ({model.NeuronType}).",
        };
        return Complete(model, function, graph, "step");
    }

    /// <summary>
    /// Many steps: first states [batch, units] and inputs [time, batch, units] in; last states, and by step the spikes, other outputs and the
    /// membrane potential out. One Scan over the same function as in the step model.
    /// </summary>
    public static OnnxModel Sequence(StepModel model, Precision precision)
    {
        var function = NeuronFunction.From(model, precision);
        var values = GraphValues.Of(model);
        var number = NodeList.NumberType(precision);
        var names = new ValueNames(model);
        var potential = values.Next.Where(value => value.Name == names.Next("V")).ToArray();
        GraphValue[] byStep = [.. values.Outputs, .. potential.Select(value => value with { Name = names.Potential })];
        GraphValue[] inputs = [.. values.States, .. values.Rows];
        GraphValue[] outputs = [.. values.Next, .. byStep];

        var body = new OnnxGraph($"{model.Population}.step",
            [Call(model, function, static value => $"{value}.t"), .. potential.Select(value => new OnnxNode("Identity", [value.Inner.Name], [$"{names.Potential}.t"]))],
            [.. inputs.Select(value => value.Inner.Info(number))],
            [.. outputs.Select(value => value.Inner.Info(number))]);
        var scan = new OnnxNode("Scan", [.. inputs.Select(static value => value.Name)], [.. outputs.Select(static value => value.Name)])
        {
            Name = "time",
            Attributes = [new OnnxAttribute.Graph("body", body), new OnnxAttribute.Int("num_scan_inputs", values.Rows.Count)],
        };
        var graph = new OnnxGraph($"{model.Population}.seq", [scan],
            [.. values.States.Select(value => value.Info(number)), .. values.Rows.Select(value => value.Info(number, Time))],
            [.. values.Next.Select(value => value.Info(number)), .. byStep.Select(value => value.Info(number, Time))])
        {
            Initializers = Initializers(model, function, precision),
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

    /// <summary>The call of the neuron's function. Parameters keep their names where a Scan's body renames the others.</summary>
    private static OnnxNode Call(StepModel model, NeuronFunction function, Func<string, string> rename)
    {
        var names = new ValueNames(model);
        return function.Call(
            row => NeuronFunction.IsFixed(row) ? names.Row(row) : rename(names.Row(row)),
            [.. model.Step.Outputs.Select(output => rename(names.Result(output)))]);
    }

    private static OnnxTensor[] Initializers(StepModel model, NeuronFunction function, Precision precision)
    {
        var names = new ValueNames(model);
        return [.. function.Inputs.Where(NeuronFunction.IsFixed).Select(row => NodeList.Values(names.Row(row), function.Values(row), precision))];
    }
}
