using BrainModular.Random;

namespace BrainModular.Testing.Fakes;

/// <summary>A small reproducible stream for tests (SplitMix64, counter-based).</summary>
internal sealed class CountingStream(ulong seed) : IRandomStream
{
    public ulong Position { get; set; }

    public double Uniform() => ((Bits() >> 11) + 0.5) / (1UL << 53);

    public double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    public int Integer(int bound) => (int)(Uniform() * bound);

    public IRandomStream Split(string name)
    {
        var hash = seed;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return new CountingStream(hash);
    }

    private ulong Bits()
    {
        var z = seed + (++Position * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
