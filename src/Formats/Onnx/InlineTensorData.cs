using System.Runtime.InteropServices;
using BrainModular.Formats.Onnx.Wire;

namespace BrainModular.Formats.Onnx;

/// <summary>The elements of a tensor that stand in the file itself: as bytes, or in one of the lists that ONNX offers by element type.</summary>
internal static class InlineTensorData
{
    public static ReadOnlyMemory<byte> Read(TensorProto proto, OnnxElementType type)
    {
        if (proto.HasRawData)
        {
            return proto.RawData.Memory;
        }

        return type switch
        {
            OnnxElementType.Float => Bytes<float>([.. proto.FloatData]),
            OnnxElementType.Double => Bytes<double>([.. proto.DoubleData]),
            OnnxElementType.Int64 => Bytes<long>([.. proto.Int64Data]),
            OnnxElementType.Int32 => Bytes<int>([.. proto.Int32Data]),
            OnnxElementType.Bool or OnnxElementType.UInt8 or OnnxElementType.Int8 => Bytes<byte>([.. proto.Int32Data.Select(element => (byte)element)]),
            OnnxElementType.Int16 or OnnxElementType.UInt16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 =>
                Bytes<ushort>([.. proto.Int32Data.Select(element => (ushort)element)]),
            _ => default,
        };
    }

    private static byte[] Bytes<T>(T[] elements)
        where T : unmanaged => MemoryMarshal.AsBytes(elements.AsSpan()).ToArray();
}
