using BrainModular.Formats.Onnx;

namespace BrainModular.Formats.Tests.Onnx;

/// <summary>Small models that the tests of this folder share.</summary>
internal static class Models
{
    /// <summary>y = leak(x) through a model-local function with an attribute, plus a bias tensor and a subgraph attribute.</summary>
    public static OnnxModel WithEverything(float tau = 20, float[]? bias = null)
    {
        bias ??= [0.5f, -0f, 1e-40f];
        var leak = new OnnxFunction("brainmodular.neuron", "Leak", ["v"], ["next"],
        [
            new OnnxNode("Constant", [], ["tau"]) { Attributes = [new OnnxAttribute.Reference("value_float", "tauM", OnnxAttributeKind.Float)] },
            new OnnxNode("Div", ["v", "tau"], ["next"]),
        ])
        { Attributes = ["tauM"], Opsets = [new("", 17)], Doc = "a leak" };
        var vector = new OnnxDimension[] { "batch", 3 };
        var graph = new OnnxGraph("step",
        [
            new OnnxNode("Leak", ["x"], ["leaked"]) { Domain = "brainmodular.neuron", Name = "leak", Attributes = [new OnnxAttribute.Float("tauM", tau)] },
            new OnnxNode("Add", ["leaked", "bias"], ["sum"]),
            new OnnxNode("If", ["flag"], ["y"])
            {
                Attributes = [new OnnxAttribute.Graph("then_branch", Branch("Identity")), new OnnxAttribute.Graph("else_branch", Branch("Neg"))],
            },
        ],
        [new("x", OnnxElementType.Float, vector) { Doc = "mV" }, new("flag", OnnxElementType.Bool, [])],
        [new("y", OnnxElementType.Float, vector)])
        {
            Initializers = [OnnxTensor.Of("bias", [bias.Length], bias)],
            ValueInfos = [new("leaked", OnnxElementType.Float, vector)],
            Doc = "a graph",
        };
        return new OnnxModel(graph, [new("", 17), new("brainmodular.neuron", 1)])
        {
            ProducerName = "BrainModular",
            ProducerVersion = "0.1.0",
            Functions = [leak],
            Metadata = [KeyValuePair.Create("brainmodular.format", "1"), KeyValuePair.Create("brainmodular.units", "{\"V\":\"mV\"}")],
        };
    }

    /// <summary>One Constant node for each kind of attribute, so that each is written and read.</summary>
    public static OnnxModel WithAttributes(params OnnxAttribute[] attributes) => new(
        new OnnxGraph("attributes", [new OnnxNode("Probe", [], ["y"]) { Domain = "com.microsoft", Attributes = attributes }], [], [new("y", OnnxElementType.Float, [])]),
        [new("", 17), new("com.microsoft", 1)]);

    /// <summary>Adds initializers that are read by one node each.</summary>
    public static OnnxModel WithTensors(params OnnxTensor[] tensors) => new(
        new OnnxGraph("tensors", [.. tensors.Select(tensor => new OnnxNode("Identity", [tensor.Name], [$"{tensor.Name}.out"]))], [],
            [.. tensors.Select(tensor => new OnnxValueInfo($"{tensor.Name}.out", tensor.Type, [.. tensor.Dims.Select(dim => (OnnxDimension)dim)]))])
        { Initializers = tensors },
        [new("", 17)]);

    private static OnnxGraph Branch(string op) => new($"branch_{op}", [new OnnxNode(op, ["sum"], [$"y_{op}"])], [], [new($"y_{op}", OnnxElementType.Float, null)]);
}
