using System.Diagnostics;
using System.Text;

namespace BrainModular.EndToEnd;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>The last line on stdout: the run folder of <c>brain run</c>.</summary>
    public string LastLine => Output.TrimEnd().Split('\n')[^1];

    public Outcome Succeeded() => EndedWith(0);

    public Outcome EndedWith(int code)
    {
        Assert.True(Code == code, $"exit code {Code}\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>The built <c>brain</c> command, run as a process of its own.</summary>
internal static class Brain
{
    public static readonly string Executable = Path.Combine(RealData.Repository, "artifacts", "brain", OperatingSystem.IsWindows() ? "brain.exe" : "brain");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Outcome Run(string folder, params string[] arguments) => Run(folder, [], arguments);

    public static Outcome Run(string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        using var process = Start(folder, environment, arguments);
        return Finish(process);
    }

    public static Process Start(string folder, (string Name, string Value)[] environment, params string[] arguments) =>
        Start(Executable, folder, environment, arguments);

    public static Process Start(string program, string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static Outcome Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the command did not end");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }
}
