using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Plugins;

/// <summary>A DLL that is to be loaded as a plugin, and who asked for it.</summary>
internal sealed record PluginCandidate(PluginMetadata Metadata, string Source);

/// <summary>A plugin that cannot be used, and why.</summary>
internal sealed record FailedPlugin(string Path, string Source, Diagnostic Reason);

/// <summary>Finds plugin DLLs, without loading them: the built-in ones, those in folders, and those named.</summary>
internal sealed class PluginDiscovery
{
    /// <summary>The source of plugins that come with the host.</summary>
    public const string BuiltIn = "built in";

    public const string Variable = "BRAINMODULAR_PLUGINS";

    private static readonly string[] BuiltInPlaces = ["plugins", "../plugins", "../../../plugins"];

    private readonly List<PluginCandidate> candidates = [];
    private readonly List<FailedPlugin> failures = [];
    private readonly HashSet<string> seen = [];

    public IReadOnlyList<PluginCandidate> Candidates => candidates;

    public IReadOnlyList<FailedPlugin> Failures => failures;

    /// <summary>Looks in every place, in the order in which names are given away: built-in plugins first.</summary>
    /// <param name="configFolder">The configuration's folder, or null.</param>
    /// <param name="fromConfig">DLLs and folders that the configuration names.</param>
    /// <param name="fromCommandLine">DLLs and folders of <c>--plugin</c>.</param>
    public static PluginDiscovery Run(string? configFolder, IReadOnlyList<string> fromConfig, IReadOnlyList<string> fromCommandLine)
    {
        var discovery = new PluginDiscovery();
        discovery.AddFolderOfPlugins(BuiltInFolder(AppContext.BaseDirectory), BuiltIn);
        if (configFolder is not null)
        {
            discovery.AddFolderOfPlugins(Path.Combine(configFolder, "plugins"), "beside the configuration");
        }

        var variable = (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var (paths, source) in new[] { (variable, $"${Variable}"), (fromConfig, "configuration"), (fromCommandLine, "--plugin") })
        {
            foreach (var path in paths)
            {
                discovery.AddNamed(Path.GetFullPath(path), source);
            }
        }

        return discovery;
    }

    /// <summary>
    /// The built-in plugins: <c>plugins</c> beside a published host, or beside the folder of the host that the launcher laid out, or at the
    /// root of the artifacts of a build (two more levels up).
    /// </summary>
    public static string BuiltInFolder(string hostFolder) =>
        BuiltInPlaces
            .Select(relative => Path.GetFullPath(relative, hostFolder))
            .FirstOrDefault(Directory.Exists) ?? Path.Combine(hostFolder, "plugins");

    // A folder that need not exist: its DLLs, and its subfolders, each of which holds one plugin and what that brings.
    private void AddFolderOfPlugins(string folder, string source)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        IfReadable(folder, source, () =>
        {
            AddFolder(folder, source, mayBeEmpty: true);
            foreach (var subfolder in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            {
                IfReadable(subfolder, source, () => AddFolder(subfolder, source, mayBeEmpty: Directory.GetFiles(subfolder, "*.dll").Length == 0));
            }
        });
    }

    private void AddNamed(string path, string source) => IfReadable(path, source, () =>
    {
        if (!Directory.Exists(path))
        {
            AddFile(path, source);
        }
        else if (Directory.GetFiles(path, "*.dll").Length > 0)
        {
            AddFolder(path, source, mayBeEmpty: false);
        }
        else if (Directory.GetDirectories(path).Length > 0)
        {
            AddFolderOfPlugins(path, source);
        }
        else
        {
            failures.Add(new(path, source, new("BM4101", "the folder holds no DLL", new(path), "a plugin's folder", "check the path")));
        }
    });

    private void IfReadable(string folder, string source, Action add)
    {
        try
        {
            add();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failures.Add(new(folder, source, new("BM4103", $"the folder cannot be read: {exception.Message}", new(folder), "a plugin's folder", "check the folder's permissions")));
        }
    }

    // In a folder, DLLs that are no plugins are what plugins bring along; only a folder without any plugin is a fault.
    private void AddFolder(string folder, string source, bool mayBeEmpty)
    {
        var faults = new List<(string Path, Faults Faults)>();
        var found = false;
        foreach (var path in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            var collected = new Faults();
            collected.Collect(() =>
            {
                var metadata = PluginMetadata.Read(path);
                if (metadata.EntryPoint is null)
                {
                    metadata.Check();
                }

                found = true;
                Add(metadata, source);
            });
            faults.Add((path, collected));
        }

        if (found || mayBeEmpty)
        {
            return;
        }

        failures.AddRange(faults.Where(f => f.Faults.Any).Select(f => new FailedPlugin(f.Path, source, f.Faults.Found[0])));
    }

    private void AddFile(string path, string source)
    {
        var faults = new Faults();
        faults.Collect(() => Add(PluginMetadata.Read(path), source));
        failures.AddRange(faults.Found.Select(f => new FailedPlugin(path, source, f)));
    }

    private void Add(PluginMetadata metadata, string source)
    {
        if (!seen.Add(Path.GetFullPath(metadata.Path)))
        {
            return;
        }

        var faults = new Faults();
        faults.Collect(metadata.Check);
        if (faults.Any)
        {
            failures.Add(new(metadata.Path, source, faults.Found[0]));
        }
        else
        {
            candidates.Add(new(metadata, source));
        }
    }
}
