using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Runs;

/// <summary>The folder of a run: everything needed to understand, repeat and resume it.</summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How the names of exported models end.</summary>
    private static readonly string[] Exported = [".step.onnx", ".seq.onnx", ".nir"];

    private readonly bool isNew;
    private RunClaim? claim;

    private RunFolder(string path, bool isNew = false) => (Path, this.isNew) = (path, isNew);

    /// <summary>The full path.</summary>
    public string Path { get; }

    public string ResolvedConfig => In("resolved.json");

    public string Record => In("run.json");

    public string Summary => In("summary.json");

    public string Metrics => In("metrics.jsonl");

    public string Results => In("results.nwb");

    public string Report => In("report.html");

    private string Checkpoints => In("checkpoints");

    /// <summary>A file of the run.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The file in which a stage keeps what it needs to go on after an interruption; its folder is there.</summary>
    public string Checkpoint(string stage)
    {
        var parent = Checkpoints;
        EnvironmentFaults.Guard(parent, () => Directory.CreateDirectory(parent));
        return System.IO.Path.Combine(parent, FileName(stage));
    }

    /// <summary>Removes what an earlier part of the run has written, its configuration left out, and takes down what it now begins with. Files of other names are the user's, and stay.</summary>
    /// <param name="record">The run's record. The one before stays until all else is removed, so that a removal that is cut short is begun again.</param>
    /// <exception cref="DiagnosticException">BM6103, BM6105: something cannot be removed or written.</exception>
    public void BeginAnew(JsonObject record)
    {
        IEnumerable<string> written = [Summary, Metrics, Results, Report, .. Directory.EnumerateFiles(Path).Where(static f => Exported.Any(f.EndsWith))];
        EnvironmentFaults.Guard(Path, () =>
        {
            foreach (var file in written.Except(RunInputs.Files(record)).ToList())
            {
                File.Delete(file);
            }

            if (Directory.Exists(Checkpoints))
            {
                Directory.Delete(Checkpoints, recursive: true);
            }
        });
        Write(Record, record);
    }

    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="wanted">The folder that the user wants, or null.</param>
    /// <param name="name">The experiment's name, for the default folder below the current one.</param>
    /// <param name="started">When the run started, for the same.</param>
    /// <exception cref="DiagnosticException">BM1201: it is not empty; BM6103, BM6104: it cannot be made or written to.</exception>
    public static RunFolder Create(string? wanted, string name, DateTimeOffset started)
    {
        var path = System.IO.Path.GetFullPath(wanted ?? Default(name, started));
        if (File.Exists(path) || (Directory.Exists(path) && Content(path).Any()))
        {
            throw NotEmpty(path);
        }

        var isNew = !Directory.Exists(path);
        EnvironmentFaults.Guard(path, () =>
        {
            Directory.CreateDirectory(path);

            // A folder that exists already may still refuse files.
            var probe = System.IO.Path.Combine(path, ".probe");
            File.WriteAllText(probe, "probe");
            File.Delete(probe);
        });
        return new(path, isNew);
    }

    /// <summary>Keeps other processes from running in the folder until it is disposed of.</summary>
    /// <exception cref="DiagnosticException">BM1203: another one does; BM6103 to BM6105: nothing can be written.</exception>
    public void Claim() => claim = RunClaim.Take(Path);

    /// <summary>Lets other processes run in the folder again.</summary>
    public void Dispose() => claim?.Dispose();

    /// <summary>Claims a new folder and writes what makes it a run's. Where that fails the folder is left as it was found.</summary>
    /// <param name="resolvedConfig">The resolved configuration.</param>
    /// <param name="describe">Makes the run's record, for which files are read.</param>
    /// <exception cref="DiagnosticException">BM1201, BM1203: another run has begun in it, or ended there; BM6103 to BM6105: something cannot be read or written.</exception>
    public void Begin(ReadOnlyMemory<byte> resolvedConfig, Func<JsonNode> describe)
    {
        Claim();
        if (Content(Path).Any())
        {
            Dispose();
            throw NotEmpty(Path);
        }

        try
        {
            AtomicFile.Write(ResolvedConfig, resolvedConfig);
            Write(Record, describe());
        }
        catch (DiagnosticException)
        {
            File.Delete(ResolvedConfig);
            Dispose();
            if (isNew)
            {
                Directory.Delete(Path);
            }

            throw;
        }
    }

    /// <summary>Whether a folder is that of a run.</summary>
    public static bool IsOne(string path) => new RunFolder(path) is var folder && File.Exists(folder.ResolvedConfig) && File.Exists(folder.Record);

    /// <summary>Removes a folder and what a run left in it. What makes it a run's goes first, so that a removal that is cut short leaves no run to go on with.</summary>
    /// <exception cref="DiagnosticException">BM6103, BM6105: it cannot be removed.</exception>
    public static void Discard(string path) => EnvironmentFaults.Guard(path, () =>
    {
        if (Directory.Exists(path))
        {
            File.Delete(new RunFolder(path).Record);
            Directory.Delete(path, recursive: true);
        }
    });

    /// <summary>Opens the folder of an earlier run.</summary>
    /// <exception cref="DiagnosticException">BM1202: it is no run folder.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        return IsOne(folder.Path)
            ? folder
            : throw new DiagnosticException("BM1202", "this is no run folder", new(path), "a folder with resolved.json and run.json", "name the folder that brain run printed");
    }

    public static void Write(string path, JsonNode content) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, Indented));

    /// <summary>What is in a folder, but for the claim of a run that was killed as it began.</summary>
    private static IEnumerable<string> Content(string path) => Directory.EnumerateFileSystemEntries(path).Where(static e => System.IO.Path.GetFileName(e) != RunClaim.FileName);

    private static DiagnosticException NotEmpty(string path) =>
        new("BM1201", File.Exists(path) ? "the run folder is a file" : "the run folder is not empty", new(path), "a new or an empty folder", "choose another one, or leave --out away");

    private static string Default(string name, DateTimeOffset started)
    {
        var parent = System.IO.Path.Combine("runs", FileName(name));
        var stamp = started.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine(parent, stamp);
        for (var i = 2; Directory.Exists(path); i++)
        {
            path = System.IO.Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{stamp}-{i}"));
        }

        return path;
    }

    /// <summary>A name as that of a file: names are free text, and those of files are not.</summary>
    public static string FileName(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '-')).Trim(' ', '.');
        return safe.Length == 0 ? "run" : safe;
    }
}
