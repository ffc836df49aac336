using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace BrainModular.Architecture;

/// <summary>What a built assembly refers to, read from its metadata without loading it.</summary>
internal sealed record AssemblyFacts(string Name, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Types, IReadOnlyList<string> Members)
{
    public static AssemblyFacts Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var file = new PEReader(stream);
        var metadata = file.GetMetadataReader();
        return new(
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))],
            [.. metadata.TypeReferences.Select(h => NameOf(metadata, h))],
            [.. metadata.MemberReferences.Select(metadata.GetMemberReference)
                .Where(m => m.Parent.Kind == HandleKind.TypeReference)
                .Select(m => $"{NameOf(metadata, (TypeReferenceHandle)m.Parent)}.{metadata.GetString(m.Name)}")]);
    }

    /// <summary>The assembly that a project builds, found in the artifacts folder.</summary>
    public static AssemblyFacts OfProject(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var artifacts = Path.Combine(RealData.Repository, "artifacts");
        string[] candidates =
        [
            Path.Combine(artifacts, "plugins", name.Replace("BrainModular.Plugins.", "", StringComparison.Ordinal), $"{name}.dll"),
            Path.Combine(artifacts, "bin", name, "release", $"{name}.dll"),
            Path.Combine(artifacts, "bin", name, "release", "brain.dll"),
            Path.Combine(artifacts, "bin", name, "debug", $"{name}.dll"),
            Path.Combine(artifacts, "bin", name, "debug", "brain.dll"),
        ];
        return Read(candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"{project} is not built", candidates[0]));
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
