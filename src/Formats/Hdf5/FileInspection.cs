using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>What can be said about a file before libhdf5 sees it.</summary>
internal static class FileInspection
{
    // Signature, superblock and a root group's header: less than this is no complete file.
    private const int SmallestFile = 96;

    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file is HDF5.</summary>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied.</exception>
    public static bool IsHdf5(string path, string expected)
    {
        using var stream = InputFile.Open(path, expected);
        return FindSignature(stream) >= 0;
    }

    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM3004 not HDF5, BM3005 truncated, BM6103 permission denied.</exception>
    public static void CheckReadable(string path)
    {
        var place = new Place(path);
        if (Directory.Exists(path))
        {
            throw new DiagnosticException("BM3002", "this is a folder", place, "an HDF5 or NWB file", "name a file in it");
        }

        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            throw new DiagnosticException("BM3003", "the file is empty", place, "an HDF5 or NWB file", "copy or download the file again");
        }

        long length, begin;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            (length, begin) = (stream.Length, FindSignature(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Hdf5Fault.System(path, exception);
        }

        if (begin < 0)
        {
            throw new DiagnosticException(
                "BM3004", "this is not an HDF5 file: it does not start with HDF5's signature", place, "an HDF5 or NWB file",
                "check that the path names the recording itself (a Git LFS pointer or a web page saved under its name is neither)");
        }

        if (length < SmallestFile)
        {
            throw new DiagnosticException(
                "BM3005", $"the file ends after {length} bytes, before its data does: it is truncated", place, "a complete HDF5 file", "copy or download the file again");
        }
    }

    /// <summary>Where the signature stands: at the start or, after a block of the user's own, at 512 bytes, 1024, 2048 and so on; -1 where there is none.</summary>
    public static long FindSignature(FileStream stream)
    {
        var bytes = new byte[Signature.Length];
        for (long at = 0; at + bytes.Length <= stream.Length; at = at == 0 ? 512 : 2 * at)
        {
            stream.Position = at;
            stream.ReadExactly(bytes);
            if (bytes.AsSpan().SequenceEqual(Signature))
            {
                return at;
            }
        }

        return -1;
    }
}
