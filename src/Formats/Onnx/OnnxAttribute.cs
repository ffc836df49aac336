using System.Diagnostics.CodeAnalysis;

namespace BrainModular.Formats.Onnx;

/// <summary>A named constant of a node.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Attribute is ONNX's own word for it.")]
public abstract record OnnxAttribute(string Name)
{
    public sealed record Float(string Name, float Value) : OnnxAttribute(Name);

    public sealed record Int(string Name, long Value) : OnnxAttribute(Name);

    public sealed record Text(string Name, string Value) : OnnxAttribute(Name);

    public sealed record Tensor(string Name, OnnxTensor Value) : OnnxAttribute(Name);

    public sealed record Graph(string Name, OnnxGraph Value) : OnnxAttribute(Name);

    public sealed record Floats(string Name, IReadOnlyList<float> Values) : OnnxAttribute(Name);

    public sealed record Ints(string Name, IReadOnlyList<long> Values) : OnnxAttribute(Name);

    public sealed record Texts(string Name, IReadOnlyList<string> Values) : OnnxAttribute(Name);

    /// <summary>Inside a function: the value is that of the calling node's attribute.</summary>
    public sealed record Reference(string Name, string CallersName, OnnxAttributeKind Kind) : OnnxAttribute(Name);
}

/// <summary>What an attribute holds, numbered as in ONNX files.</summary>
public enum OnnxAttributeKind
{
    Float = 1,
    Int = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Texts = 8,
}
