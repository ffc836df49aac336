using System.Xml.Linq;

namespace BrainModular.Architecture;

/// <summary>Who may reference whom: Abstractions &lt;- Engine &lt;- Export &lt;- Host; Abstractions &lt;- Formats &lt;- Export, Host; plugins only the contracts.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] ForPlugins = ["BrainModular.Abstractions", "BrainModular.Formats"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["BrainModular.Abstractions"] = [],
        ["BrainModular.Engine"] = ["BrainModular.Abstractions"],
        ["BrainModular.Formats"] = ["BrainModular.Abstractions"],
        ["BrainModular.Export"] = ["BrainModular.Abstractions", "BrainModular.Engine", "BrainModular.Formats", "Microsoft.ML.OnnxRuntime"],
        ["BrainModular.Host"] = ["BrainModular.Abstractions", "BrainModular.Engine", "BrainModular.Formats", "BrainModular.Export", "Microsoft.ML.OnnxRuntime"],
    };

    public static TheoryData<string> Projects =>
        [.. SourceTree.Projects.Where(p => p.StartsWith("src/", StringComparison.Ordinal) || p.StartsWith("plugins/", StringComparison.Ordinal))];

    [Fact]
    public void The_projects_are_found() => Assert.True(Projects.Count >= 9);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_names_only_what_it_may(string project)
    {
        var references = XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference")
            .SelectMany(e => e.Attribute("Include")!.Value.Split(';'))
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Select(name => name == "OnnxRuntime" ? "Microsoft.ML.OnnxRuntime" : name);
        Assert.Empty(references.Except(AllowedFor(project)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_built_assembly_refers_only_to_what_it_may(string project)
    {
        var references = AssemblyFacts.OfProject(project).Assemblies.Where(IsOurs);
        Assert.Empty(references.Except(AllowedFor(project)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_host_and_the_exporter_take_packages_beside_the_base_library(string project)
    {
        string[] name = Path.GetFileNameWithoutExtension(project) switch
        {
            "BrainModular.Abstractions" or "BrainModular.Engine" => [],
            "BrainModular.Formats" => ["CsvHelper", "Google.Protobuf"],
            _ => ["*"],
        };
        var packages = AssemblyFacts.OfProject(project).Assemblies.Where(a => !IsOurs(a) && !a.StartsWith("System.", StringComparison.Ordinal) && a is not ("netstandard" or "mscorlib"));
        Assert.Empty(name is ["*"] ? [] : packages.Except(name));
    }

    private static bool IsOurs(string assembly) =>
        assembly.StartsWith("BrainModular.", StringComparison.Ordinal) || assembly is "brain" or "Microsoft.ML.OnnxRuntime";

    private static string[] AllowedFor(string project) =>
        project.StartsWith("plugins/", StringComparison.Ordinal) ? ForPlugins : Allowed[Path.GetFileNameWithoutExtension(project)];
}
