namespace BrainModular.Formats.Onnx;

/// <summary>What a tensor holds, numbered as in ONNX files.</summary>
public enum OnnxElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}

public static class OnnxElementTypes
{
    /// <summary>Bytes per element, or 0 for a type whose data cannot be read here.</summary>
    public static int Size(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        OnnxElementType.Double or OnnxElementType.Int64 or OnnxElementType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>The ONNX type of a C# element type.</summary>
    /// <exception cref="NotSupportedException">ONNX has no such type.</exception>
    public static OnnxElementType Of<T>()
        where T : unmanaged => Types.TryGetValue(typeof(T), out var type)
            ? type
            : throw new NotSupportedException($"ONNX tensors cannot hold {typeof(T).Name}");

    private static readonly Dictionary<Type, OnnxElementType> Types = new()
    {
        [typeof(float)] = OnnxElementType.Float,
        [typeof(double)] = OnnxElementType.Double,
        [typeof(Half)] = OnnxElementType.Float16,
        [typeof(bool)] = OnnxElementType.Bool,
        [typeof(byte)] = OnnxElementType.UInt8,
        [typeof(sbyte)] = OnnxElementType.Int8,
        [typeof(ushort)] = OnnxElementType.UInt16,
        [typeof(short)] = OnnxElementType.Int16,
        [typeof(uint)] = OnnxElementType.UInt32,
        [typeof(int)] = OnnxElementType.Int32,
        [typeof(ulong)] = OnnxElementType.UInt64,
        [typeof(long)] = OnnxElementType.Int64,
    };
}
