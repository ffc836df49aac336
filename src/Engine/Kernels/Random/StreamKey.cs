using System.Text;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>What tells one stream of random numbers from all others.</summary>
/// <param name="Value">The key of <see cref="Philox"/>.</param>
public readonly record struct StreamKey(ulong Value)
{
    internal (uint A, uint B) Words => ((uint)Value, (uint)(Value >> 32));

    /// <summary>The key of a stream of that name within this one; the same name gives the same key.</summary>
    public StreamKey Split(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // FNV-1a makes a number of the name; the block mixes it with this key. The last counter word keeps splits apart from draws.
        var hash = 0xcbf2_9ce4_8422_2325;
        foreach (var letter in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ letter) * 0x0000_0100_0000_01b3;
        }

        var (a, b, _, _) = Philox.Block(((uint)hash, (uint)(hash >> 32), (uint)name.Length, uint.MaxValue), Words);
        return new(((ulong)b << 32) | a);
    }
}
