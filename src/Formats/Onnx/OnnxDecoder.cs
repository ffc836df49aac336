using BrainModular.Diagnostics;
using BrainModular.Formats.Onnx.Wire;

namespace BrainModular.Formats.Onnx;

/// <summary>Protocol buffer messages to plain data. Faults are collected, with the file and the place inside it.</summary>
internal sealed class OnnxDecoder(string file, ExternalWeightsReader weights, List<Diagnostic> faults)
{
    public OnnxModel Model(ModelProto proto) => new(
        Graph(proto.Graph ?? new GraphProto(), "graph"), [.. proto.OpsetImport.Select(Opset)])
    {
        IrVersion = proto.IrVersion,
        ProducerName = proto.ProducerName,
        ProducerVersion = proto.ProducerVersion,
        Domain = proto.Domain,
        ModelVersion = proto.ModelVersion,
        Doc = proto.DocString,
        Functions = [.. proto.Functions.Select((function, index) => Function(function, $"functions[{index}]"))],
        Metadata = [.. proto.MetadataProps.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))],
    };

    private OnnxGraph Graph(GraphProto proto, string place)
    {
        if (proto.SparseInitializer.Count > 0)
        {
            Refuse($"{place}.sparse_initializer", "sparse initializers are not supported", "dense initializers only");
        }

        return new OnnxGraph(
            proto.Name,
            [.. proto.Node.Select((node, index) => Node(node, $"{place}.node[{index}]"))],
            [.. proto.Input.Select((info, index) => ValueInfo(info, $"{place}.input[{index}]"))],
            [.. proto.Output.Select((info, index) => ValueInfo(info, $"{place}.output[{index}]"))])
        {
            Initializers = [.. proto.Initializer.Select((tensor, index) => Tensor(tensor, $"{place}.initializer[{index}]"))],
            ValueInfos = [.. proto.ValueInfo.Select((info, index) => ValueInfo(info, $"{place}.value_info[{index}]"))],
            Doc = proto.DocString,
        };
    }

    private OnnxFunction Function(FunctionProto proto, string place) => new(
        proto.Domain, proto.Name, [.. proto.Input], [.. proto.Output],
        [.. proto.Node.Select((node, index) => Node(node, $"{place}.node[{index}]"))])
    {
        Attributes = [.. proto.Attribute],
        Opsets = [.. proto.OpsetImport.Select(Opset)],
        Doc = proto.DocString,
    };

    private OnnxNode Node(NodeProto proto, string place) => new(proto.OpType, [.. proto.Input], [.. proto.Output])
    {
        Name = proto.Name,
        Domain = proto.Domain,
        Attributes = [.. proto.Attribute.Select(attribute => Attribute(attribute, $"{place}.{attribute.Name}"))],
        Doc = proto.DocString,
    };

    private OnnxAttribute Attribute(AttributeProto proto, string place)
    {
        var kind = (OnnxAttributeKind)proto.Type;
        if (!Enum.IsDefined(kind))
        {
            Refuse(place, $"attributes of kind {(int)proto.Type} are not supported", "a number, a text, a tensor, a graph, or a list of numbers or texts");
        }
        else if (proto.RefAttrName.Length > 0)
        {
            return new OnnxAttribute.Reference(proto.Name, proto.RefAttrName, kind);
        }

        return kind switch
        {
            OnnxAttributeKind.Float => new OnnxAttribute.Float(proto.Name, proto.F),
            OnnxAttributeKind.Text => new OnnxAttribute.Text(proto.Name, proto.S.ToStringUtf8()),
            OnnxAttributeKind.Tensor => new OnnxAttribute.Tensor(proto.Name, Tensor(proto.T ?? new TensorProto(), place)),
            OnnxAttributeKind.Graph => new OnnxAttribute.Graph(proto.Name, Graph(proto.G ?? new GraphProto(), place)),
            OnnxAttributeKind.Floats => new OnnxAttribute.Floats(proto.Name, [.. proto.Floats]),
            OnnxAttributeKind.Ints => new OnnxAttribute.Ints(proto.Name, [.. proto.Ints]),
            OnnxAttributeKind.Texts => new OnnxAttribute.Texts(proto.Name, [.. proto.Strings.Select(text => text.ToStringUtf8())]),
            _ => new OnnxAttribute.Int(proto.Name, proto.I),
        };
    }

    private OnnxTensor Tensor(TensorProto proto, string place)
    {
        var type = (OnnxElementType)proto.DataType;
        var size = type.Size();
        if (size == 0)
        {
            Refuse(place, $"tensor '{proto.Name}' has element type {proto.DataType}, which is not supported", "a numeric or boolean tensor");
            return new OnnxTensor(proto.Name, type, [.. proto.Dims], default);
        }

        // Checked before anything of that size is allocated: the sizes are a stranger's.
        var count = OnnxTensor.Count(proto.Dims);
        if (count < 0 || count > int.MaxValue / size)
        {
            Refuse(place, $"tensor '{proto.Name}' has the sizes [{string.Join(", ", proto.Dims)}]", "sizes of at least 0 and at most 2 GB in all");
            return new OnnxTensor(proto.Name, type, [.. proto.Dims], default);
        }

        var external = proto.DataLocation == TensorProto.Types.DataLocation.External;
        var data = external ? weights.Read(proto, count * size, place) : InlineTensorData.Read(proto, type);
        if (data is { } bytes && bytes.Length != count * size)
        {
            Refuse(place, $"tensor '{proto.Name}' holds {bytes.Length} bytes", $"{count * size} bytes, as its type {type} and its sizes [{string.Join(", ", proto.Dims)}] say");
        }

        return new OnnxTensor(proto.Name, type, [.. proto.Dims], data ?? default) { Doc = proto.DocString };
    }

    private OnnxValueInfo ValueInfo(ValueInfoProto proto, string place)
    {
        if (proto.Type?.TensorType is not { } tensor)
        {
            Refuse(place, $"'{proto.Name}' is not a tensor", "tensors only: sequences, maps and optional values are not supported");
            return new OnnxValueInfo(proto.Name, OnnxElementType.Undefined, null);
        }

        var shape = tensor.Shape?.Dim.Select(Dimension).ToArray();
        return new OnnxValueInfo(proto.Name, (OnnxElementType)tensor.ElemType, shape) { Doc = proto.DocString };
    }

    private static OnnxDimension Dimension(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => dimension.DimValue,
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => dimension.DimParam,
        _ => default,
    };

    private static OnnxOpset Opset(OperatorSetIdProto proto) => new(proto.Domain, proto.Version);

    private void Refuse(string place, string problem, string expected) =>
        faults.Add(new Diagnostic("BM3503", problem, new Place(file, place), expected, "export the model again without it"));
}
