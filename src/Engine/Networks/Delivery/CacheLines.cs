using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Memory as the caches hold it.</summary>
internal static unsafe class CacheLines
{
    /// <summary>Bytes of a line.</summary>
    public const int Bytes = 64;

    /// <summary>Has the lines from one place up to another fetched.</summary>
    public static void Ask(void* start, void* end)
    {
        for (var line = (byte*)start; line < end; line += Bytes)
        {
            Sse.Prefetch0(line);
        }
    }
}
