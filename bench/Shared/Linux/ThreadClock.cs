using System.Runtime.InteropServices;

namespace BrainModular.Bench;

/// <summary>The processor time of this thread, which other programs on the machine do not lengthen.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds
    {
        get
        {
            _ = GetTime(ThreadCpuTime, out var time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    /// <summary>The time that an action takes of this thread.</summary>
    public static double SecondsOf(Action action)
    {
        var start = Seconds;
        action();
        return Seconds - start;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
