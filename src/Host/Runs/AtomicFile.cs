namespace BrainModular.Host.Runs;

/// <summary>Writes files so that a reader sees the old content or the new one and nothing between, also after a crash.</summary>
internal static class AtomicFile
{
    /// <summary>Sees to it before long work that what comes of it can be written: makes the file's folder and tries to write there.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM1204: the path is that of a folder; BM6103 to BM6105: nothing can be written there.</exception>
    public static void Prepare(string path)
    {
        if (Directory.Exists(path))
        {
            throw new Diagnostics.DiagnosticException("BM1204", "the file to write is a folder", new(path), "a file's name", "name a file in it");
        }

        EnvironmentFaults.Guard(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var temporary = Temporary(path);
            File.WriteAllText(temporary, "");
            File.Delete(temporary);
        });
    }

    /// <summary>Writes a file through a temporary one beside it, which is flushed to the disk and renamed.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM6103, BM6104: permission denied, disk full.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write);
        stream.Write(content.Span);
        stream.Flush(flushToDisk: true);
    });

    /// <summary>Lets something that writes files by their path write one; it has to have reached the disk when it returns.</summary>
    public static void Write(string path, Action<string> write)
    {
        var temporary = Temporary(path);
        try
        {
            EnvironmentFaults.Guard(path, () =>
            {
                write(temporary);
                File.Move(temporary, path, overwrite: true);
            });
        }
        finally
        {
            // Gone after the rename; left behind where writing failed.
            File.Delete(temporary);
        }
    }

    private static string Temporary(string path) => $"{path}.{Environment.ProcessId}.tmp";
}
