using System.Diagnostics;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Runs;

/// <summary>Signals while something runs that cannot be ended.</summary>
public sealed class InterruptionTests
{
    [SkippableFact]
    public void A_cancellation_that_takes_its_time_is_told()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var told = new StringWriter();
        using var error = TextWriter.Synchronized(told);
        using var interruption = new Interruption(error, error.WriteLine);
        interruption.BeginWriting();
        using (var kill = Process.Start("kill", ["-TERM", $"{Environment.ProcessId}"]))
        {
            kill.WaitForExit();
        }

        Assert.True(interruption.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                lock (error)
                {
                    return told.ToString().Contains("stopping as soon as", StringComparison.Ordinal);
                }
            },
            TimeSpan.FromSeconds(30)));
    }
}
