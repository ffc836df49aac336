using System.Diagnostics;

namespace BrainModular.EndToEnd.BadInput;

/// <summary>What the machine refuses: exit code 6, the path, and no half-written files.</summary>
public sealed class BadEnvironmentTests : IDisposable
{
    private readonly Workplace place = new();

    public BadEnvironmentTests() => place.Write("good.json", Workplace.Fit());

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_missing_hdf5_library_is_named_with_the_way_to_get_it()
    {
        var outcome = Brain.Run(place.Root, [("BM_HDF5_LIBRARY", "/nonexistent")], "run", "good.json", "--out", "out");
        Workplace.AssertRefused(outcome, 6, "BM6101", "HDF5", "/nonexistent", "BM_HDF5_LIBRARY");
        Assert.False(Directory.Exists(place["out"]));
    }

    [SkippableTheory]
    [InlineData("closed", "closed")]
    [InlineData("closed", "closed/new/run")]
    public void A_folder_without_permission_to_write_is_refused(string closed, string output)
    {
        Skip.If(OperatingSystem.IsWindows(), "permissions are those of Unix");
        Directory.CreateDirectory(place[closed]);
        Assert.True(Command("chmod", "555", place[closed]));
        Assert.True(Command("chmod", "755", place.Root));
        string[] command = [.. AsNobody(), Brain.Executable, "run", "good.json", "--out", output];
        using var process = Brain.Start(command[0], place.Root, [], command[1..]);
        var outcome = Brain.Finish(process);
        Workplace.AssertRefused(outcome, 6, "BM6103", place[output], "permission is denied", "--out");
        Assert.Empty(Directory.EnumerateFileSystemEntries(place[closed]));
    }

    [SkippableTheory]
    [InlineData("plugins")]
    [InlineData("plugins/mine")]
    public void A_folder_of_plugins_without_permission_to_read_is_left_out_of_the_runs_that_do_without(string closed)
    {
        Skip.If(OperatingSystem.IsWindows(), "permissions are those of Unix");
        Directory.CreateDirectory(place[closed]);
        Assert.True(Command("chmod", "000", place[closed]));
        Assert.True(Command("chmod", "755", place.Root));
        string[] command = [.. AsNobody(), Brain.Executable, "validate", "good.json"];
        using var process = Brain.Start(command[0], place.Root, [], command[1..]);
        var outcome = Brain.Finish(process).Succeeded();
        Assert.Contains($"warning: the plugin {place[closed]} is left out: the folder cannot be read", outcome.Error, StringComparison.Ordinal);
        Assert.True(Command("chmod", "755", place[closed]));
    }

    [SkippableTheory]
    [InlineData("2>/dev/full", 0)]
    [InlineData("2>&-", 0)]
    [InlineData(">/dev/full", 6)]
    [InlineData(">&-", 6)]
    public void A_log_that_cannot_be_written_does_not_end_a_run_and_output_that_cannot_is_named(string redirection, int code)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the device is Linux's");
        using var process = Brain.Start("sh", place.Root, [], "-c", $"exec {Brain.Executable} run good.json --out out {redirection}");
        var outcome = Brain.Finish(process);
        Assert.Equal(code, outcome.Code);
        Assert.Equal(code == 6, outcome.Error.Contains("BM6106: standard output: ", StringComparison.Ordinal));
        using var summary = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(place["out/summary.json"]));
        Assert.Equal("completed", summary.RootElement.GetProperty("status").GetString());
    }

    /// <summary>A disk on which the fit's few files find room, and the report and traces do not: what is there afterwards is whole.</summary>
    [SkippableTheory]
    [InlineData(4, false)]
    [InlineData(64, true)]
    [InlineData(512, true)]
    public void A_full_disk_leaves_whole_files_only(int kibibytes, bool mayBegin)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root mounts a small disk");
        Directory.CreateDirectory(place["disk"]);
        Skip.IfNot(Command("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", place["disk"]), "this machine does not let root mount a small disk");
        try
        {
            var outcome = place.Run("run", "good.json", "--out", "disk/out");
            Assert.True(outcome.Code == 6, $"exit code {outcome.Code}\n{outcome.Error}");
            Assert.Contains("BM6104: " + place["disk/out"], outcome.Error, StringComparison.Ordinal);
            Assert.Contains("the disk is full", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(mayBegin, Directory.Exists(place["disk/out"]));
            foreach (var file in Directory.EnumerateFiles(place["disk"], "*", SearchOption.AllDirectories))
            {
                Assert.Contains(Path.GetRelativePath(place["disk/out"], file), (string[])["resolved.json", "run.json", "summary.json", "metrics.jsonl", "results.nwb", "checkpoints/fit"]);
                if (file.EndsWith(".json", StringComparison.Ordinal))
                {
                    using var whole = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(file));
                }
            }
        }
        finally
        {
            Assert.True(Command("umount", place["disk"]));
        }
    }

    private static string[] AsNobody()
    {
        if (Environment.UserName != "root")
        {
            return [];
        }

        // Root may write anywhere; so may not nobody, who has to reach the command, though.
        Skip.IfNot(Command("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "test", "-x", Brain.Executable), "another user cannot reach the command here");
        return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    }

    private static bool Command(string name, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
