using BrainModular.Random;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>
/// Spikes at random: each channel spikes in each step with the same probability, independently of all else. What is drawn is how many channels
/// and steps are silent until the next spike, which is geometric, so that silence costs nothing.
/// </summary>
/// <param name="probability">The probability of a spike in a step, from 0 to 1.</param>
/// <param name="channels">How many channels.</param>
internal sealed class PoissonInput(double probability, int channels) : IInputSignal
{
    private readonly double silence = Math.Log(1 - probability);
    private IRandomStream[] streams = [];
    private long[] next = [];

    public void Begin(int firstTrial, int lanes, IRandomStream random)
    {
        streams = [.. Enumerable.Range(firstTrial, lanes).Select(trial => random.Split($"trial.{trial}"))];
        next = [.. streams.Select(stream => After(-1, stream))];
    }

    public void Read(int step, Span<float> row)
    {
        row.Clear();
        var (first, lanes) = ((long)step * channels, streams.Length);
        for (var lane = 0; lane < lanes; lane++)
        {
            for (; next[lane] < first + channels; next[lane] = After(next[lane], streams[lane]))
            {
                row[((int)(next[lane] - first) * lanes) + lane] = 1;
            }
        }
    }

    /// <summary>The next spike after one, both as step * channels + channel.</summary>
    private long After(long spike, IRandomStream stream)
    {
        const double Never = 1L << 62;
        var silent = probability == 0 ? Never : probability == 1 ? 0 : Math.Min(Math.Floor(Math.Log(stream.Uniform()) / silence), Never);
        return spike + 1 + (long)silent;
    }
}
