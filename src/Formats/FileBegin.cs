using BrainModular.Diagnostics;

namespace BrainModular.Formats;

/// <summary>How a file begins, by which its format is told.</summary>
public static class FileBegin
{
    /// <summary>The first bytes of a file, fewer where it is shorter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="expected">What it should be, such as "a recording".</param>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable.</exception>
    public static byte[] Read(string path, int length, string expected)
    {
        using var stream = InputFile.Open(path, expected);
        var begin = new byte[length];
        return begin[..stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false)];
    }
}
