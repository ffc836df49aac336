namespace BrainModular.Engine.Random;

/// <summary>
/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), doi:10.1145/2063384.2063405:
/// a bijection of 128-bit counters under a 64-bit key, whose outputs are random numbers without any state.
/// </summary>
public static class Philox
{
    private const int Rounds = 10;
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;

    /// <summary>The four random words of a counter.</summary>
    public static (uint A, uint B, uint C, uint D) Block((uint A, uint B, uint C, uint D) counter, (uint A, uint B) key)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var left = (ulong)MultiplierA * counter.A;
            var right = (ulong)MultiplierB * counter.C;
            counter = ((uint)(right >> 32) ^ counter.B ^ key.A, (uint)right, (uint)(left >> 32) ^ counter.D ^ key.B, (uint)left);
            key = (key.A + WeylA, key.B + WeylB);
        }

        return counter;
    }
}
