using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>Makes diagnostics of what libhdf5 and the operating system report about a file.</summary>
internal static unsafe class Hdf5Fault
{
    [ThreadStatic]
    private static List<string>? _entries;

    /// <summary>The diagnostic for a call of libhdf5 that failed just now: it reads the library's error stack, which the next call would clear.</summary>
    public static DiagnosticException Native(string file, string? path, string doing)
    {
        var reasons = Reasons();
        var detail = reasons.Count == 0 ? "the library gives no reason" : string.Join(" <- ", reasons.Take(4));
        var place = new Place(file, path);
        if (Mentions(reasons, "truncated file"))
        {
            return new DiagnosticException(
                "BM3005", $"the file ends before its data does: it is truncated ({detail})", place, "a complete HDF5 file", "copy or download the file again");
        }

        if (Mentions(reasons, "already open for write"))
        {
            return new DiagnosticException(
                "BM3006",
                "the file is marked as open for writing: another program is writing it, or one ended without closing it",
                place,
                "a file that its writer has closed",
                "close the writer; if it has crashed, run 'h5clear -s --increment=0' on a copy of the file");
        }

        if (Mentions(reasons, "No space left") || Mentions(reasons, "errno = 28"))
        {
            return DiskFull(file);
        }

        return new DiagnosticException(
            "BM3007", $"{doing} failed ({detail})", place, "an undamaged HDF5 file", "copy or download the file again, or check it with h5dump");
    }

    /// <summary>The diagnostic for an exception that the operating system raised for a file.</summary>
    public static DiagnosticException System(string file, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new DiagnosticException(
            "BM3001", "there is no such file", new Place(file), "an HDF5 or NWB file", "check the path", exception),
        UnauthorizedAccessException => new DiagnosticException(
            "BM6103", "permission to the file is denied", new Place(file), "a file that this user may use", "change the file's or its folder's permissions", exception),
        IOException when IsDiskFull(exception) => DiskFull(file),
        _ => new DiagnosticException("BM6105", $"the file cannot be used: {exception.Message}", new Place(file), inner: exception),
    };

    private static DiagnosticException DiskFull(string file) =>
        new("BM6104", "the disk is full", new Place(file), "room for the file", "free some space or choose another folder");

    private static bool IsDiskFull(Exception exception) => (exception.HResult & 0xFFFF) is 28 or 112;

    private static bool Mentions(List<string> reasons, string words) =>
        reasons.Exists(reason => reason.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static List<string> Reasons()
    {
        _entries = [];
        _ = Hdf5.Native.H5Ewalk2(0, 0, &Collect, null);
        return _entries;
    }

    // Called from the innermost function outwards.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Collect(uint index, Hdf5.Native.ErrorEntry* entry, void* data)
    {
        var text = Marshal.PtrToStringUTF8((nint)entry->Description);
        if (!string.IsNullOrEmpty(text))
        {
            _entries!.Add(text);
        }

        return 0;
    }
}
