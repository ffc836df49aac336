using BrainModular.Diagnostics;

namespace BrainModular.Host.Runs;

/// <summary>
/// That a run folder is one process's alone for as long as it lives: a file in it that stays open and that the system lets no other process open so. Where a process is killed the file may stay, and is no longer held.
/// </summary>
internal sealed class RunClaim : IDisposable
{
    /// <summary>The name of the file.</summary>
    public const string FileName = ".lock";

    private readonly FileStream held;

    private RunClaim(FileStream held) => this.held = held;

    /// <summary>Takes a folder that exists.</summary>
    /// <exception cref="DiagnosticException">BM1203: another process has it; BM6103 to BM6105: the file cannot be made.</exception>
    public static RunClaim Take(string folder)
    {
        var file = Path.Combine(folder, FileName);
        FileStream? held = null;
        EnvironmentFaults.Guard(folder, () =>
        {
            try
            {
                held = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException exception) when (IsHeldElsewhere(exception))
            {
                throw new DiagnosticException(
                    "BM1203", "another run is writing to this run folder", new(folder), "a folder that no other process works in",
                    "wait until it has ended, end it, or choose another folder with --out", inner: exception);
            }
        });
        return new(held!);
    }

    public void Dispose() => held.Dispose();

    /// <summary>EWOULDBLOCK of Linux and of macOS, and the sharing violation of Windows.</summary>
    private static bool IsHeldElsewhere(IOException exception) => (exception.HResult & 0xFFFF) is 11 or 35 or 32;
}
