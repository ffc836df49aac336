using System.Text.RegularExpressions;

namespace BrainModular.Architecture;

/// <summary>What a diagnostic's id stands for: one thing, so that it can be looked up.</summary>
public sealed partial class DiagnosticTests
{
    /// <summary>Ids that several parts of the program report, since they mean the same wherever they are met.</summary>
    private static readonly IReadOnlyDictionary<string, string> Shared = new Dictionary<string, string>
    {
        ["BM2005"] = "a value that its key cannot have",
        ["BM2006"] = "a key is missing",
        ["BM2403"] = "a rate of more than one spike in a step",
        ["BM2601"] = "a distribution whose numbers contradict each other",
        ["BM2711"] = "an optimiser needs gradients of features",
        ["BM2901"] = "a file is not of the format that it is taken for",
        ["BM3001"] = "there is no such file",
        ["BM3002"] = "a folder in the place of a file",
        ["BM3003"] = "an empty file",
        ["BM3012"] = "a part of the data that cannot be read, being outside of it or too large",
        ["BM3214"] = "a setting of a connectome that has to be above 0",
        ["BM3215"] = "an end of an edge is no node",
        ["BM3222"] = "a table has not the columns that it needs",
        ["BM3223"] = "a cell of a table is no number",
        ["BM3228"] = "the rows and columns of a matrix do not fit together",
        ["BM4301"] = "dimensions that do not fit together",
        ["BM5502"] = "an exported file differs from the engine",
        ["BM6101"] = "a native library is missing",
        ["BM6103"] = "permission is denied",
        ["BM6104"] = "the disk is full",
        ["BM6105"] = "a file cannot be used",
    };

    [Fact]
    public void An_id_is_reported_by_one_part_of_the_program_or_means_the_same_in_all()
    {
        var declared = (
            from path in SourceTree.CSharpFiles
            where path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("plugins/", StringComparison.Ordinal)
            from id in Ids(SourceTree.Read(path))
            select (Id: id, Part: Part(path))).Distinct().ToLookup(static d => d.Id, static d => d.Part);
        Assert.True(declared.Count > 200, "the sources' diagnostics were not found");
        Assert.Empty(declared.Where(static d => d.Count() > 1 && !Shared.ContainsKey(d.Key)).Select(static d => $"{d.Key} is reported by {string.Join(" and by ", d)}: take a free id for one of them, or say here what it means in all"));
        Assert.Empty(Shared.Keys.Where(id => declared[id].Count() < 2).Select(static id => $"{id} is not shared any more"));
    }

    [Fact]
    public void The_sources_of_an_id_are_found() =>
        Assert.Equal(["BM1234", "BM1235"], Ids("throw new DiagnosticException(\"BM1234\", $\"...\"); faults.Add(\n  \"BM1235\", \"...\"); // BM1236\n if (d.Id == \"BM1237\")"));

    private static IEnumerable<string> Ids(string text) => Declared().Matches(text).Select(static m => m.Groups[1].Value);

    /// <summary>The first three folders of a path: what one part of a project has to do with.</summary>
    private static string Part(string path) => string.Join('/', path.Split('/')[..^1].Take(3));

    [GeneratedRegex(@"""(BM\d{4})"",")]
    private static partial Regex Declared();
}
