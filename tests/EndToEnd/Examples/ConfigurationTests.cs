using System.Text.RegularExpressions;

namespace BrainModular.EndToEnd.Examples;

/// <summary>Every experiment of the examples and every study is valid, also those that no test runs.</summary>
public sealed class ConfigurationTests
{
    private const string DataBesideRepository = "../../../shared/data";

    // Where an example's README has the specification's repository cloned to.
    private const string SpecificationClone = "sonata/examples/";

    // What a study's script makes before it runs, with sweeps 0 to 4; a recording of as many stands for it here.
    private const string MadeTarget = @"""(\.\./)+artifacts/fitters/[\w-]+\.nwb"", ""sweeps"": \{ ""train"": ""0-4""";

    public static TheoryData<string> Examples => Files("examples", "experiment.json");

    public static TheoryData<string> Studies => Files("bench/studies", "*.json");

    [SkippableTheory]
    [MemberData(nameof(Examples))]
    public void An_example_is_valid(string file)
    {
        var text = File.ReadAllText(Path.Combine(RealData.Repository, file));
        if (!text.Contains(SpecificationClone, StringComparison.Ordinal))
        {
            AssertValid(Brain.Run(RealData.Repository, "validate", file));
            return;
        }

        using var place = new Workplace();
        place.Write("example.json", text.Replace(SpecificationClone, RealData.Require("sonata-spec-examples").Replace('\\', '/') + "/", StringComparison.Ordinal));
        AssertValid(place.Run("validate", "example.json"));
    }

    [SkippableTheory]
    [MemberData(nameof(Studies))]
    public void A_study_is_valid(string file)
    {
        var text = File.ReadAllText(Path.Combine(RealData.Repository, file));
        if (text.Contains(DataBesideRepository, StringComparison.Ordinal))
        {
            text = text.Replace(DataBesideRepository, RealData.Require().Replace('\\', '/'), StringComparison.Ordinal);
        }

        using var place = new Workplace();
        place.Write("study.json", Regex.Replace(
            text, MadeTarget, $"\"{Path.Combine(RealData.Repository, "examples/fit-recording/recording.nwb").Replace('\\', '/')}\", \"sweeps\": {{ \"train\": \"1-5\""));
        AssertValid(place.Run("validate", "study.json"));
    }

    private static void AssertValid(Outcome outcome) => Assert.Matches(@" is valid: \w+", outcome.Succeeded().Output);

    private static TheoryData<string> Files(string folder, string name)
    {
        var files = Directory.EnumerateFiles(Path.Combine(RealData.Repository, folder), name, SearchOption.AllDirectories).Select(static f => Path.GetRelativePath(RealData.Repository, f)).Order().ToList();
        Assert.True(files.Count > 3, $"{folder} has {files.Count} experiments");
        return new(files);
    }
}
