using System.Diagnostics;

namespace BrainModular.EndToEnd;

/// <summary>
/// A copy of the launcher's scripts in a folder of its own, with a PATH that holds the everyday tools and stand-ins for the large ones, which
/// only write down that they were called. So what the launcher decides is tested in moments, without network and without a build.
/// </summary>
internal sealed class ToolBox : IDisposable
{
    private static readonly string[] EverydayTools =
    [
        "awk", "basename", "bash", "cat", "chmod", "cksum", "cmp", "cp", "dirname", "env", "find", "flock", "grep", "head", "ln", "ls", "mkdir", "mktemp", "mv",
        "readlink", "rm", "sed", "sleep", "sort", "tail", "tee", "touch", "tr",
    ];

    private readonly string top = Directory.CreateTempSubdirectory("brain tools ").FullName;

    public ToolBox()
    {
        Root = Directory.CreateDirectory(Path.Combine(top, "a tree")).FullName;
        Tools = Directory.CreateDirectory(Path.Combine(top, "bin")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(top, "home")).FullName;
        foreach (var tool in EverydayTools)
        {
            File.CreateSymbolicLink(Path.Combine(Tools, tool), new[] { "/usr/bin", "/bin" }.Select(f => Path.Combine(f, tool)).First(File.Exists));
        }

        foreach (var file in (string[])["brain", "build/prepare.sh", "build/native.sh"])
        {
            Write(file, File.ReadAllText(Path.Combine(RealData.Repository, file)));
        }

        Write("src/Host/Program.cs", "// a source");
        Write("package-lock.json", "{}");
        Stub("id", "case \"$1\" in -u) echo 0 ;; *) echo somebody ;; esac");
        Stub("npm", "mkdir -p node_modules");
        Stub("dotnet", """
            if [[ $1 == build ]]; then
                [[ -e fail ]] && { echo 'src/Host/Program.cs(1,1): error CS1002: ; expected'; exit 1; }
                [[ -e slow ]] && sleep 1
                mkdir -p artifacts/brain
                printf '#!/usr/bin/env bash\nprintf "%%s|" "$@"\nexit 42\n' > artifacts/brain/brain
                chmod +x artifacts/brain/brain
            fi
            """);
    }

    public string Root { get; }

    public string Home { get; }

    private string Tools { get; }

    /// <summary>The calls of stand-ins so far, one a line: name, arguments.</summary>
    public IReadOnlyList<string> Calls => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => Path.Combine(top, "calls");

    public string In(string path) => Path.Combine(Root, path);

    public void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), content);
        Process.Start("chmod", ["+x", In(path)]).WaitForExit();
    }

    public void Remove(string tool) => File.Delete(Path.Combine(Tools, tool));

    /// <summary>A stand-in that writes down its call and the variables that matter, then runs a script.</summary>
    public void Stub(string tool, string script)
    {
        var path = Path.Combine(Tools, tool);
        File.WriteAllText(path, $"#!/usr/bin/env bash\nprintf '%s ort=%s home=%s\\n' \"{tool} $*\" \"${{UseOfficialOrt:-}}\" \"${{HOME:-}}\" >> '{Log}'\n{script}\n");
        Process.Start("chmod", ["+x", path]).WaitForExit();
    }

    public IReadOnlyList<string> CallsOf(string start) => [.. Calls.Where(c => c.StartsWith(start, StringComparison.Ordinal))];

    public Outcome Brain(params string[] arguments) => BrainAs(In("brain"), Home, arguments);

    public Outcome BrainAs(string path, string? home, params string[] arguments)
    {
        using var process = Start(path, home, arguments);
        return EndToEnd.Brain.Finish(process);
    }

    public Process Start(string path, string? home, params string[] arguments) => EndToEnd.Brain.Start(
        Path.Combine(Tools, "env"),
        "/",
        [],
        ["-i", $"PATH={Tools}", .. home is null ? Array.Empty<string>() : [$"HOME={home}"], "BM_HDF5_LIBRARY=/there", path, .. arguments]);

    /// <summary>A launch that has to find the HDF5 library itself, and may not use the system's.</summary>
    public Outcome BrainWithoutHdf5()
    {
        using var process = EndToEnd.Brain.Start(Path.Combine(Tools, "env"), "/", [], "-i", $"PATH={Tools}", $"HOME={Home}", "BRAINMODULAR_PRIVATE_NATIVE=1", In("brain"));
        return EndToEnd.Brain.Finish(process);
    }

    public void Dispose() => Directory.Delete(top, recursive: true);
}
