using BrainModular.Engine.Ir;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Onnx;

/// <summary>Nodes in the making: gives every value a name of its own and every constant one node, however often it is used.</summary>
internal sealed class NodeList(Precision precision)
{
    private readonly List<OnnxNode> nodes = [];
    private readonly HashSet<string> names = [];
    private readonly Dictionary<double, string> constants = [];

    public IReadOnlyList<OnnxNode> Nodes => nodes;

    /// <summary>The element type of numbers.</summary>
    public OnnxElementType Number { get; } = NumberType(precision);

    /// <summary>Whether numbers are float32.</summary>
    public bool IsSingle { get; } = precision == Precision.Single;

    public static OnnxElementType NumberType(Precision precision) => precision == Precision.Single ? OnnxElementType.Float : OnnxElementType.Double;

    /// <summary>A scalar of the precision's type.</summary>
    public static OnnxTensor Scalar(string name, double value, Precision precision) =>
        precision == Precision.Single ? OnnxTensor.Scalar(name, (float)value) : OnnxTensor.Scalar(name, value);

    /// <summary>A constant tensor: a scalar, or one number per unit.</summary>
    public static OnnxTensor Values(string name, double[] values, Precision precision) => (values.Length, precision) switch
    {
        (1, _) => Scalar(name, values[0], precision),
        (_, Precision.Single) => OnnxTensor.Of(name, [values.Length], Array.ConvertAll(values, static value => (float)value)),
        _ => OnnxTensor.Of(name, [values.Length], values),
    };

    /// <summary>Takes a name so that no inner value gets it.</summary>
    public void Reserve(string name)
    {
        if (!names.Add(name))
        {
            throw new InvalidOperationException($"the ONNX value '{name}' is named twice");
        }
    }

    /// <summary>Adds a node with one result and gives the result's name.</summary>
    public string Add(string op, params string[] inputs) => Add(op, inputs, []);

    public string Add(string op, string[] inputs, OnnxAttribute[] attributes)
    {
        var result = Fresh(op);
        Add(new OnnxNode(op, inputs, [result]) { Attributes = attributes });
        return result;
    }

    /// <summary>Gives a node's result another name, one that was reserved, wherever it is used.</summary>
    public void Rename(string from, string to)
    {
        for (var index = 0; index < nodes.Count; index++)
        {
            nodes[index] = nodes[index] with { Inputs = Renamed(nodes[index].Inputs), Outputs = Renamed(nodes[index].Outputs) };
        }

        string[] Renamed(IReadOnlyList<string> list) => [.. list.Select(name => name == from ? to : name)];
    }

    public void Add(OnnxNode node) => nodes.Add(node);

    /// <summary>A number.</summary>
    public string Constant(double value)
    {
        // 0 and -0 are equal keys: they differ in what they divide into, so the negative one is made by negation.
        if (value == 0 && double.IsNegative(value))
        {
            return Add("Neg", Constant(0));
        }

        if (!constants.TryGetValue(value, out var name))
        {
            constants[value] = name = Add("Constant", [], [new OnnxAttribute.Tensor("value", Scalar("", value, precision))]);
        }

        return name;
    }

    private string Fresh(string op)
    {
        for (var index = names.Count; ; index++)
        {
            var name = $"{op}_{index}";
            if (names.Add(name))
            {
                return name;
            }
        }
    }
}
