using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace BrainModular.Formats.Tables;

/// <summary>Reads numbers and values of SQLite's records one after the other; what lies outside is a fault.</summary>
internal sealed class SqliteCursor(byte[] bytes, int at, int end, Func<string, Exception> damaged)
{
    public int At { get; private set; } = at;

    /// <summary>A number of one to nine bytes, seven bits each but for the last one's eight.</summary>
    public long Integer()
    {
        var value = 0L;
        for (var i = 0; i < 8; i++)
        {
            var next = Bytes(1)[0];
            value = (value << 7) | (next & 0x7FL);
            if (next < 0x80)
            {
                return value;
            }
        }

        return (value << 8) | Bytes(1)[0];
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (At < 0 || count < 0 || count > end - At)
        {
            throw damaged($"{count} bytes from {At} on lie outside of its {end}");
        }

        var taken = bytes.AsSpan(At, (int)count);
        At += (int)count;
        return taken;
    }

    /// <summary>A value of a serial type as text: empty where it is null, hexadecimal where it is no text.</summary>
    public string Value(long type, Encoding encoding) => type switch
    {
        0 => "",
        1 or 2 or 3 or 4 => Signed((int)type),
        5 => Signed(6),
        6 => Signed(8),
        7 => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)).ToString("R", CultureInfo.InvariantCulture),
        8 => "0",
        9 => "1",
        >= 12 => type % 2 == 1 ? encoding.GetString(Bytes((type - 13) / 2)) : Convert.ToHexString(Bytes((type - 12) / 2)),
        _ => throw damaged($"a value is of the type {type}"),
    };

    private string Signed(int length)
    {
        var value = 0L;
        foreach (var (i, next) in Bytes(length).ToArray().Index())
        {
            value = i == 0 ? (sbyte)next : (value << 8) | next;
        }

        return value.ToString(CultureInfo.InvariantCulture);
    }
}
