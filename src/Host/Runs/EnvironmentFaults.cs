using BrainModular.Diagnostics;

namespace BrainModular.Host.Runs;

/// <summary>What the operating system refuses, as faults of the environment.</summary>
internal static class EnvironmentFaults
{
    /// <summary>The fault behind an exception, or null where it is none of the environment's.</summary>
    public static Diagnostic? Of(Exception exception, string? path) => exception switch
    {
        UnauthorizedAccessException => new("BM6103", $"permission is denied: {exception.Message}", new(path), "a file or folder that this user may write to", "choose another folder with --out, or change the permissions"),
        IOException when (exception.HResult & 0xFFFF) is 28 or 112 => new("BM6104", "the disk is full", new(path), "room for the run's files", "free some space, or choose another folder with --out"),
        IOException when (exception.HResult & 0xFFFF) is 30 or 19 => new("BM6103", "the file system is read-only", new(path), "a folder that can be written to", "choose another folder with --out"),
        DllNotFoundException => new("BM6101", $"a native library is missing: {exception.Message.Split('\n')[0]}", new(path), null, "run ./brain, which fetches what is missing"),
        IOException => new("BM6105", $"a file cannot be used: {exception.Message}", new(path)),
        _ => null,
    };

    /// <summary>Does something with a path and turns what the system refuses into a fault that names it.</summary>
    /// <exception cref="DiagnosticException">BM6101 to BM6105.</exception>
    public static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Of(exception, path)!, exception);
        }
    }
}
