namespace BrainModular.Architecture;

public sealed class SourceRulesTests
{
    public static TheoryData<string> RuleNames => [.. SourceRules.All.Keys];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Every_source_file_keeps(string rule)
    {
        var files = SourceTree.CSharpFiles.ToArray();
        Assert.True(files.Length > 20, "the repository's sources were not found");
        var offences = files.SelectMany(path => SourceRules.All[rule](path, SourceTree.Read(path)).Select(offence => $"{path}: {offence}"));
        Assert.Empty(offences);
    }

    [Theory]
    [InlineData("a name that says what it holds", "internal static class StringUt" + "ils;")]
    [InlineData("a name that says what it holds", "namespace BrainModular.Com" + "mon;")]
    [InlineData("an exception that says what kind it is", "throw new Excep" + "tion(\"no\");")]
    [InlineData("no empty catch", "try { F(); } catch (IOException) " + "{\n }")]
    [InlineData("no empty catch", "try { F(); } catch " + "{ }")]
    [InlineData("no unfinished work", "// TO" + "DO later")]
    [InlineData("no unfinished work", "throw new NotImplemented" + "Exception();")]
    [InlineData("no skipped test", "[Fact(Ski" + "p = \"flaky\")]")]
    [InlineData("no region", "    #reg" + "ion Fields")]
    [InlineData("no way round the banned APIs", "#pragma warning disable RS00" + "30")]
    public void A_rule_finds_an_offence(string rule, string text) => Assert.NotEmpty(SourceRules.All[rule]("src/A.cs", text));

    [Fact]
    public void A_file_of_501_lines_is_too_long()
    {
        Assert.Empty(SourceRules.All["at most 500 lines"]("A.cs", new string('\n', 500)));
        Assert.NotEmpty(SourceRules.All["at most 500 lines"]("A.cs", new string('\n', 501)));
    }

    [Fact]
    public void A_vague_file_name_is_found() => Assert.NotEmpty(SourceRules.All["a name that says what it holds"]("src/Host/PathHel" + "per.cs", ""));
}
