using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BrainModular.Bench.Proof;

/// <summary>The machine and what is on it, in words.</summary>
internal static class Machine
{
    public static IReadOnlyDictionary<string, string> Facts()
    {
        var facts = new Dictionary<string, string>
        {
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC",
            ["processor"] = $"{Line("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores",
            ["memory"] = Line("/proc/meminfo", "MemTotal"),
            ["system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            ["load before"] = File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "not known",
            ["C++ compiler"] = Output(0, "g++", "--version"),
        };
        var python = Environment.GetEnvironmentVariable("PYTHON") ?? "python3";
        foreach (var (name, module) in new[] { ("PyTorch", "torch"), ("Brian2", "brian2"), ("NEST", "nest"), ("snnTorch", "snntorch"), ("Norse", "norse"), ("SpikingJelly", "spikingjelly") })
        {
            facts[name] = Output(^1, python, "-c", $"import {module}; print(getattr({module}, '__version__', 'present'))");
        }

        return facts;
    }

    private static string Line(string path, string key) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "not known"
        : "not known";

    /// <summary>The line with the version of those that a program prints (NEST greets first); "missing" where it is not there or fails.</summary>
    private static string Output(Index line, string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            return process.ExitCode == 0 && lines.Length > 0 ? lines[line].Trim() : "missing";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "missing";
        }
    }
}
