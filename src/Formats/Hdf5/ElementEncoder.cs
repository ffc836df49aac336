using System.Runtime.InteropServices;
using System.Text;

namespace BrainModular.Formats.Hdf5;

/// <summary>Elements in memory as libhdf5 takes them, with their type.</summary>
internal sealed class EncodedElements(Handle type, byte[] bytes, IReadOnlyList<long> shape, IReadOnlyList<nint> texts) : IDisposable
{
    public Handle Type => type;

    public byte[] Bytes => bytes;

    public IReadOnlyList<long> Shape => shape;

    public long Count => shape.Count == 0 ? 1 : shape[0];

    public void Dispose()
    {
        type.Dispose();
        foreach (var text in texts)
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}

/// <summary>Turns .NET scalars and arrays into elements that libhdf5 takes.</summary>
internal static unsafe class ElementEncoder
{
    public static EncodedElements Encode(long file, object value)
    {
        var array = value as Array ?? Scalar(value);
        IReadOnlyList<long> shape = value is Array ? [array.LongLength] : [];
        var texts = new List<nint>();
        var (type, bytes) = array switch
        {
            string[] strings => (TextType(), TextBytes(strings, texts)),
            bool[] flags => (BooleanType(), [.. flags.Select(flag => flag ? (byte)1 : (byte)0)]),
            Hdf5Target[] targets => (new Handle(Native.H5Tcopy(Hdf5Library.Constants.ObjectReference)), ReferenceBytes(file, targets)),
            _ => (NumberType(array), NumberBytes(array)),
        };
        return new EncodedElements(type, bytes, shape, texts);
    }

    public static EncodedElements EncodeRecords(long file, IReadOnlyList<Hdf5Column> columns)
    {
        var members = columns.Select(column => Encode(file, column.Values)).ToArray();
        var sizes = members.Select(member => (int)Native.H5Tget_size(member.Type)).ToArray();
        var rows = members[0].Count;
        var size = sizes.Sum();
        var type = new Handle(Native.H5Tcreate(NativeConstants.ClassCompound, (nuint)size));
        var bytes = new byte[rows * size];
        var offset = 0;
        for (var i = 0; i < members.Length; i++)
        {
            _ = Native.H5Tinsert(type, columns[i].Name, (nuint)offset, members[i].Type);
            for (var row = 0; row < rows; row++)
            {
                members[i].Bytes.AsSpan(row * sizes[i], sizes[i]).CopyTo(bytes.AsSpan((row * size) + offset));
            }

            offset += sizes[i];
            members[i].Dispose();
        }

        return new EncodedElements(type, bytes, [rows], []);
    }

    private static Array Scalar(object value)
    {
        var array = Array.CreateInstance(value.GetType(), 1);
        array.SetValue(value, 0);
        return array;
    }

    private static Handle TextType()
    {
        var type = new Handle(Native.H5Tcopy(Hdf5Library.Constants.String));
        _ = Native.H5Tset_size(type, NativeConstants.VariableSize);
        _ = Native.H5Tset_cset(type, NativeConstants.Utf8);
        return type;
    }

    private static byte[] TextBytes(string[] values, List<nint> texts)
    {
        texts.AddRange(values.Select(Marshal.StringToCoTaskMemUTF8));
        return MemoryMarshal.AsBytes<nint>(texts.ToArray()).ToArray();
    }

    private static Handle BooleanType()
    {
        var type = new Handle(Native.H5Tenum_create(Hdf5Library.Constants.Int8));
        for (sbyte value = 0; value < 2; value++)
        {
            _ = Native.H5Tenum_insert(type, value == 0 ? "FALSE" : "TRUE", &value);
        }

        return type;
    }

    private static byte[] ReferenceBytes(long file, Hdf5Target[] targets)
    {
        var addresses = new ulong[targets.Length];
        fixed (ulong* pointer = addresses)
        {
            for (var i = 0; i < targets.Length; i++)
            {
                if (Native.H5Rcreate(pointer + i, file, targets[i].Path, NativeConstants.ReferenceObject, -1) < 0)
                {
                    throw new ArgumentException($"a reference to {targets[i].Path} was asked for before that object exists", nameof(targets));
                }
            }
        }

        return MemoryMarshal.AsBytes<ulong>(addresses).ToArray();
    }

    private static Handle NumberType(Array values)
    {
        var native = Hdf5Library.Constants.Number(values.GetType().GetElementType()!);
        return native == 0
            ? throw new ArgumentException($"{values.GetType().GetElementType()} cannot be written to HDF5", nameof(values))
            : new Handle(Native.H5Tcopy(native));
    }

    private static byte[] NumberBytes(Array values)
    {
        var bytes = new byte[Buffer.ByteLength(values)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
