using System.Runtime.InteropServices;
using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Igor;

/// <summary>
/// An Igor binary wave (.ibw), version 2 or 5, of either byte order: real numbers of one dimension with a scale of time, as Wavemetrics' technical note 3 describes them.
/// </summary>
public sealed class IgorWave : IDisposable
{
    private const int Header2 = 126, Header5 = 384, Padding2 = 16;
    private const int PieceLength = 1 << 16;
    private const int ComplexFlag = 1;

    // Igor counts seconds from there.
    private static readonly DateTime Epoch = new(1904, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly BinaryFile file;
    private readonly int type;
    private readonly long dataAt;

    private IgorWave(BinaryFile file)
    {
        this.file = file;
        var version = file.Int16(0);
        var (header, wave) = version == 2 ? (Header2, 16) : (Header5, 64);
        Check(header);
        dataAt = header;
        (type, var countAt, var created, var nameAt, var nameLength, var scaleAt, var unitsAt, var noteLengthAt) = version == 2
            ? (file.Int16(wave), wave + 42, file.UInt32(wave + 96), wave + 6, 20, wave + 48, wave + 34, 6)
            : (file.Int16(wave + 16), wave + 12, file.UInt32(wave + 4), wave + 28, 32, wave + 84, wave + 148, 12);
        var formula = version == 2 ? Padding2 : file.Int32(8);
        Count = file.Int32(countAt);
        if (Count < 0)
        {
            throw file.Impossible("the number of points", Count, countAt, "a number from 0");
        }

        file.Need(dataAt, Count * SizeOf(version == 2 ? wave : wave + 16), $"{Count} points");
        if (version == 5 && file.Int32(wave + 72) > 0)
        {
            throw new DiagnosticException(
                "BM2904", $"the wave has several dimensions: {file.Int32(wave + 68)} x {file.Int32(wave + 72)}", file.At(wave + 68), "one dimension, time",
                "save each column as a wave of its own: in Igor, Duplicate/O/R=[][0] wave, column0; Redimension/N=-1 column0");
        }

        Name = file.Text(nameAt, nameLength);
        Unit = file.Text(unitsAt, 4);
        Rate = RateOf(scaleAt, file.Text(unitsAt + 4, 4));
        Created = created == 0 ? null : Epoch.AddSeconds(created);
        var noteAt = dataAt + (Count * SizeOf(version == 2 ? wave : wave + 16)) + formula;
        var noteLength = file.Int32(noteLengthAt);
        file.Need(noteAt, noteLength, "the wave's note");
        Note = noteLength > 0 ? file.Text(noteAt, noteLength).ReplaceLineEndings("\n") : "";
    }

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>The wave's name.</summary>
    public string Name { get; }

    /// <summary>The unit of its numbers, of at most 3 characters; empty where the file has none.</summary>
    public string Unit { get; }

    /// <summary>How many numbers.</summary>
    public long Count { get; }

    /// <summary>Numbers per s.</summary>
    public double Rate { get; }

    /// <summary>When the wave was made, by the recording computer's clock; null where the file does not say.</summary>
    public DateTime? Created { get; }

    /// <summary>The wave's note.</summary>
    public string Note { get; }

    /// <summary>Whether a file begins as one of this format does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> begin) => begin.Length >= 2 && begin[0] + begin[1] is >= 1 and <= 5 && (begin[0] == 0 || begin[1] == 0);

    /// <summary>Opens a file; its numbers are read when they are asked for.</summary>
    /// <exception cref="DiagnosticException">
    /// BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable, BM2901 not of the format, BM2902 cut off, BM2903 a value that cannot be,
    /// BM2904 of a kind that is not read, BM2905 damaged.
    /// </exception>
    public static IgorWave Open(string path)
    {
        var file = new BinaryFile(path, "an Igor binary wave");
        try
        {
            return new IgorWave(Ordered(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The numbers as they are stored.</summary>
    public NumberStream Numbers() => type switch
    {
        0x02 => Stream<float>(), 0x04 => Stream<double>(), 0x08 => Stream<sbyte>(), 0x10 => Stream<short>(), 0x20 => Stream<int>(),
        0x48 => Stream<byte>(), 0x50 => Stream<ushort>(), 0x60 => Stream<uint>(),
        _ => throw new InvalidOperationException($"a wave of type {type} was opened"),
    };

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    // The version, a small number, tells the order of bytes.
    private static BinaryFile Ordered(BinaryFile file)
    {
        var begin = file.Bytes(0, 2);
        if (!Recognises(begin))
        {
            throw new DiagnosticException("BM2901", "the file does not begin as an Igor wave does", file.At(0), "a version of 2 or 5, of 2 bytes", "name a wave that was saved with Igor's Save command");
        }

        var version = begin[0] + begin[1];
        if (version is not (2 or 5))
        {
            throw new DiagnosticException("BM2904", $"the wave is of version {version}", file.At(0), "version 2 or 5", "save the wave again with Igor's Save command");
        }

        file.BigEndian = begin[0] == 0;
        return file;
    }

    // The header's 16-bit numbers add up to 0.
    private void Check(int header)
    {
        file.Need(0, header, "the header");
        short sum = 0;
        for (var at = 0; at < header; at += 2)
        {
            sum = unchecked((short)(sum + file.Int16(at)));
        }

        if (sum != 0)
        {
            throw new DiagnosticException("BM2905", $"the header's checksum is {sum}", file.At(0), "0: a header without damage", "copy the file again from where it was recorded");
        }
    }

    private int SizeOf(long typeAt) => type switch
    {
        0x02 or 0x20 or 0x60 => 4, 0x04 => 8, 0x08 or 0x48 => 1, 0x10 or 0x50 => 2,
        0 => throw new DiagnosticException("BM2904", "the wave holds texts", file.At(typeAt), "real numbers", "name the wave of the recording"),
        _ when (type & ComplexFlag) != 0 => throw new DiagnosticException("BM2904", "the wave holds complex numbers", file.At(typeAt), "real numbers", "name the wave of the recording"),
        _ => throw file.Impossible("the type of numbers", type, typeAt, "one of 2, 4, 8, 16, 32, 72, 80, 96"),
    };

    private double RateOf(long scaleAt, string unit)
    {
        var factor = unit switch { "s" or "sec" or "" => 1, "ms" => 1e-3, "us" or "\u00b5s" => 1e-6, _ => 0 };
        var interval = file.Double(scaleAt) * factor;
        return interval > 0 && double.IsFinite(interval) ? 1 / interval : throw file.Impossible(
            "the interval of two points", $"{file.Double(scaleAt):G6} {unit}", scaleAt, "a number of s, ms or us above 0: a wave of time");
    }

    private NumberStream<T> Stream<T>()
        where T : unmanaged, System.Numerics.INumber<T> => new(Count, Pieces<T>());

    private IEnumerable<T[]> Pieces<T>()
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        for (var at = 0L; at < Count; at += PieceLength)
        {
            var piece = new T[Math.Min(PieceLength, Count - at)];
            Read(dataAt + (size * at), MemoryMarshal.AsBytes(piece.AsSpan()), size);
            yield return piece;
        }
    }

    private void Read(long at, Span<byte> bytes, int size)
    {
        file.Fill(at, bytes);
        for (var i = 0; file.BigEndian && i < bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }
    }
}
