namespace BrainModular.Formats.Onnx;

/// <summary>Checks one graph or function and the graphs inside its nodes.</summary>
internal sealed class GraphVerifier(
    OnnxVerifier.FunctionTable functions, IReadOnlyList<OnnxOpset> opsets, IReadOnlySet<string> callersAttributes, OnnxVerifier.Report report)
{
    /// <summary>Checks a graph. A subgraph sees the names in <paramref name="outer"/>, those of the graphs around it, too.</summary>
    public void Graph(OnnxGraph graph, string place, IReadOnlySet<string> outer)
    {
        if (graph.Name.Length == 0)
        {
            report.Fault(place, "the graph has no name", "a name");
        }

        var defined = new HashSet<string>();
        foreach (var input in graph.Inputs)
        {
            Define(input.Name, defined, $"{place}.input");
        }

        foreach (var tensor in graph.Initializers)
        {
            // Old files repeat an initializer among the inputs, as its default.
            if (!graph.Inputs.Any(input => input.Name == tensor.Name))
            {
                Define(tensor.Name, defined, $"{place}.initializer");
            }

            Tensor(tensor, $"{place}.initializer");
        }

        Nodes(graph.Nodes, defined, outer, place);
        foreach (var output in graph.Outputs.Where(output => !defined.Contains(output.Name)))
        {
            report.Fault($"{place}.output", $"nothing computes the output '{output.Name}'", "an output of a node, an input or an initializer of this graph");
        }
    }

    public void Function(OnnxFunction function, string place)
    {
        var defined = new HashSet<string>();
        foreach (var input in function.Inputs)
        {
            Define(input, defined, $"{place}.input");
        }

        Nodes(function.Nodes, defined, new HashSet<string>(), place);
        foreach (var output in function.Outputs.Where(output => !defined.Contains(output)))
        {
            report.Fault($"{place}.output", $"nothing computes the output '{output}'", "an output of a node or an input of the function");
        }
    }

    private void Nodes(IReadOnlyList<OnnxNode> nodes, HashSet<string> defined, IReadOnlySet<string> outer, string place)
    {
        for (var index = 0; index < nodes.Count; index++)
        {
            var node = nodes[index];
            var nodePlace = $"{place}.node[{index}] ({node.OpType}{(node.Name.Length > 0 ? $" {node.Name}" : "")})";
            foreach (var input in node.Inputs.Where(input => input.Length > 0 && !defined.Contains(input) && !outer.Contains(input)))
            {
                report.Fault(nodePlace, $"the input '{input}' is not defined before the node", "a graph input, an initializer or an earlier node's output");
            }

            Call(node, nodePlace);
            Attributes(node, nodePlace, defined, outer);
            foreach (var output in node.Outputs.Where(output => output.Length > 0))
            {
                Define(output, defined, nodePlace);
            }
        }
    }

    private void Call(OnnxNode node, string place)
    {
        if (node.OpType.Length == 0)
        {
            report.Fault(place, "the node has no operator", "an operator's name");
        }

        if (!opsets.Any(opset => opset.Domain == node.Domain || (IsOnnx(opset.Domain) && IsOnnx(node.Domain))))
        {
            report.Fault(place, $"the domain '{node.Domain}' is not imported here", $"one of: {string.Join(", ", opsets.Select(opset => $"'{opset.Domain}'"))}");
        }

        if (functions.Find(node) is not { } function)
        {
            if (!RuntimesDomains.Contains(node.Domain))
            {
                report.Fault(place, $"the model has no function {node.Domain}::{node.OpType}", "a function of the model, or an operator that every runtime has");
            }

            return;
        }

        if (node.Inputs.Count > function.Inputs.Count || node.Outputs.Count > function.Outputs.Count)
        {
            report.Fault(place, $"the call has {node.Inputs.Count} inputs and {node.Outputs.Count} outputs",
                $"at most {function.Inputs.Count} inputs and {function.Outputs.Count} outputs, as the function {function.Name} has");
        }

        foreach (var extra in node.Attributes.Where(attribute => !function.Attributes.Contains(attribute.Name)))
        {
            report.Fault(place, $"the function {function.Name} has no attribute '{extra.Name}'", $"one of: {string.Join(", ", function.Attributes)}");
        }
    }

    private void Attributes(OnnxNode node, string place, HashSet<string> defined, IReadOnlySet<string> outer)
    {
        foreach (var repeated in OnnxVerifier.Repeated(node.Attributes.Select(attribute => attribute.Name)))
        {
            report.Fault(place, $"the attribute '{repeated}' stands twice", "each attribute once");
        }

        foreach (var attribute in node.Attributes)
        {
            switch (attribute)
            {
                case OnnxAttribute.Reference reference when !callersAttributes.Contains(reference.CallersName):
                    report.Fault(place, $"the attribute '{reference.Name}' refers to '{reference.CallersName}'", "an attribute of the function that the node stands in");
                    break;
                case OnnxAttribute.Tensor tensor:
                    Tensor(tensor.Value, place);
                    break;
                case OnnxAttribute.Graph graph:
                    Graph(graph.Value, $"{place}.{graph.Name}", new HashSet<string>(outer.Concat(defined)));
                    break;
                default:
                    break;
            }
        }
    }

    private void Tensor(OnnxTensor tensor, string place)
    {
        var size = tensor.Type.Size();
        var count = tensor.ElementCount;
        if (size == 0 || count < 0 || count > int.MaxValue / size || tensor.Data.Length != count * size)
        {
            report.Fault(place, $"tensor '{tensor.Name}' of type {tensor.Type} and sizes [{string.Join(", ", tensor.Dims)}] holds {tensor.Data.Length} bytes",
                "as many bytes as its type and sizes say, at most 2 GB");
        }
    }

    private void Define(string name, HashSet<string> defined, string place)
    {
        if (!defined.Add(name))
        {
            report.Fault(place, $"the value '{name}' is defined twice", "each value defined once");
        }
    }

    /// <summary>Domains whose operators runtimes bring along. Any other operator would need native code that no file carries.</summary>
    private static readonly string[] RuntimesDomains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"];

    private static bool IsOnnx(string domain) => domain is "" or "ai.onnx";
}
