using BrainModular.Formats.Onnx.Wire;
using Google.Protobuf;

namespace BrainModular.Formats.Onnx;

/// <summary>Plain data to protocol buffer messages. Tensors that <paramref name="weights"/> takes are written beside the file.</summary>
internal sealed class OnnxEncoder(ExternalWeights? weights)
{
    public ModelProto Model(OnnxModel model)
    {
        var proto = new ModelProto
        {
            IrVersion = model.IrVersion,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Domain = model.Domain,
            ModelVersion = model.ModelVersion,
            DocString = model.Doc,
            Graph = Graph(model.Graph),
        };
        proto.OpsetImport.Add(model.Opsets.Select(Opset));
        proto.MetadataProps.Add(model.Metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        proto.Functions.Add(model.Functions.Select(Function));
        return proto;
    }

    private GraphProto Graph(OnnxGraph graph)
    {
        var proto = new GraphProto { Name = graph.Name, DocString = graph.Doc };
        proto.Node.Add(graph.Nodes.Select(Node));
        proto.Initializer.Add(graph.Initializers.Select(Tensor));
        proto.Input.Add(graph.Inputs.Select(ValueInfo));
        proto.Output.Add(graph.Outputs.Select(ValueInfo));
        proto.ValueInfo.Add(graph.ValueInfos.Select(ValueInfo));
        return proto;
    }

    private FunctionProto Function(OnnxFunction function)
    {
        var proto = new FunctionProto { Domain = function.Domain, Name = function.Name, DocString = function.Doc };
        proto.Input.Add(function.Inputs);
        proto.Output.Add(function.Outputs);
        proto.Attribute.Add(function.Attributes);
        proto.Node.Add(function.Nodes.Select(Node));
        proto.OpsetImport.Add(function.Opsets.Select(Opset));
        return proto;
    }

    private NodeProto Node(OnnxNode node)
    {
        var proto = new NodeProto { OpType = node.OpType, Name = node.Name, Domain = node.Domain, DocString = node.Doc };
        proto.Input.Add(node.Inputs);
        proto.Output.Add(node.Outputs);
        proto.Attribute.Add(node.Attributes.Select(Attribute));
        return proto;
    }

    private AttributeProto Attribute(OnnxAttribute attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute)
        {
            case OnnxAttribute.Float value:
                proto.F = value.Value;
                proto.Type = AttributeProto.Types.AttributeType.Float;
                break;
            case OnnxAttribute.Int value:
                proto.I = value.Value;
                proto.Type = AttributeProto.Types.AttributeType.Int;
                break;
            case OnnxAttribute.Text value:
                proto.S = ByteString.CopyFromUtf8(value.Value);
                proto.Type = AttributeProto.Types.AttributeType.String;
                break;
            case OnnxAttribute.Tensor value:
                proto.T = Tensor(value.Value);
                proto.Type = AttributeProto.Types.AttributeType.Tensor;
                break;
            case OnnxAttribute.Graph value:
                proto.G = Graph(value.Value);
                proto.Type = AttributeProto.Types.AttributeType.Graph;
                break;
            case OnnxAttribute.Floats value:
                proto.Floats.Add(value.Values);
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            case OnnxAttribute.Ints value:
                proto.Ints.Add(value.Values);
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case OnnxAttribute.Texts value:
                proto.Strings.Add(value.Values.Select(ByteString.CopyFromUtf8));
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                break;
            case OnnxAttribute.Reference value:
                proto.RefAttrName = value.CallersName;
                proto.Type = (AttributeProto.Types.AttributeType)value.Kind;
                break;
            default:
                throw new InvalidOperationException($"attribute {attribute.Name} is of unknown kind {attribute.GetType().Name}");
        }

        return proto;
    }

    private TensorProto Tensor(OnnxTensor tensor)
    {
        var proto = new TensorProto { Name = tensor.Name, DataType = (int)tensor.Type, DocString = tensor.Doc };
        proto.Dims.Add(tensor.Dims);
        if (weights is not null && weights.Takes(tensor))
        {
            proto.DataLocation = TensorProto.Types.DataLocation.External;
            proto.ExternalData.Add(weights.Append(tensor));
        }
        else
        {
            proto.RawData = UnsafeByteOperations.UnsafeWrap(tensor.Data);
        }

        return proto;
    }

    private static ValueInfoProto ValueInfo(OnnxValueInfo info)
    {
        var type = new TypeProto.Types.Tensor { ElemType = (int)info.Type };
        if (info.Shape is not null)
        {
            type.Shape = new TensorShapeProto();
            type.Shape.Dim.Add(info.Shape.Select(Dimension));
        }

        return new ValueInfoProto { Name = info.Name, DocString = info.Doc, Type = new TypeProto { TensorType = type } };
    }

    private static TensorShapeProto.Types.Dimension Dimension(OnnxDimension dimension) => dimension switch
    {
        { Size: { } size } => new() { DimValue = size },
        { Parameter: { } parameter } => new() { DimParam = parameter },
        _ => new(),
    };

    private static OperatorSetIdProto Opset(OnnxOpset opset) => new() { Domain = opset.Domain, Version = opset.Version };
}
