using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Arrays;

/// <summary>
/// NumPy's <c>.npy</c>, format 1.0 and 2.0 (NumPy Enhancement Proposal 1): a header in Python's notation, then the elements. Read are
/// little-endian float32 and float64, in the order of C or of Fortran; written is format 1.0 in the order of C.
/// </summary>
public static partial class NpyFile
{
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <exception cref="DiagnosticException">BM3600: it cannot be read; BM3601: it is no .npy file, or is damaged; BM3602: its numbers are of another kind.</exception>
    public static NumberArray Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException("BM3600", $"the file cannot be read: {error.Message}", new Place(path), "a readable file of less than 2 GB", "check the path and the file's permissions", error);
        }

        return Decode(bytes, path);
    }

    /// <summary>Reads a file's content.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="DiagnosticException">BM3601, BM3602.</exception>
    public static NumberArray Decode(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < 10 || !bytes.StartsWith(Magic))
        {
            throw Damaged(path, "the file does not begin as a .npy file does", "the bytes 93 'NUMPY', a version and a header");
        }

        var (major, minor) = (bytes[6], bytes[7]);
        var isLong = major == 2;
        if (major is not (1 or 2) || minor != 0 || (isLong && bytes.Length < 12))
        {
            throw Damaged(path, $"the file has version {major}.{minor} of the format", "version 1.0 or 2.0");
        }

        var start = isLong ? 12 : 10;
        long length = isLong ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (start + length > bytes.Length)
        {
            throw Damaged(path, $"the header should have {length} bytes, and the file ends after {bytes.Length - start}", "a whole file");
        }

        var header = Encoding.Latin1.GetString(bytes.Slice(start, (int)length));
        var (isSingle, isFortran, shape) = Header(header, path);
        var elements = bytes[(start + (int)length)..];
        var count = NumberArray.Count(shape);
        if (count < 0 || elements.Length != count * (isSingle ? 4 : 8))
        {
            throw Damaged(path, $"the file holds {elements.Length} bytes of elements", $"{(isSingle ? 4 : 8)} bytes for each of [{string.Join(", ", shape)}]");
        }

        var values = isSingle ? Array.ConvertAll(MemoryMarshal.Cast<byte, float>(elements).ToArray(), static value => (double)value) : MemoryMarshal.Cast<byte, double>(elements).ToArray();
        return new(shape, isFortran ? Transposed(values, shape) : values, isSingle);
    }

    /// <summary>The content of a file.</summary>
    public static byte[] Encode(NumberArray array)
    {
        var shape = array.Shape.Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"({array.Shape[0]},)") : $"({string.Join(", ", array.Shape)})";
        var header = $"{{'descr': '{(array.IsSingle ? "<f4" : "<f8")}', 'fortran_order': False, 'shape': {shape}, }}";
        var length = (10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment;
        header = header.PadRight(length - 11) + "\n";
        var elements = array.IsSingle ? MemoryMarshal.AsBytes(Array.ConvertAll(array.Elements, static value => (float)value).AsSpan()) : MemoryMarshal.AsBytes(array.Elements.AsSpan());
        var bytes = new byte[length + elements.Length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(10));
        elements.CopyTo(bytes.AsSpan(length));
        return bytes;
    }

    private static (bool IsSingle, bool IsFortran, long[] Shape) Header(string header, string path)
    {
        var (kind, order, shape) = (Kind().Match(header), Order().Match(header), Shape().Match(header));
        var rest = Shape().Replace(Order().Replace(Kind().Replace(header, "", 1), "", 1), "", 1);
        if (!kind.Success || !order.Success || !shape.Success || !Rest().IsMatch(rest))
        {
            throw Damaged(path, $"the header is {header.Trim()}", "the keys 'descr', 'fortran_order' and 'shape'");
        }

        if (kind.Groups[1].Value is not ("'<f4'" or "'<f8'"))
        {
            throw new DiagnosticException("BM3602", $"the elements are of the type {kind.Groups[1].Value}", new Place(path), "little-endian float32 ('<f4') or float64 ('<f8')",
                "save the array as float32: numpy.save(file, array.astype('<f4'))");
        }

        var lengths = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!lengths.All(static text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw Damaged(path, $"the shape is ({shape.Groups[1].Value})", "whole numbers");
        }

        return (kind.Groups[1].Value == "'<f4'", order.Groups[1].Value == "True", [.. lengths.Select(static text => long.Parse(text, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Elements in the order of C, of those in the order of Fortran.</summary>
    private static double[] Transposed(double[] elements, long[] shape)
    {
        var transposed = new double[elements.Length];
        var index = new long[shape.Length];
        for (var from = 0; from < elements.Length; from++)
        {
            var to = 0L;
            for (var axis = 0; axis < shape.Length; axis++)
            {
                to = (to * shape[axis]) + index[axis];
            }

            transposed[to] = elements[from];
            for (var axis = 0; axis < shape.Length && ++index[axis] == shape[axis]; axis++)
            {
                index[axis] = 0;
            }
        }

        return transposed;
    }

    private static DiagnosticException Damaged(string path, string problem, string expected) =>
        new("BM3601", problem, new Place(path), expected, "write the file again with numpy.save");

    [GeneratedRegex(@"'descr':\s*('[^']*'|\[[^\]]*\])")]
    private static partial Regex Kind();

    [GeneratedRegex("'fortran_order':\\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"^\s*\{[\s,]*\}\s*$")]
    private static partial Regex Rest();
}
