using System.Runtime.InteropServices;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>Where libhdf5 is looked for, in order.</summary>
internal static class LibrarySearch
{
    /// <summary>An environment variable that names the library's file; nothing else is tried where it is set.</summary>
    public const string Variable = "BM_HDF5_LIBRARY";

    private const string Extracted = ".native";

    private static readonly int[] Generations = [320, 310, 200, 103, 101, 100];

    public static string Cure => OperatingSystem.IsWindows()
        ? $"install HDF5 from https://www.hdfgroup.org, or set {Variable} to the path of hdf5.dll"
        : OperatingSystem.IsMacOS()
            ? $"run 'brew install hdf5', or set {Variable} to the path of libhdf5.dylib"
            : $"run 'sudo apt-get install libhdf5-103-1' (Debian, Ubuntu) or 'sudo dnf install hdf5' (Fedora), or set {Variable} to the path of libhdf5.so";

    /// <summary>The names and paths to try, best first.</summary>
    public static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return [named];
        }

        var names = SystemNames().ToArray();
        var beside = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return
        [
            .. names.Select(name => Path.Combine(beside, name)).Where(File.Exists),
            .. names,
            .. InstallFolders().SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(File.Exists),
            .. ExtractedFolders(AppContext.BaseDirectory).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(File.Exists),
        ];
    }

    /// <summary>Loads the first candidate that can be loaded.</summary>
    /// <exception cref="DiagnosticException">BM6101: none could be.</exception>
    public static nint Load(IEnumerable<string> candidates)
    {
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var library)
                || (LoadCompanions(candidate) && NativeLibrary.TryLoad(candidate, out library)))
            {
                return library;
            }

            tried.Add(candidate);
        }

        throw new DiagnosticException(
            "BM6101",
            $"the HDF5 library, which reads and writes NWB files, was not found; tried {string.Join(", ", tried)}",
            expected: "libhdf5 1.10.7 or newer",
            cure: Cure);
    }

    /// <summary>
    /// The folders that hold a libhdf5 in a <c>.native</c> folder at or above the given one. The launcher extracts packages there
    /// where it may not install them.
    /// </summary>
    public static IEnumerable<string> ExtractedFolders(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var native = Path.Combine(folder.FullName, Extracted);
            if (Directory.Exists(native))
            {
                return Directory.EnumerateFiles(native, "libhdf5*", SearchOption.AllDirectories)
                    .Select(file => Path.GetDirectoryName(file)!)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
                    .ToArray();
            }
        }

        return [];
    }

    private static IEnumerable<string> SystemNames()
    {
        if (OperatingSystem.IsWindows())
        {
            return ["hdf5.dll", "libhdf5-310.dll", "libhdf5-200.dll", "libhdf5-103.dll"];
        }

        return OperatingSystem.IsMacOS()
            ? ["libhdf5.dylib"]
            : ["libhdf5.so", .. Generations.SelectMany(generation => new[] { $"libhdf5_serial.so.{generation}", $"libhdf5.so.{generation}" })];
    }

    private static IEnumerable<string> InstallFolders()
    {
        if (OperatingSystem.IsMacOS())
        {
            return ["/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib"];
        }

        var group = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "HDF_Group", "HDF5");
        return OperatingSystem.IsWindows() && Directory.Exists(group)
            ? Directory.EnumerateDirectories(group).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
    }

    // A library in an extracted package finds the libraries that it needs only if they are loaded already; those that the system
    // has are taken from there. Which needs which is not known here, so all are tried again as long as one more loads. The answer is
    // whether any did.
    private static bool LoadCompanions(string library)
    {
        var end = library.IndexOf($"{Path.DirectorySeparatorChar}{Extracted}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        if (end < 0 || !File.Exists(library))
        {
            return false;
        }

        var waiting = Directory.EnumerateFiles(library[..(end + 1 + Extracted.Length)], "*.so*", SearchOption.AllDirectories)
            .Where(file => file != library)
            .ToList();
        var total = waiting.Count;
        for (var before = -1; before != waiting.Count;)
        {
            before = waiting.Count;
            waiting.RemoveAll(file => NativeLibrary.TryLoad(Path.GetFileName(file), out _) || NativeLibrary.TryLoad(file, out _));
        }

        return waiting.Count < total;
    }
}
