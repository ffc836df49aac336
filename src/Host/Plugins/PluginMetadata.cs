using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using BrainModular.Diagnostics;
using BrainModular.Plugins;

namespace BrainModular.Host.Plugins;

/// <summary>What a DLL says of itself, read without loading it.</summary>
/// <param name="Path">The DLL's full path.</param>
/// <param name="Name">The assembly's name.</param>
/// <param name="Version">Its informational version, without the build's hash.</param>
/// <param name="EntryPoint">The full name of the type that the plugin attribute names; null where there is no such attribute.</param>
/// <param name="Contract">The version of the contracts that it was built against; null where it does not refer to them.</param>
/// <param name="References">The assemblies that it refers to.</param>
internal sealed record PluginMetadata(string Path, string Name, string Version, string? EntryPoint, Version? Contract, IReadOnlyList<AssemblyName> References)
{
    private const string AttributeName = nameof(BrainModularPluginAttribute);
    private const ushort Prolog = 1;

    /// <summary>The contracts' assembly, which is the host's.</summary>
    public static readonly AssemblyName HostContract = typeof(IPlugin).Assembly.GetName();

    /// <summary>Reads a DLL.</summary>
    /// <exception cref="DiagnosticException">BM4101: there is no such file; BM4102: it is no .NET assembly.</exception>
    public static PluginMetadata Read(string path)
    {
        try
        {
            // A pipe has no bytes either, and opening one would wait for a writer.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                throw NotDotNet(path, null);
            }

            using var stream = File.OpenRead(path);
            using var file = new PEReader(stream);
            if (!file.HasMetadata)
            {
                throw NotDotNet(path, null);
            }

            var metadata = file.GetMetadataReader();
            var assembly = metadata.GetAssemblyDefinition();
            var references = metadata.AssemblyReferences.Select(h => metadata.GetAssemblyReference(h).GetAssemblyName()).ToArray();
            return new(
                path,
                metadata.GetString(assembly.Name),
                TextArgument(metadata, nameof(AssemblyInformationalVersionAttribute))?.Split('+')[0] ?? assembly.Version.ToString(),
                TextArgument(metadata, AttributeName)?.Split(',')[0],
                references.FirstOrDefault(r => r.Name == HostContract.Name)?.Version,
                references);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException("BM4101", "there is no such plugin DLL", new(path), cure: "check the path", inner: exception);
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException)
        {
            throw NotDotNet(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException("BM4103", $"the plugin DLL cannot be read: {exception.Message}", new(path), cure: "check the file's permissions", inner: exception);
        }
    }

    /// <summary>Whether the host's contracts are those that the plugin was built for: the same major version, and no newer minor one.</summary>
    /// <exception cref="DiagnosticException">BM4104: it is no plugin; BM4105: it was built for other contracts.</exception>
    public void Check()
    {
        if (EntryPoint is null || Contract is null)
        {
            throw new DiagnosticException(
                "BM4104", $"{Name} is no plugin: it has no entry point", new(Path), $"[assembly: {AttributeName[..^"Attribute".Length]}(typeof(...))]",
                Contract is null ? "reference BrainModular.Abstractions and mark the entry point" : "mark the class that implements IPlugin");
        }

        var host = HostContract.Version!;
        if (Contract.Major != host.Major || Contract.Minor > host.Minor)
        {
            throw new DiagnosticException(
                "BM4105", $"{Name} was built for version {Contract.ToString(2)} of the plugin contracts, this host has {host.ToString(2)}", new(Path),
                $"{host.Major}.0 to {host.ToString(2)}",
                Contract < host
                    ? $"rebuild the plugin against BrainModular.Abstractions {host.ToString(2)}, or take a newer release of it"
                    : "take a newer BrainModular, or a release of the plugin for this one");
        }
    }

    private static DiagnosticException NotDotNet(string path, Exception? inner) =>
        new("BM4102", "this is no .NET assembly", new(path), "a plugin DLL", "name the plugin's own DLL, built for .NET 10", inner);

    // The one argument, a text or a type, of the assembly's attribute of that name. Types are written as their names.
    private static string? TextArgument(MetadataReader metadata, string attribute)
    {
        foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
        {
            var found = metadata.GetCustomAttribute(handle);
            if (found.Constructor.Kind == HandleKind.MemberReference
                && metadata.GetMemberReference((MemberReferenceHandle)found.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)parent).Name, attribute))
            {
                var blob = metadata.GetBlobReader(found.Value);
                return blob.ReadUInt16() == Prolog ? blob.ReadSerializedString() : null;
            }
        }

        return null;
    }
}
