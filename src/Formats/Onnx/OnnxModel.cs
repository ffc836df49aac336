namespace BrainModular.Formats.Onnx;

/// <summary>A whole ONNX file as plain data, independent of how it is encoded.</summary>
/// <param name="Graph">The main graph.</param>
/// <param name="Opsets">The operator sets that the main graph uses, the default one (domain "") among them.</param>
public sealed record OnnxModel(OnnxGraph Graph, IReadOnlyList<OnnxOpset> Opsets)
{
    /// <summary>The newest version of the intermediate representation that is read and written: the last that ONNX 1.12 tools know.</summary>
    public const long NewestIrVersion = 8;

    public long IrVersion { get; init; } = NewestIrVersion;

    public string ProducerName { get; init; } = "";

    public string ProducerVersion { get; init; } = "";

    public string Domain { get; init; } = "";

    public long ModelVersion { get; init; }

    public string Doc { get; init; } = "";

    /// <summary>Model-local functions: named subgraphs that nodes call by domain and name.</summary>
    public IReadOnlyList<OnnxFunction> Functions { get; init; } = [];

    /// <summary>Free text by key, in file order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>The metadata value under a key, or null where the key is absent.</summary>
    public string? FindMetadata(string key) => Metadata.Where(entry => entry.Key == key).Select(entry => entry.Value).FirstOrDefault();
}

/// <summary>An operator set: a domain ("" is ONNX's own) and its version.</summary>
public readonly record struct OnnxOpset(string Domain, long Version);

/// <summary>A graph in static single assignment form: its nodes are in an order in which every value is defined before it is used.</summary>
public sealed record OnnxGraph(
    string Name, IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<OnnxValueInfo> Inputs, IReadOnlyList<OnnxValueInfo> Outputs)
{
    /// <summary>Constant tensors, by the name under which nodes read them.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    /// <summary>Types of inner values, where they are stated.</summary>
    public IReadOnlyList<OnnxValueInfo> ValueInfos { get; init; } = [];

    public string Doc { get; init; } = "";
}

/// <summary>One operation. An empty input name is an omitted optional input.</summary>
public sealed record OnnxNode(string OpType, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    public string Name { get; init; } = "";

    /// <summary>The operator's domain, "" for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    public string Doc { get; init; } = "";
}

/// <summary>A model-local function. Its attributes have names only: their values come from the calling node.</summary>
public sealed record OnnxFunction(
    string Domain, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxNode> Nodes)
{
    public IReadOnlyList<string> Attributes { get; init; } = [];

    public IReadOnlyList<OnnxOpset> Opsets { get; init; } = [];

    public string Doc { get; init; } = "";
}

/// <summary>The name and type of a graph's input, output or inner value. The shape is null where even the number of dimensions is unknown.</summary>
public sealed record OnnxValueInfo(string Name, OnnxElementType Type, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>Free text; BrainModular writes the physical unit here.</summary>
    public string Doc { get; init; } = "";
}

/// <summary>One dimension: a fixed size, or the name of a size that is chosen at run time, or neither.</summary>
public readonly record struct OnnxDimension(long? Size, string? Parameter)
{
    public static implicit operator OnnxDimension(long size) => new(size, null);

    public static implicit operator OnnxDimension(string parameter) => new(null, parameter);

    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Parameter ?? "?";
}
