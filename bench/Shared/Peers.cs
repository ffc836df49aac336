using System.Diagnostics;
using System.Text.Json;

namespace BrainModular.Bench;

/// <summary>Other programs for the same work, run by scripts in the folder that PEERS names, with the interpreter that PYTHON names.</summary>
internal static class Peers
{
    private static readonly Dictionary<string, bool> Present = [];

    /// <summary>The folder of scripts; null where none is named.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("PEERS") is { Length: > 0 } folder ? folder : null;

    private static string Python => Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } python ? python : "python3";

    /// <summary>Whether peers are to be run and the interpreter has a module.</summary>
    public static bool Has(string module)
    {
        if (Folder is null)
        {
            return false;
        }

        if (!Present.TryGetValue(module, out var present))
        {
            Present[module] = present = Imports(module);
        }

        return present;
    }

    /// <summary>Runs a script, whose last line is JSON. A shell starts it: of a program that this one starts, the system counts this one's memory as used before (ru_maxrss).</summary>
    public static JsonElement Run(string script, params IEnumerable<string> arguments) =>
        Comparison.Run("/bin/sh", ["-c", "\"$@\"; exit $?", "sh", Python, Path.Combine(Folder!, script), .. arguments]);

    private static bool Imports(string module)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {module}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
