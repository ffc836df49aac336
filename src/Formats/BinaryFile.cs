using System.Buffers.Binary;
using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Formats;

/// <summary>A file of numbers at known places, read by parts. What lies outside of it is a fault that names the byte.</summary>
internal sealed class BinaryFile : IDisposable
{
    private readonly FileStream stream;
    private readonly string expected;

    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, such as "an Igor wave".</param>
    /// <exception cref="DiagnosticException">What <see cref="InputFile.Open"/> throws.</exception>
    public BinaryFile(string path, string expected)
    {
        stream = InputFile.Open(path, expected);
        this.expected = expected;
        Path = path;
    }

    public string Path { get; }

    public long Length => stream.Length;

    public bool BigEndian { get; set; }

    public short Int16(long at) => BigEndian ? BinaryPrimitives.ReadInt16BigEndian(Bytes(at, 2)) : BinaryPrimitives.ReadInt16LittleEndian(Bytes(at, 2));

    public int Int32(long at) => BigEndian ? BinaryPrimitives.ReadInt32BigEndian(Bytes(at, 4)) : BinaryPrimitives.ReadInt32LittleEndian(Bytes(at, 4));

    public uint UInt32(long at) => unchecked((uint)Int32(at));

    public long Int64(long at) => BigEndian ? BinaryPrimitives.ReadInt64BigEndian(Bytes(at, 8)) : BinaryPrimitives.ReadInt64LittleEndian(Bytes(at, 8));

    public float Single(long at) => BitConverter.Int32BitsToSingle(Int32(at));

    public double Double(long at) => BitConverter.Int64BitsToDouble(Int64(at));

    /// <summary>A text of one byte a character, without what follows a zero and without white space around it.</summary>
    public string Text(long at, int length)
    {
        var text = Encoding.Latin1.GetString(Bytes(at, length));
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).Trim();
    }

    public byte[] Bytes(long at, int length)
    {
        Need(at, length, $"{length} bytes");
        var bytes = new byte[length];
        Fill(at, bytes);
        return bytes;
    }

    /// <summary>Reads into a buffer; what it asks for is known to be inside of the file.</summary>
    public void Fill(long at, Span<byte> buffer)
    {
        stream.Position = at;
        stream.ReadExactly(buffer);
    }

    /// <exception cref="DiagnosticException">BM2902: the file ends before that.</exception>
    public void Need(long at, long length, string what)
    {
        if (at < 0 || length < 0 || at > Length - length)
        {
            throw new DiagnosticException(
                "BM2902", $"{what} should lie from byte {at} on, and the file has {Length} bytes", At(at), $"the whole of {expected}",
                "copy the file again from where it was recorded; what is missing can't be made up");
        }
    }

    /// <summary>A value of the header that cannot be.</summary>
    public DiagnosticException Impossible(string name, object value, long at, string possible) => new(
        "BM2903", FormattableString.Invariant($"{name} is {value}"), At(at), possible, "copy the file again; where it is whole, its header is damaged or of a variant that is not read");

    public Place At(long at) => new(Path, FormattableString.Invariant($"byte {at}"));

    public void Dispose() => stream.Dispose();
}
