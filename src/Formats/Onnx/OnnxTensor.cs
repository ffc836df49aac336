using System.Buffers;
using System.Runtime.InteropServices;

namespace BrainModular.Formats.Onnx;

/// <summary>A constant tensor: its elements as little-endian bytes in row-major order. A scalar has no sizes.</summary>
public sealed record OnnxTensor(string Name, OnnxElementType Type, IReadOnlyList<long> Dims, ReadOnlyMemory<byte> Data)
{
    public string Doc { get; init; } = "";

    /// <summary>The number of elements that the sizes promise, or -1 where one is negative or their product does not fit 64 bits.</summary>
    public long ElementCount => Count(Dims);

    /// <summary>A tensor over an array that the caller must not change afterwards: the elements are not copied.</summary>
    public static OnnxTensor Of<T>(string name, IReadOnlyList<long> dims, T[] elements)
        where T : unmanaged => new(name, OnnxElementTypes.Of<T>(), dims, ArrayBytes<T>.Over(elements));

    /// <summary>A tensor without dimensions.</summary>
    public static OnnxTensor Scalar<T>(string name, T element)
        where T : unmanaged => Of(name, [], [element]);

    /// <summary>The elements as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> Elements<T>()
        where T : unmanaged => Type == OnnxElementTypes.Of<T>()
            ? MemoryMarshal.Cast<byte, T>(Data.Span)
            : throw new InvalidOperationException($"tensor {Name} holds {Type}, not {typeof(T).Name}");

    internal static long Count(IReadOnlyList<long> dims)
    {
        Int128 count = 1;
        foreach (var dim in dims)
        {
            count *= dim;
            if (dim < 0 || count > long.MaxValue)
            {
                return -1;
            }
        }

        return (long)count;
    }

    /// <summary>Shows an array's elements as bytes without copying them, so that hundreds of megabytes of weights are written straight from their arrays.</summary>
    private sealed class ArrayBytes<T>(T[] elements) : MemoryManager<byte>
        where T : unmanaged
    {
        // A Memory has 31-bit length: a larger array must be split by its owner, and is refused where it is made.
        public static ReadOnlyMemory<byte> Over(T[] elements) => (long)elements.Length * SizeOfElement() <= int.MaxValue
            ? new ArrayBytes<T>(elements).Memory
            : throw new ArgumentException($"a tensor is limited to 2 GB, and {elements.Length} elements of {typeof(T).Name} are more", nameof(elements));

        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(elements.AsSpan());

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = GCHandle.Alloc(elements, GCHandleType.Pinned);
            return new MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }

        private static unsafe int SizeOfElement() => sizeof(T);
    }
}
