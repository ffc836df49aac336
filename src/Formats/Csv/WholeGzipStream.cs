using System.Buffers.Binary;
using System.IO.Compression;

namespace BrainModular.Formats.Csv;

/// <summary>
/// What a gzip file holds, of one member or of several behind one another (RFC 1952). The library takes a file that was cut off for a shorter one; here its end is
/// held against the length and the checksum that a member ends with.
/// </summary>
internal sealed class WholeGzipStream : ForwardStream
{
    private const uint Polynomial = 0xEDB88320;
    private const int LeastLength = 20, TrailerLength = 8;

    // The end of a member without content: an empty block of fixed codes before the trailer.
    private static readonly byte[] EmptyBlock = [0x03, 0x00];
    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(static i => Remainder((uint)i))];

    private readonly FileStream file;
    private readonly GZipStream content;
    private readonly uint endChecksum;
    private readonly uint endLength;
    private readonly bool endsEmpty;
    private long total;
    private bool hasEnded;

    /// <param name="file">The file, closed with this.</param>
    /// <exception cref="InvalidDataException">It is too short to be one.</exception>
    public WholeGzipStream(FileStream file)
    {
        this.file = file;
        if (file.Length < LeastLength)
        {
            throw new InvalidDataException($"it has {file.Length} bytes");
        }

        var end = new byte[EmptyBlock.Length + TrailerLength];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        endsEmpty = end.AsSpan().StartsWith(EmptyBlock);
        endChecksum = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(^TrailerLength..));
        endLength = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(^4..));
        content = Unpack();
    }

    /// <summary>What a file holds, unpacked where it is packed.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <exception cref="InvalidDataException">It begins as a packed file does, and is too short to be one.</exception>
    public static Stream Unpacked(FileStream file)
    {
        var isPacked = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isPacked ? new WholeGzipStream(file) : file;
    }

    protected override Stream Source => content;

    /// <exception cref="InvalidDataException">The file is damaged or was cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        total += read;
        if (read > 0 || buffer.Length == 0 || hasEnded)
        {
            return read;
        }

        hasEnded = true;
        return unchecked((uint)total) == endLength || EndsWithMember() ? 0 : throw new InvalidDataException($"{total} bytes came out of it, and it ends as one of {endLength} does");
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            file.Dispose();
        }
    }

    private static uint Remainder(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
        }

        return value;
    }

    private GZipStream Unpack()
    {
        file.Position = 0;
        return new(file, CompressionMode.Decompress, leaveOpen: true);
    }

    // Of several members the last one's length and checksum stand at the end: the last bytes of all that came out must have them.
    private bool EndsWithMember()
    {
        if (endLength == 0 || endLength > total)
        {
            return endLength == 0 && endChecksum == 0 && endsEmpty;
        }

        using var again = Unpack();
        var (at, checksum, buffer) = (0L, uint.MaxValue, new byte[1 << 16]);
        for (int read; (read = again.Read(buffer)) > 0; at += read)
        {
            for (var i = (int)Math.Clamp(total - endLength - at, 0, read); i < read; i++)
            {
                checksum = Remainders[(checksum ^ buffer[i]) & 0xFF] ^ (checksum >> 8);
            }
        }

        return ~checksum == endChecksum;
    }
}
