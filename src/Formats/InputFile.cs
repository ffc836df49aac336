using BrainModular.Diagnostics;

namespace BrainModular.Formats;

/// <summary>Opens a user's file for reading, or says why it cannot be.</summary>
internal static class InputFile
{
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable.</exception>
    public static FileStream Open(string path, string expected)
    {
        var place = new Place(path);
        if (Directory.Exists(path))
        {
            throw new DiagnosticException("BM3002", "this is a folder", place, expected, "name a file in it");
        }

        // A pipe has no bytes either, and opening one would wait for a writer.
        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            throw Empty(place, expected);
        }

        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException("BM3001", "there is no such file", place, expected, "check the path", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DiagnosticException(
                "BM6103", "permission to the file is denied", place, "a file that this user may use", "change the file's or its folder's permissions", exception);
        }
        catch (IOException exception)
        {
            throw new DiagnosticException("BM6105", $"the file cannot be used: {exception.Message}", place, expected, "check the path", exception);
        }

        if (stream.Length > 0)
        {
            return stream;
        }

        stream.Dispose();
        throw Empty(place, expected);
    }

    private static DiagnosticException Empty(Place place, string expected) => new("BM3003", "the file is empty", place, expected, "copy or download the file again");
}
