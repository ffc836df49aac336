using System.Runtime.InteropServices;

namespace BrainModular.Engine.Kernels.Memory;

/// <summary>
/// Has Linux keep large blocks of memory in pages of 2 MB, so that the processor's table of pages holds the places of many more rows. It is a wish: elsewhere, and where the system
/// has no such pages to give, memory stays as it is.
/// </summary>
internal static unsafe partial class LargePages
{
    private const long PageBytes = 2 << 20;
    private const int AdviseHugePage = 14;
    private const int AdviseCollapse = 25;

    /// <summary>Asks for large pages for memory that has not been written to yet.</summary>
    public static void Ask(void* start, long bytes) => Advise(start, bytes, AdviseHugePage);

    /// <summary>Asks to have what an array holds put into large pages.</summary>
    public static void Collapse<T>(T[] array)
        where T : unmanaged
    {
        fixed (T* start = array)
        {
            Advise(start, (long)array.Length * sizeof(T), AdviseCollapse);
        }
    }

    private static void Advise(void* start, long bytes, int advice)
    {
        var first = ((long)start + PageBytes - 1) / PageBytes * PageBytes;
        var end = ((long)start + bytes) / PageBytes * PageBytes;
        if (OperatingSystem.IsLinux() && first < end)
        {
            _ = MAdvise((void*)first, (nuint)(end - first), advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* start, nuint length, int advice);
}
