using System.Buffers.Binary;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// Checks the structures that libhdf5 believes without a look, and crashes or never ends where they are damaged: global heap collections, which hold texts of any length, and the nodes of groups
/// (HDF5 File Format Specification 3.0, sections III.A.1, III.B and III.E). They are found by their signatures, and one that is damaged counts only where something that holds such addresses points to it: what was
/// deleted may lie around half overwritten.
/// </summary>
internal sealed class StructureInspection
{
    // Larger files are not searched: reading them whole would take longer than what one has of it.
    private const long MostBytes = 1L << 28;
    private const int ChunkLength = 1 << 20;
    private const int ObjectHeader = 16, NodeHeader = 24, EntryLength = 40;

    // Of a link by name the header's address is undefined.
    private const int SoftLink = 2;

    private readonly string path;
    private readonly FileStream stream;
    private readonly long begin;
    private readonly byte[] chunk = new byte[ChunkLength];
    private long objects;

    private StructureInspection(string path, FileStream stream, long begin) => (this.path, this.stream, this.begin) = (path, stream, begin);

    /// <param name="path">A file that libhdf5 has opened: it is complete.</param>
    /// <exception cref="DiagnosticException">BM3008: a structure is damaged.</exception>
    public static void Check(string path)
    {
        using var stream = InputFile.Open(path, "an HDF5 file");
        var inspection = new StructureInspection(path, stream, FileInspection.FindSignature(stream));
        if (stream.Length <= MostBytes && inspection.HasLongAddresses())
        {
            inspection.Check();
        }
    }

    /// <summary>Whether addresses and lengths have eight bytes, as all files here have.</summary>
    private bool HasLongAddresses()
    {
        var superblock = Bytes(begin, 16);
        return superblock[8] < 2 ? (superblock[13], superblock[14]) == (8, 8) : (superblock[9], superblock[10]) == (8, 8);
    }

    private void Check()
    {
        long[] heaps = [.. Find([.. "GCOL"u8, 1, 0, 0, 0])], nodes = [.. Find([.. "TREE"u8, 0])], lists = [.. Find([.. "SNOD"u8, 1, 0])];
        Refuse(heaps, Heap, IsText);
        Refuse(nodes, Node, at => IsTable(at) || IsChild(nodes, at));
        Refuse(lists, Symbols, at => IsChild(nodes, at));
    }

    /// <param name="places">Where structures of one kind stand.</param>
    /// <param name="problem">What is wrong with one; null for nothing.</param>
    /// <param name="points">Whether an address that stands at a place is one that points to such a structure.</param>
    private void Refuse(long[] places, Func<long, string?> problem, Func<long, bool> points)
    {
        var damaged = new Dictionary<long, string>();
        foreach (var at in places)
        {
            if (problem(at) is { } found)
            {
                damaged[at - begin] = found;
            }
        }

        if (damaged.Count > 0 && FindAddress(damaged, points) is { } address)
        {
            throw new DiagnosticException(
                "BM3008", damaged[address], new Place(path, FormattableString.Invariant($"byte {address + begin}")), "an undamaged HDF5 file",
                "copy or download the file again; if h5dump reads it, h5repack makes a file of what is still in use");
        }
    }

    /// <summary>Whether a text's length stands before an address, and its number in the heap behind it.</summary>
    private bool IsText(long at) => at >= 4
        && BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at - 4, 4)) is > 0 and < int.MaxValue && BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at + 8, 4)) is > 0 and <= ushort.MaxValue;

    /// <summary>Whether the address of a heap of names stands behind an address, as wherever a group's tree is told.</summary>
    private bool IsTable(long at) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(at + 8, 8)) is var names && IsInside(names) && Bytes(begin + names, 4).AsSpan().SequenceEqual("HEAP"u8);

    /// <summary>Whether an address stands among a node's children.</summary>
    private bool IsChild(long[] nodes, long at)
    {
        var place = Array.BinarySearch(nodes, at);
        var before = (place < 0 ? ~place : place) - 1;
        var node = before >= 0 ? nodes[before] : 0;
        var entry = at - node - NodeHeader - 8;
        return node > 0 && entry >= 0 && entry % 16 == 0 && entry / 16 < BinaryPrimitives.ReadUInt16LittleEndian(Bytes(node + 6, 2));
    }

    /// <summary>What is wrong with a collection of the global heap: its objects have to fill it without going beyond.</summary>
    private string? Heap(long at)
    {
        var size = (ulong)BinaryPrimitives.ReadInt64LittleEndian(Bytes(at + 8, 8));
        if (size < 32 || size > (ulong)(stream.Length - at))
        {
            return $"a heap of texts would have {size} bytes";
        }

        var end = at + (long)size;
        for (var next = at + ObjectHeader; end - next >= ObjectHeader;)
        {
            if (++objects > stream.Length / ObjectHeader)
            {
                return "heaps of texts overlap: together they would have more objects than the file has room for";
            }

            var header = Bytes(next, ObjectHeader);
            var (index, length) = (BinaryPrimitives.ReadUInt16LittleEndian(header), BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8)));
            var needed = index == 0 ? length : length > (ulong)(end - next) ? ulong.MaxValue : ObjectHeader + ((length + 7) & ~7UL);
            if (needed < ObjectHeader || needed > (ulong)(end - next))
            {
                return $"object {index} of a heap of texts would have {length} bytes, and {end - next} are left";
            }

            next += (long)needed;
        }

        return null;
    }

    /// <summary>What is wrong with a node of a group's tree: what it points to has to lie in the file.</summary>
    private string? Node(long at)
    {
        var header = Bytes(at, NodeHeader);
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6));
        var children = Bytes(at + NodeHeader, 16 * entries);
        for (var i = 0; i < entries && 16 * (i + 1) <= children.Length; i++)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(children.AsSpan((16 * i) + 8)) is var child && !IsInside(child))
            {
                return $"a group's node points to byte {(ulong)child}, outside of the file";
            }
        }

        return null;
    }

    /// <summary>What is wrong with a list of a group's members: their headers have to lie in the file.</summary>
    private string? Symbols(long at)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at + 6, 2));
        var entries = Bytes(at + 8, EntryLength * count);
        for (var i = 0; i < count && EntryLength * (i + 1) <= entries.Length; i++)
        {
            var entry = entries.AsSpan(EntryLength * i, EntryLength);
            if (BinaryPrimitives.ReadInt64LittleEndian(entry[8..]) is var address && !IsInside(address) && BinaryPrimitives.ReadInt32LittleEndian(entry[16..]) != SoftLink)
            {
                return $"a member of a group would lie at byte {(ulong)address}, outside of the file";
            }
        }

        return null;
    }

    private bool IsInside(long address) => address >= 0 && address < stream.Length - begin;

    /// <summary>The first of these addresses that is pointed to; null for none.</summary>
    private long? FindAddress(Dictionary<long, string> addresses, Func<long, bool> points)
    {
        for (long start = 0; start < stream.Length; start += ChunkLength - sizeof(long) + 1)
        {
            stream.Position = start;
            var length = stream.ReadAtLeast(chunk, ChunkLength, throwOnEndOfStream: false);
            for (var at = 0; at + sizeof(long) <= length; at++)
            {
                if (BinaryPrimitives.ReadInt64LittleEndian(chunk.AsSpan(at)) is var address && addresses.ContainsKey(address) && points(start + at))
                {
                    return address;
                }
            }

            if (length < ChunkLength)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Where a signature stands, in order.</summary>
    private IEnumerable<long> Find(byte[] signature)
    {
        for (long start = 0; start < stream.Length; start += ChunkLength - signature.Length + 1)
        {
            stream.Position = start;
            var length = stream.ReadAtLeast(chunk, ChunkLength, throwOnEndOfStream: false);
            var found = new List<long>();
            for (var from = 0; chunk.AsSpan(from, length - from).IndexOf(signature) is var at && at >= 0; from += at + 1)
            {
                found.Add(start + from + at);
            }

            foreach (var at in found)
            {
                yield return at;
            }

            if (length < ChunkLength)
            {
                yield break;
            }
        }
    }

    /// <summary>Bytes of the file, zeros or fewer where it ends before.</summary>
    private byte[] Bytes(long at, int length)
    {
        var bytes = new byte[Math.Max(length <= NodeHeader ? length : 0, (int)Math.Clamp(stream.Length - at, 0, length))];
        stream.Position = Math.Min(at, stream.Length);
        _ = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }
}
