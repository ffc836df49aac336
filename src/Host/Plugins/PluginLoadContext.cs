using System.Reflection;
using System.Runtime.Loader;

namespace BrainModular.Host.Plugins;

/// <summary>
/// A plugin's own assemblies. What the host owns (contracts, formats, the base library) is the host's even where the plugin's folder holds
/// a copy: a second copy would make different types of the same name. Not collectible: a context rarely can be collected in practice.
/// </summary>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    // Shared by name: a plugin hands objects of these assemblies to the host.
    private static readonly HashSet<string> HostOwned = ["BrainModular.Abstractions", "BrainModular.Formats"];

    private static readonly HashSet<string> Platform =
    [
        .. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator).Select(p => Path.GetFileNameWithoutExtension(p)!),
    ];

    // The resolver reads the plugin's .deps.json; most plugins have no dependencies and never ask.
    private readonly Lazy<AssemblyDependencyResolver> resolver = new(() => new(path));

    /// <summary>The path of an assembly that the plugin brings; null where the host's is used.</summary>
    /// <param name="name">The assembly.</param>
    /// <param name="found">Whether it was found at all.</param>
    public string? Locate(AssemblyName name, out bool found)
    {
        var simple = name.Name ?? "";
        if (HostOwned.Contains(simple))
        {
            found = true;
            return null;
        }

        // A plugin's own copy of a library that the host has, too, goes first: it was built with it.
        var isBaseLibrary = Platform.Contains(simple) && (simple.StartsWith("System.", StringComparison.Ordinal) || simple is "System" or "netstandard" or "mscorlib");
        var own = isBaseLibrary ? null : resolver.Value.ResolveAssemblyToPath(name) ?? Beside(simple);
        found = own is not null || Platform.Contains(simple);
        return own;
    }

    protected override Assembly? Load(AssemblyName assemblyName) => Locate(assemblyName, out _) is { } own ? LoadFromAssemblyPath(own) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.Value.ResolveUnmanagedDllToPath(unmanagedDllName) is { } own ? LoadUnmanagedDllFromPath(own) : nint.Zero;

    // A .deps.json may have been left behind when the DLLs were copied, or name a path of another layout.
    private string? Beside(string name)
    {
        var beside = Path.Combine(Path.GetDirectoryName(path)!, name + ".dll");
        return File.Exists(beside) ? beside : null;
    }
}
