using System.Buffers.Binary;
using System.Text;

namespace BrainModular.Formats.Hdf5;

/// <summary>Turns elements in memory, laid out as their file type says, into plain .NET data.</summary>
internal static unsafe class ValueDecoder
{
    public static object Decode(byte* at, Hdf5Type type) => type.Kind switch
    {
        Hdf5Kind.Integer when type is { Signed: false, Size: 8 } => (ulong)Integer(at, type),
        Hdf5Kind.Integer => Integer(at, type),
        Hdf5Kind.Float => Real(at, type),
        Hdf5Kind.Text => Text(at, type),
        Hdf5Kind.Boolean => Integer(at, type.Element!) != 0,
        Hdf5Kind.Enumeration => type.Names!.TryGetValue(Integer(at, type.Element!), out var name) ? name : Integer(at, type.Element!),
        Hdf5Kind.Reference => new Hdf5Reference(*(ulong*)at),
        Hdf5Kind.Compound => type.Members!.ToDictionary(member => member.Name, member => Decode(at + member.Offset, member.Type)),
        Hdf5Kind.Block => Row(at, type.Length, type.Element!),
        Hdf5Kind.Ragged => Row(*(byte**)(at + sizeof(nuint)), (int)Math.Min(*(nuint*)at, int.MaxValue), type.Element!),
        _ => new ReadOnlySpan<byte>(at, type.Size).ToArray(),
    };

    public static long Integer(byte* at, Hdf5Type type)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        var source = new ReadOnlySpan<byte>(at, type.Size);
        if (type.BigEndian)
        {
            source.CopyTo(bytes[(8 - type.Size)..]);
            bytes.Reverse();
        }
        else
        {
            source.CopyTo(bytes);
        }

        var unsigned = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var unused = 64 - (8 * type.Size);
        return type.Signed ? (long)(unsigned << unused) >> unused : (long)unsigned;
    }

    private static double Real(byte* at, Hdf5Type type)
    {
        var source = new ReadOnlySpan<byte>(at, type.Size);
        return (type.Size, type.BigEndian) switch
        {
            (2, false) => (double)BinaryPrimitives.ReadHalfLittleEndian(source),
            (2, true) => (double)BinaryPrimitives.ReadHalfBigEndian(source),
            (4, false) => BinaryPrimitives.ReadSingleLittleEndian(source),
            (4, true) => BinaryPrimitives.ReadSingleBigEndian(source),
            (_, false) => BinaryPrimitives.ReadDoubleLittleEndian(source),
            (_, true) => BinaryPrimitives.ReadDoubleBigEndian(source),
        };
    }

    private static string Text(byte* at, Hdf5Type type)
    {
        if (!type.Variable)
        {
            var fixedText = new ReadOnlySpan<byte>(at, type.Size);
            var end = fixedText.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? fixedText.TrimEnd((byte)' ') : fixedText[..end]);
        }

        var pointer = *(byte**)at;
        return pointer is null ? "" : Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(pointer));
    }

    private static object[] Row(byte* at, int count, Hdf5Type element)
    {
        var row = new object[at is null ? 0 : count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = Decode(at + ((long)i * element.Size), element);
        }

        return row;
    }
}
