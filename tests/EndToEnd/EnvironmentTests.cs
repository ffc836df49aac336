using System.Diagnostics;

namespace BrainModular.EndToEnd;

/// <summary>What the machine refuses: exit code 6, and a run that was under way stays readable.</summary>
public sealed class EnvironmentTests
{
    [SkippableFact]
    public void A_read_only_output_folder_is_refused()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a folder that refuses even root is wanted: /proc");
        using var folder = new ExperimentFolder(ExperimentFolder.Simulation);
        AssertEnvironment(Brain.Run(folder.Root, "run", "experiment.json", "--out", "/proc/brain-run"), "/proc/brain-run");
    }

    [SkippableFact]
    public void A_full_disk_ends_the_run_with_a_message()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Simulation);
        var disk = Directory.CreateDirectory(folder.In("disk")).FullName;
        Skip.IfNot(Mount("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk), "mounting a small disk is not permitted here");
        try
        {
            var outcome = Brain.Run(folder.Root, "run", "experiment.json", "--out", Path.Combine(disk, "run"));
            AssertEnvironment(outcome, "disk is full");
            Assert.DoesNotContain(Directory.GetFiles(disk, "*.tmp", SearchOption.AllDirectories), _ => true);
        }
        finally
        {
            Assert.True(Mount("umount", disk), "the small disk could not be unmounted");
        }
    }

    [Fact]
    public void A_missing_hdf5_library_is_named_with_the_cure()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Fit);
        folder.WriteRecording();
        var outcome = Brain.Run(folder.Root, [("BM_HDF5_LIBRARY", folder.In("libhdf5.so"))], "run", "experiment.json");
        AssertEnvironment(outcome, "BM6101");
        Assert.Contains("to mend it", outcome.Error, StringComparison.Ordinal);
    }

    private static void AssertEnvironment(Outcome outcome, string mentioned)
    {
        Assert.True(outcome.Code == 6, $"exit code {outcome.Code}: {outcome.Error}");
        Assert.Contains(mentioned, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    private static bool Mount(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
