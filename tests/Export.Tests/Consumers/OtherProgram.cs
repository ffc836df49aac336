using System.Diagnostics;
using BrainModular.Testing;

namespace BrainModular.Export.Tests.Consumers;

/// <summary>Runs another program on exported files. Where it is missing the test is skipped, and fails in CI.</summary>
internal static class OtherProgram
{
    public static string Script(string name) => Path.Combine(RealData.Repository, "tests", "Export.Tests", "Consumers", name);

    /// <summary>What the program writes to its standard output.</summary>
    public static string Run(string program, string input, params string[] arguments)
    {
        var (code, output, errors) = Start(program, input, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{errors}{output}");
        return output;
    }

    /// <summary>Skips the test where a program does not start or does not end well with these arguments; fails in CI.</summary>
    public static void Require(string cure, string program, params string[] arguments)
    {
        var found = Works(program, arguments);
        Assert.False(!found && RealData.InCi, $"{program} {string.Join(' ', arguments)} does not work: {cure}");
        Skip.If(!found, $"{program} {string.Join(' ', arguments)} does not work: {cure}");
    }

    private static bool Works(string program, string[] arguments)
    {
        try
        {
            return Start(program, "", arguments).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output, string Errors) Start(string program, string input, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RealData.Repository,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill();
            Assert.Fail($"{program} did not end within 2 minutes");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
