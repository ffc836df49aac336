using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// Decompression of LZF chunks, which h5py writes and libhdf5 does not know: filter 32000. The stream is a row of items. A control
/// byte below 32 is followed by that many bytes plus one, to be taken as they are. Otherwise its three upper bits are the length of
/// a copy less two (7: one more byte is added to it), and its five lower bits with the next byte the distance back, less one.
/// </summary>
internal static unsafe class LzfFilter
{
    public const int Id = 32000;

    /// <summary>The answer of <see cref="Decode"/> for a stream that ends early or points before its start.</summary>
    public const int Broken = -1;

    /// <summary>The answer of <see cref="Decode"/> for a stream that holds more than the output can take.</summary>
    public const int TooLong = -2;

    private const uint Decoding = 0x100;

    /// <summary>Makes the filter known to libhdf5.</summary>
    public static void Register()
    {
        // H5Z_class2_t; libhdf5 copies it, and the name has to stay where it is.
        var name = Marshal.StringToCoTaskMemUTF8("lzf");
        var filter = new FilterClass { Version = 1, Id = Id, HasDecoder = 1, Name = name, Function = &Run };
        _ = Native.H5Zregister(&filter);
    }

    /// <summary>Decompresses into <paramref name="output"/> and returns the number of bytes written, <see cref="Broken"/> or <see cref="TooLong"/>.</summary>
    public static int Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int read = 0, written = 0;
        while (read < input.Length)
        {
            int control = input[read++];
            if (control < 32)
            {
                var count = control + 1;
                if (read + count > input.Length)
                {
                    return Broken;
                }

                if (written + count > output.Length)
                {
                    return TooLong;
                }

                input.Slice(read, count).CopyTo(output[written..]);
                read += count;
                written += count;
                continue;
            }

            var length = control >> 5;
            if (length == 7 && read < input.Length)
            {
                length += input[read++];
            }

            length += 2;
            var from = read < input.Length ? written - ((control & 31) << 8) - input[read++] - 1 : -1;
            if (from < 0)
            {
                return Broken;
            }

            if (written + length > output.Length)
            {
                return TooLong;
            }

            // Byte by byte, because a copy may overlap what it writes.
            for (var end = written + length; written < end; written++, from++)
            {
                output[written] = output[from];
            }
        }

        return written;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Run(uint flags, nuint valueCount, uint* values, nuint byteCount, nuint* bufferSize, void** buffer)
    {
        if ((flags & Decoding) == 0 || byteCount > int.MaxValue)
        {
            return 0;
        }

        // The third value is the chunk's size; files that lack it make the buffer grow until the data fits.
        var size = valueCount >= 3 && values[2] is > 0 and <= int.MaxValue ? values[2] : (nuint)Math.Max(4096, 4 * (ulong)byteCount);
        for (; size <= int.MaxValue; size *= 2)
        {
            var output = Native.H5allocate_memory(size, 0);
            if (output is null)
            {
                return 0;
            }

            var written = Decode(new ReadOnlySpan<byte>(*buffer, (int)byteCount), new Span<byte>(output, (int)size));
            if (written > 0)
            {
                _ = Native.H5free_memory(*buffer);
                *buffer = output;
                *bufferSize = size;
                return (nuint)written;
            }

            _ = Native.H5free_memory(output);
            if (written != TooLong)
            {
                return 0;
            }
        }

        return 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterClass
    {
        public int Version;
        public int Id;
        public uint HasEncoder;
        public uint HasDecoder;
        public nint Name;
        public nint CanApply;
        public nint SetLocal;
        public delegate* unmanaged[Cdecl]<uint, nuint, uint*, nuint, nuint*, void**, nuint> Function;
    }
}
