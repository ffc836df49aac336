using System.Runtime.CompilerServices;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>
/// Rows of random numbers, one number for every unit and lane of every step. A number depends on the stream, the step, the unit and the
/// lane alone: not on the thread, on how units and lanes are cut into chunks, nor on what was drawn before, so a backward pass can have
/// the forward pass's numbers again without storing them.
/// </summary>
/// <param name="stream">The stream, different for every noise term of every population.</param>
/// <param name="distribution">How the numbers are distributed.</param>
/// <param name="precision">The rows' numbers.</param>
public sealed unsafe class NoiseSource(StreamKey stream, RandomDistribution distribution, Precision precision)
{
    private const int ChunkLength = 256;

    private readonly Kernel transform = RandomTransform.Of(distribution, precision);

    /// <summary>Fills a row that holds units first .. first + units - 1, each with its lanes side by side.</summary>
    /// <param name="row">The row, padded like all rows.</param>
    /// <param name="step">The step.</param>
    /// <param name="units">How many units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="firstUnit">The first unit's number in the population.</param>
    /// <param name="firstLane">The first lane's number in the batch.</param>
    [SkipLocalsInit]
    public void Fill(void* row, ulong step, int units, int lanes, int firstUnit = 0, int firstLane = 0)
    {
        var numberBytes = precision == Precision.Single ? sizeof(uint) : sizeof(ulong);
        var count = (long)units * lanes;
        var lane = stackalloc uint[ChunkLength];
        var unit = stackalloc uint[ChunkLength];
        byte* space = stackalloc byte[(2 * ChunkLength * sizeof(ulong)) + 64];
        var words = (byte*)(((nint)space + 63) & ~(nint)63);
        var angles = words + (ChunkLength * sizeof(ulong));
        var rows = stackalloc void*[3];
        var (atUnit, atLane) = (0, 0);
        for (var start = 0L; start < count; start += ChunkLength)
        {
            var length = (int)Math.Min(ChunkLength, count - start);
            for (var i = 0; i < ChunkLength; i++)
            {
                (lane[i], unit[i]) = ((uint)(firstLane + atLane), (uint)(firstUnit + atUnit));
                (atUnit, atLane) = atLane + 1 == lanes ? (atUnit + 1, 0) : (atUnit, atLane + 1);
            }

            Draw(lane, unit, step, length, words, angles);
            var inputs = transform.Function.Inputs.Count;
            rows[0] = words;
            rows[1] = angles;
            rows[inputs] = (byte*)row + (start * numberBytes);
            transform.Run(rows, length);
        }
    }

    /// <summary>Random words for a chunk: 32 bits each in single precision, 64 in double.</summary>
    [SkipLocalsInit]
    private void Draw(uint* lane, uint* unit, ulong step, int length, byte* words, byte* angles)
    {
        var drawn = stackalloc uint[4 * ChunkLength];
        Philox.Blocks(lane, unit, (uint)step, (uint)(step >> 32), stream.Words, drawn, ChunkLength, length);
        if (precision == Precision.Single)
        {
            Buffer.MemoryCopy(drawn, words, ChunkLength * sizeof(uint), length * sizeof(uint));
            Buffer.MemoryCopy(drawn + ChunkLength, angles, ChunkLength * sizeof(uint), length * sizeof(uint));
            return;
        }

        for (var i = 0; i < length; i++)
        {
            ((ulong*)words)[i] = ((ulong)drawn[ChunkLength + i] << 32) | drawn[i];
            ((ulong*)angles)[i] = ((ulong)drawn[(3 * ChunkLength) + i] << 32) | drawn[(2 * ChunkLength) + i];
        }
    }
}
