using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Networks;

/// <summary>
/// How projections become operators. A matrix of weights is a MatMul. A sparse one is delivered event by event: NonZero finds who sent something,
/// Gather takes the rows of those sources from the tables of targets, and one ScatterElements adds up all that arrives at a port.
/// </summary>
/// <param name="nodes">Gets the operators.</param>
/// <param name="constants">Gets the weights, by name: several graphs and projections may use the same.</param>
/// <param name="precision">The numbers in the file.</param>
internal sealed class DeliveryNodes(NodeList nodes, Dictionary<string, OnnxTensor> constants, Precision precision)
{
    private readonly Dictionary<string, string> whole = [];

    /// <summary>The product of what was sent with a slice's weights, [.., targets].</summary>
    public string Product(InboundSlice slice, string sent) => nodes.Add("MatMul", sent, Matrix(slice));

    /// <summary>The name of a slice's weights, [sources, targets].</summary>
    public string Matrix(InboundSlice slice) => Constant(NetworkNames.Matrix(slice), () => Numbers([slice.Sources, slice.Targets], slice.Matrix()));

    /// <summary>The sum of what arrives over slices that are tables, [batch, targets].</summary>
    /// <param name="slices">The slices and the names of what was sent over them, at least one.</param>
    /// <param name="lanes">The name of the number of lanes, a tensor of one element.</param>
    public string Scattered(IReadOnlyList<(InboundSlice Slice, string Sent)> slices, string lanes)
    {
        var targets = slices[0].Slice.Targets;
        var arriving = slices.SelectMany(pair => FanOutTable.Of(pair.Slice).Select((table, part) => Events(pair.Slice, table, part, pair.Sent))).ToArray();
        var zeros = Zeros(nodes.Add("Mul", lanes, Row(targets)));
        var sums = arriving.Length == 0 ? zeros : nodes.Add(
            "ScatterElements", [zeros, Together(arriving.Select(static a => a.Index)), Together(arriving.Select(static a => a.Weight))],
            [new OnnxAttribute.Int("axis", 0), new OnnxAttribute.Text("reduction", "add")]);
        return nodes.Add("Reshape", sums, Row(-1, targets));
    }

    /// <summary>A row of a delay line: what was sent so many steps ago.</summary>
    public string Delayed(string line, int delay) => nodes.Add("Gather", [line, Index(delay - 1)], [new OnnxAttribute.Int("axis", 1)]);

    /// <summary>A delay line after a step: what was sent first, the oldest left out.</summary>
    public void Shift(DelayLine line, string name, string sent, string next)
    {
        var latest = nodes.Add("Unsqueeze", sent, Row(1));
        nodes.Add(line.Depth == 1
            ? new OnnxNode("Identity", [latest], [next])
            : new OnnxNode("Concat", [latest, nodes.Add("Slice", name, Row(0), Row(line.Depth - 1), Row(1))], [next]) { Attributes = [new OnnxAttribute.Int("axis", 1)] });
    }

    /// <summary>The number of lanes of a row, as a tensor of one element.</summary>
    public string Lanes(string row) => nodes.Add("Shape", [row], [new OnnxAttribute.Int("start", 0), new OnnxAttribute.Int("end", 1)]);

    /// <summary>Where in [lane][target], and how much, each connection of those that sent something delivers.</summary>
    private (string Index, string Weight) Events(InboundSlice slice, FanOutTable table, int part, string sent)
    {
        var target = Constant(NetworkNames.Table(slice, part, "target"), () => OnnxTensor.Of("", [table.Target.Length / table.Width, table.Width], table.Target));
        var weight = Constant(NetworkNames.Table(slice, part, "weight"), () => Numbers([table.Target.Length / table.Width, table.Width], table.Weight));
        var rows = table.Sources is null ? sent : nodes.Add(
            "Gather", [sent, Constant(NetworkNames.Table(slice, part, "source"), () => OnnxTensor.Of("", [table.Sources.Length], table.Sources))], [new OnnxAttribute.Int("axis", 1)]);

        // ONNX Runtime finds what is not 0 in float32 and in masks, not in float64.
        var places = nodes.Add("NonZero", precision == Precision.Single ? rows : nodes.Add("Cast", [rows], [new OnnxAttribute.Int("to", (long)OnnxElementType.Bool)]));
        var lane = nodes.Add("Gather", places, Row(0));
        var source = nodes.Add("Gather", places, Index(1));
        var first = nodes.Add("Transpose", nodes.Add("Mul", lane, Row(slice.Targets)));
        var to = nodes.Add("Cast", [nodes.Add("Gather", target, source)], [new OnnxAttribute.Int("to", (long)OnnxElementType.Int64)]);
        var delivered = nodes.Add("Gather", weight, source);
        if (!slice.CarriesSpikes)
        {
            var values = nodes.Add("Unsqueeze", nodes.Add("GatherND", rows, nodes.Add("Transpose", places)), Row(1));
            delivered = nodes.Add("Mul", delivered, values);
        }

        return (nodes.Add("Reshape", nodes.Add("Add", to, first), Row(-1)), nodes.Add("Reshape", delivered, Row(-1)));
    }

    private string Together(IEnumerable<string> parts) =>
        parts.ToArray() is [var only] ? only : nodes.Add("Concat", [.. parts], [new OnnxAttribute.Int("axis", 0)]);

    private string Zeros(string shape) => nodes.Add("ConstantOfShape", [shape], [new OnnxAttribute.Tensor("value", Numbers([1], [0]))]);

    /// <summary>A whole number, a scalar.</summary>
    private string Index(long value) => Whole([], [value]);

    /// <summary>Whole numbers in a row.</summary>
    private string Row(params long[] values) => Whole([values.Length], values);

    private string Whole(long[] dims, long[] values)
    {
        var key = $"{dims.Length}:{string.Join(',', values)}";
        if (!whole.TryGetValue(key, out var name))
        {
            whole[key] = name = nodes.Add("Constant", [], [new OnnxAttribute.Tensor("value", OnnxTensor.Of("", dims, values))]);
        }

        return name;
    }

    private string Constant(string name, Func<OnnxTensor> make)
    {
        if (!constants.ContainsKey(name))
        {
            constants[name] = make() with { Name = name };
        }

        return name;
    }

    private OnnxTensor Numbers(long[] dims, double[] values) => precision == Precision.Single
        ? OnnxTensor.Of("", dims, Array.ConvertAll(values, static value => (float)value))
        : OnnxTensor.Of("", dims, values);
}
