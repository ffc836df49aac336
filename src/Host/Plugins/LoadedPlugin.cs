using System.Security.Cryptography;
using BrainModular.Diagnostics;
using BrainModular.Engine.Tracing;
using BrainModular.Plugins;

namespace BrainModular.Host.Plugins;

/// <summary>A plugin in memory.</summary>
internal sealed class LoadedPlugin
{
    private readonly PluginMetadata metadata;
    private readonly PluginLoadContext context;

    private LoadedPlugin(PluginMetadata metadata, string source, PluginLoadContext context) =>
        (this.metadata, Source, this.context) = (metadata, source, context);

    public string Name => metadata.Name;

    public string Version => metadata.Version;

    public string Path => metadata.Path;

    public string Contract => metadata.Contract!.ToString(2);

    /// <summary>Who asked for it.</summary>
    public string Source { get; }

    /// <summary>The SHA-256 of every file that the plugin has loaded so far, by path.</summary>
    public IReadOnlyDictionary<string, string> Hashes() => context.Assemblies
        .Select(a => a.Location)
        .Where(File.Exists)
        .Order(StringComparer.Ordinal)
        .ToDictionary(path => path, path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));

    /// <summary>Loads a plugin and takes its registrations.</summary>
    /// <param name="candidate">A DLL whose metadata was checked.</param>
    /// <param name="taken">What other plugins offer already.</param>
    /// <returns>The plugin and what it offers.</returns>
    /// <exception cref="DiagnosticException">BM4106 to BM4110: it cannot be loaded, for the reason that it names.</exception>
    public static (LoadedPlugin Plugin, IReadOnlyList<Component> Components) Load(PluginCandidate candidate, IReadOnlyList<Component> taken)
    {
        var metadata = candidate.Metadata;
        var context = new PluginLoadContext(metadata.Path);
        RequireDependencies(metadata, context);
        var plugin = new LoadedPlugin(metadata, candidate.Source, context);
        var builder = new CatalogBuilder(plugin, taken);
        try
        {
            plugin.EntryPoint().Register(builder);
        }
        catch (Exception exception) when (exception is not DiagnosticException)
        {
            throw plugin.Fault("Register", exception);
        }

        return (plugin, builder.Added);
    }

    /// <summary>An exception of a plugin that is loaded or makes its components as a fault that names the culprit.</summary>
    public DiagnosticException Fault(string what, Exception exception)
    {
        var cause = PluginFailure.CauseOf(exception);
        return cause is FileNotFoundException or FileLoadException or DllNotFoundException
            ? new("BM4106", $"{Name} lacks a dependency: {FirstLine(cause.Message)}", new(Path), cure: "put the missing file beside the plugin's DLL", inner: cause)
            : new("BM4108", $"{Name} failed in {what}: {cause.GetType().Name}: {FirstLine(cause.Message)}", new(Path), cure: "mend the plugin, or leave it out", inner: cause);
    }

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd('\r', ' ');

    private IPlugin EntryPoint()
    {
        var type = context.LoadFromAssemblyPath(Path).GetType(metadata.EntryPoint!, throwOnError: true)!;
        return typeof(IPlugin).IsAssignableFrom(type) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null
            ? (IPlugin)Activator.CreateInstance(type)!
            : throw new DiagnosticException("BM4109", $"the entry point {type.FullName} of {Name} is no plugin", new(Path), "a public class with a parameterless constructor that implements IPlugin", "mend the plugin's BrainModularPlugin attribute");
    }

    // Asked before anything runs: otherwise a missing DLL shows only when the method that uses it is first called.
    private static void RequireDependencies(PluginMetadata metadata, PluginLoadContext context)
    {
        var visited = new HashSet<string>();
        var waiting = new Queue<(PluginMetadata From, System.Reflection.AssemblyName Name)>(metadata.References.Select(r => (metadata, r)));
        while (waiting.TryDequeue(out var reference))
        {
            if (reference.Name.Name is "System.Runtime" && reference.Name.Version > new Version(Environment.Version.Major + 1, 0))
            {
                throw new DiagnosticException("BM4110", $"{reference.From.Name} was built for .NET {reference.Name.Version.Major}, this host runs on .NET {Environment.Version.Major}", new(metadata.Path), cure: $"rebuild it for net{Environment.Version.Major}.0");
            }

            if (!visited.Add(reference.Name.Name!))
            {
                continue;
            }

            var own = context.Locate(reference.Name, out var found);
            if (!found)
            {
                throw new DiagnosticException(
                    "BM4106", $"{metadata.Name} lacks a dependency: {reference.From.Name} needs {reference.Name.Name} {reference.Name.Version}", new(metadata.Path),
                    $"{reference.Name.Name}.dll beside the plugin's DLL", "copy it there, or build the plugin with <EnableDynamicLoading>true</EnableDynamicLoading>");
            }

            if (own is not null)
            {
                var next = PluginMetadata.Read(own);
                foreach (var name in next.References)
                {
                    waiting.Enqueue((next, name));
                }
            }
        }
    }
}
