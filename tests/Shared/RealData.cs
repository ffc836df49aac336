namespace BrainModular.Testing;

/// <summary>
/// Finds the real recordings and connectomes that tests read in place: the folder that the environment variable BRAINMODULAR_DATA
/// names, or <c>../shared/data</c> beside the repository. Where it is missing a test is skipped, and fails in CI.
/// </summary>
internal static class RealData
{
    public static readonly string Repository = FindRepository();

    public static readonly string Folder =
        Environment.GetEnvironmentVariable("BRAINMODULAR_DATA") is { Length: > 0 } named
            ? named
            : Path.GetFullPath(Path.Combine(Repository, "..", "shared", "data"));

    public static bool InCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The full path of a real file or folder; skips the test where the data folder is missing.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path.Combine([Folder, .. parts]);
        var found = File.Exists(path) || Directory.Exists(path);
        Assert.False(!found && InCi, $"{path} is missing: CI must have the data");
        Skip.If(!found, $"{path} is missing: set BRAINMODULAR_DATA to the folder of test data");
        return path;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BrainModular.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests must run from inside the repository's artifacts folder");
    }
}
