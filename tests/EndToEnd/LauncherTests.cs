using System.Diagnostics;

namespace BrainModular.EndToEnd;

/// <summary>What <c>./brain</c> prepares, when it builds, and what it says where it cannot.</summary>
public sealed class LauncherTests : IDisposable
{
    private const int HostCode = 42;
    private readonly ToolBox box = new();

    public void Dispose() => box.Dispose();

    [Fact]
    public void Everything_is_prepared_once_and_the_arguments_and_the_exit_code_are_passed_on()
    {
        var first = box.Brain("run", "a b", "--set", "x=$HOME");
        Assert.True(first.Code == HostCode, first.Error);
        Assert.Equal("run|a b|--set|x=$HOME|", first.Output);
        Assert.Single(box.CallsOf("npm ci --ignore-scripts --omit=dev"));
        Assert.Single(box.CallsOf("dotnet build"));
        Assert.All(first.Error.TrimEnd().Split('\n'), line => Assert.StartsWith("brain: ", line, StringComparison.Ordinal));

        var calls = box.Calls.Count;
        var second = box.Brain();
        Assert.Equal((HostCode, ""), (second.Code, second.Error));
        Assert.Equal(calls, box.Calls.Count);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("removed")]
    public void A_source_that_is_changed_added_or_removed_is_built(string how)
    {
        box.Write("src/Engine/Old.cs", "// old");
        box.Brain();
        switch (how)
        {
            case "changed": box.Write("src/Host/Program.cs", "// b source"); break;
            case "added": box.Write("plugins/New/New.cs", "// new"); break;
            default: File.Delete(box.In("src/Engine/Old.cs")); break;
        }

        Assert.Equal(HostCode, box.Brain().Code);
        Assert.Equal(2, box.CallsOf("dotnet build").Count);
        Assert.Single(box.CallsOf("npm ci"));
    }

    [Fact]
    public void Tests_and_documents_are_no_sources()
    {
        box.Brain();
        box.Write("tests/A.cs", "// a test");
        box.Write("README.md", "text");
        box.Brain();
        Assert.Single(box.CallsOf("dotnet build"));
    }

    [Fact]
    public void A_failed_build_shows_its_errors_and_is_tried_again()
    {
        box.Write("fail", "");
        var failed = box.Brain();
        Assert.Equal(6, failed.Code);
        Assert.Contains("error CS1002", failed.Error, StringComparison.Ordinal);
        Assert.Contains("to mend it", failed.Error, StringComparison.Ordinal);
        Assert.Equal(6, box.Brain().Code);
        File.Delete(box.In("fail"));
        Assert.Equal(HostCode, box.Brain().Code);
    }

    [Fact]
    public void A_build_that_fails_after_a_good_one_does_not_run_the_old_host()
    {
        box.Brain();
        box.Write("src/Host/Program.cs", "// c source");
        box.Write("fail", "");
        Assert.Equal(6, box.Brain().Code);
        Assert.Equal(6, box.Brain().Code);
    }

    [Fact]
    public void Two_at_once_build_once()
    {
        box.Write("slow", "");
        using var one = box.Start(box.In("brain"), box.Home);
        using var two = box.Start(box.In("brain"), box.Home);
        Assert.Equal((HostCode, HostCode), (Brain.Finish(one).Code, Brain.Finish(two).Code));
        Assert.Single(box.CallsOf("dotnet build"));
    }

    [Fact]
    public void It_works_through_a_symbolic_link_from_another_folder()
    {
        var link = Path.Combine(box.Home, "my brain");
        File.CreateSymbolicLink(link, box.In("brain"));
        Assert.Equal(HostCode, box.BrainAs(link, box.Home).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nonexistent")]
    public void Without_a_home_folder_a_private_one_is_used(string? home)
    {
        var outcome = box.BrainAs(box.In("brain"), home);
        Assert.True(outcome.Code == HostCode, outcome.Error);
        Assert.Contains($"home={box.In(".native/home")}", Assert.Single(box.CallsOf("dotnet build")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_npm_onnx_runtime_is_taken_from_nuget()
    {
        box.Remove("npm");
        var outcome = box.Brain();
        Assert.True(outcome.Code == HostCode, outcome.Error);
        Assert.Contains("ort=true", Assert.Single(box.CallsOf("dotnet build")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_sdk_the_command_that_installs_it_is_named()
    {
        box.Remove("dotnet");
        var outcome = box.Brain();
        Assert.Equal(6, outcome.Code);
        Assert.Contains("dotnet-install.sh", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_npm_is_named_with_the_command_to_type()
    {
        box.Stub("npm", "echo 'npm ERR! network' >&2; exit 1");
        var outcome = box.Brain();
        Assert.Equal(6, outcome.Code);
        Assert.Contains("npm ERR! network", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("npm ci --ignore-scripts", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(box.CallsOf("dotnet build"));
    }

    [Theory]
    [InlineData("libhdf5-103-1")]
    [InlineData("libhdf5-103-1t64")]
    [InlineData("libhdf5-310")]
    public void Without_root_the_library_is_unpacked_from_debian_s_package_whatever_its_name(string package)
    {
        box.Stub("id", "echo 1000");
        box.Stub("apt-cache", $$"""
            case "$*" in
                *pkgnames*) printf '%s\n' libhdf5-103 libhdf5-hl-310 libhdf5-doc {{package}} ;;
                *policy*{{package}}) printf '  Candidate: 1.10\n' ;;
                *policy*) printf '  Candidate: (none)\n' ;;
            esac
            """);
        box.Stub("apt-get", """
            case "$*" in
                *simulate*) echo 'Inst libcurl4 (7.88)' ;;
                *download*) touch "${@: -1}.deb" ;;
            esac
            """);
        box.Stub("dpkg-deb", "mkdir -p \"$3/usr/lib/x86_64-linux-gnu\" && touch \"$3/usr/lib/x86_64-linux-gnu/libhdf5_serial.so.103\"");
        var outcome = box.BrainWithoutHdf5();
        Assert.True(outcome.Code == HostCode, outcome.Error);
        var downloads = box.CallsOf("apt-get").Where(c => c.Contains(" download ", StringComparison.Ordinal)).Select(c => c.Split(" download ")[1].Split(' ')[0]);
        Assert.Equal(["libaec0", "libcurl4", package, "libsz2"], downloads.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(box.Calls, c => c.Contains(" install -y", StringComparison.Ordinal));
        Assert.Equal(HostCode, box.BrainWithoutHdf5().Code);
        Assert.Single(box.CallsOf("dotnet build"));
    }

    [Fact]
    public void Without_apt_the_missing_library_is_named_with_a_cure()
    {
        var outcome = box.BrainWithoutHdf5();
        Assert.Equal(6, outcome.Code);
        Assert.Contains("libhdf5", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("BM_HDF5_LIBRARY", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_nothing_to_do_the_launcher_itself_takes_a_moment()
    {
        box.Brain();
        var best = Enumerable.Range(0, 5).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            box.Brain();
            return watch.ElapsedMilliseconds;
        });
        Assert.InRange(best, 0, 500);
    }
}
