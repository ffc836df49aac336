using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>Which of the processor's vectors kernels use.</summary>
public static class VectorUnit
{
    /// <summary>Bytes of a vector: 64 with AVX-512, 32 with AVX2 and FMA, 0 where kernels are interpreted.</summary>
    public static int Bytes { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported ? 64
        : Avx2.IsSupported && Fma.IsSupported ? 32
        : 0;

    /// <summary>How many registers hold vectors: 32 with AVX-512, of any length.</summary>
    internal static int Registers => Bytes == 64 ? 32 : 16;

    /// <summary>Whether kernels run as machine code here; where not, they give the same numbers, many times slower.</summary>
    public static bool IsAvailable => Bytes > 0;

    /// <summary>
    /// Whether results have the same bits as on other machines. Without fused multiply-add in hardware the runtime imitates it, to the same
    /// bits, but nobody has compared them on such a machine.
    /// </summary>
    public static bool IsBitComparable => Fma.IsSupported;
}
