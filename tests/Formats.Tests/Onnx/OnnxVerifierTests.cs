using BrainModular.Formats.Onnx;

namespace BrainModular.Formats.Tests.Onnx;

public sealed class OnnxVerifierTests
{
    private static readonly OnnxModel Sound = Models.WithEverything();

    public static TheoryData<string, OnnxModel> Malformed => new()
    {
        { "is not defined before", WithNodes([.. Sound.Graph.Nodes.Reverse()]) },
        { "defined twice", WithNodes([.. Sound.Graph.Nodes, new OnnxNode("Neg", ["x"], ["y"])]) },
        { "has no operator", WithNodes([.. Sound.Graph.Nodes, new OnnxNode("", ["x"], ["z"])]) },
        { "domain 'else' is not imported", WithNodes([.. Sound.Graph.Nodes, new OnnxNode("Neg", ["x"], ["z"]) { Domain = "else" }]) },
        { "no function brainmodular.neuron::Leek", WithFirst(Sound.Graph.Nodes[0] with { OpType = "Leek" }) },
        { "no attribute 'tau'", WithFirst(Sound.Graph.Nodes[0] with { Attributes = [new OnnxAttribute.Float("tau", 1)] }) },
        { "has 2 inputs", WithFirst(Sound.Graph.Nodes[0] with { Inputs = ["x", "x"] }) },
        { "attribute 'tauM' stands twice", WithFirst(Sound.Graph.Nodes[0] with { Attributes = [new OnnxAttribute.Float("tauM", 1), new OnnxAttribute.Float("tauM", 2)] }) },
        { "refers to 'elsewhere'", WithFirst(Sound.Graph.Nodes[0] with { Attributes = [new OnnxAttribute.Reference("tauM", "elsewhere", OnnxAttributeKind.Float)] }) },
        { "nothing computes the output 'w'", Sound with { Graph = Sound.Graph with { Outputs = [new("w", OnnxElementType.Float, null)] } } },
        { "holds 8 bytes", Sound with { Graph = Sound.Graph with { Initializers = [new("bias", OnnxElementType.Float, [3], new byte[8])] } } },
        { "version of ONNX's own operators", Sound with { Opsets = [new("brainmodular.neuron", 1)] } },
        { "the domain '' stands twice", Sound with { Opsets = [.. Sound.Opsets, new("", 16)] } },
        { "the key 'brainmodular.format' stands twice", Sound with { Metadata = [.. Sound.Metadata, KeyValuePair.Create("brainmodular.format", "2")] } },
        { "the function brainmodular.neuron::Leak stands twice", Sound with { Functions = [Sound.Functions[0], Sound.Functions[0]] } },
        { "in a circle: Leak -> Leak", Sound with { Functions = [Sound.Functions[0] with
            {
                Nodes = [new OnnxNode("Leak", ["v"], ["next"]) { Domain = "brainmodular.neuron" }],
                Opsets = [new("brainmodular.neuron", 1)],
            }] } },
        { "the graph has no name", Sound with { Graph = Sound.Graph with { Name = "" } } },
    };

    [Fact]
    public void A_sound_model_has_no_faults() => Assert.Empty(OnnxVerifier.Run(Sound));

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_model_is_refused_with_the_reason(string reason, OnnxModel model)
    {
        var faults = OnnxVerifier.Run(model, "m.onnx");

        Assert.Contains(faults, fault => fault.Problem.Contains(reason, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.Equal("BM3505", fault.Id));
    }

    private static OnnxModel WithNodes(IReadOnlyList<OnnxNode> nodes) => Sound with { Graph = Sound.Graph with { Nodes = nodes } };

    private static OnnxModel WithFirst(OnnxNode node) => WithNodes([node, .. Sound.Graph.Nodes.Skip(1)]);
}
