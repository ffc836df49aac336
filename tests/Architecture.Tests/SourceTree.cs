namespace BrainModular.Architecture;

/// <summary>The repository's files, as the rules see them.</summary>
internal static class SourceTree
{
    private static readonly string[] Folders = ["src", "plugins", "tests", "bench", "examples", "ext"];

    /// <summary>Every C# file of ours, as a path from the repository's root.</summary>
    public static IEnumerable<string> CSharpFiles => Files("*.cs");

    public static IEnumerable<string> Projects => Files("*.csproj");

    public static string Read(string path) => File.ReadAllText(Path.Combine(RealData.Repository, path));

    private static IEnumerable<string> Files(string pattern) =>
        from folder in Folders
        let full = Path.Combine(RealData.Repository, folder)
        where Directory.Exists(full)
        from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(RealData.Repository, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "node_modules")
        orderby path
        select path;
}
