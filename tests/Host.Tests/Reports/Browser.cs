using System.Diagnostics;

namespace BrainModular.Host.Tests.Reports;

/// <summary>Debian's Chromium without a window, as the tests' eye on a page.</summary>
internal static class Browser
{
    private static readonly string? Path = new[] { "/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser" }.FirstOrDefault(File.Exists);

    /// <summary>The page's elements as text after its scripts have run. Skips the test where there is no browser; in CI there must be one.</summary>
    public static string ElementsOf(string file, string fragment = "", params string[] options)
    {
        Assert.False(Path is null && RealData.InCi, "CI must have chromium (apt-get install chromium)");
        Skip.If(Path is null, "chromium is missing (apt-get install chromium)");
        return Run(["--dump-dom", .. options, $"file://{file}{fragment}"]);
    }

    private static string Run(string[] arguments)
    {
        using var profile = new ReportFolder();
        string[] quiet = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={profile.Path}", "--virtual-time-budget=20000", "--host-resolver-rules=MAP * ~NOTFOUND"];
        var start = new ProcessStartInfo(Path!, [.. quiet, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "the browser did not end");
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Result;
    }
}
