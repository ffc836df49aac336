using System.Numerics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>From [unit][lane] to [lane][unit] and back, in blocks that stay in the first cache.</summary>
internal static unsafe class LaneTranspose
{
    private const int Block = 16;

    /// <summary>Writes rows [unit][lane] as [lane][unit].</summary>
    public static void Write<T>(T* from, T* to, int units, int lanes, int stride)
        where T : unmanaged
    {
        for (var u = 0; u < units; u += Block)
        {
            var end = Math.Min(u + Block, units);
            for (var lane = 0; lane < lanes; lane++)
            {
                var target = to + ((long)lane * stride);
                for (var unit = u; unit < end; unit++)
                {
                    target[unit] = from[((long)unit * lanes) + lane];
                }
            }
        }
    }

    /// <summary>Adds rows [lane][unit] to [unit][lane].</summary>
    public static void Add<T>(T* from, T* to, int units, int lanes, int stride)
        where T : unmanaged, INumberBase<T>
    {
        for (var u = 0; u < units; u += Block)
        {
            var end = Math.Min(u + Block, units);
            for (var unit = u; unit < end; unit++)
            {
                var target = to + ((long)unit * lanes);
                for (var lane = 0; lane < lanes; lane++)
                {
                    target[lane] += from[((long)lane * stride) + unit];
                }
            }
        }
    }
}
