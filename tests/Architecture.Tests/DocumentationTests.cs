using System.Text.RegularExpressions;

namespace BrainModular.Architecture;

/// <summary>What the pages say of the repository is so.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(RealData.Repository, "*.md", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(RealData.Repository, path).Replace('\\', '/'))
        .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith("runs/", StringComparison.Ordinal)
            && !path.StartsWith('.') && !path.Contains("node_modules/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(RealData.Repository, page))!;
        var targets = Link().Matches(SourceTree.Read(page)).Select(m => m.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}"));
    }

    [Fact]
    public void Every_invariant_names_a_test_that_is_there()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(RealData.Repository, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => TestMethod().Matches(File.ReadAllText(path)).Select(m => m.Groups[1].Value)).ToHashSet();
        var named = TestName().Matches(SourceTree.Read("ARCHITECTURE.md")).Select(m => m.Groups[1].Value).ToList();

        Assert.InRange(named.Count, 10, 100);
        Assert.Empty(named.Except(tests));
    }

    [Fact]
    public void Every_folder_that_the_architecture_names_is_there()
    {
        var folders = Folder().Matches(SourceTree.Read("ARCHITECTURE.md")).Select(m => m.Groups[1].Value);
        Assert.All(folders, folder => Assert.True(Path.Exists(Path.Combine(RealData.Repository, folder)), folder));
    }

    [GeneratedRegex(@"\]\(([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`([A-Z][a-z0-9]*(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"`((?:src|plugins|ext|tests|docs|bench|examples|build)(?:/[\w./-]+)?)`")]
    private static partial Regex Folder();
}
