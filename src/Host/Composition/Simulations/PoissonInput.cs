using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>Spikes at random: how many spikes a channel has in a step is Poisson-distributed, independently of all else. Several in one step come in as their number.</summary>
internal static class PoissonInput
{
    /// <summary>Where there are fewer spikes than this in a step on the average, it is quicker to draw the time from one to the next.</summary>
    private const double Rare = 0.1;

    /// <param name="mean">The mean number of a channel's spikes in a step.</param>
    /// <param name="channels">How many channels.</param>
    public static IInputSignal Of(double mean, int channels) => mean == 0 ? new SilentInput() : mean < Rare ? new RareSpikes(mean, channels) : new FrequentSpikes(mean, channels);

    /// <summary>Steps and channels are one line on which a channel's step has the length 1; the distances of spikes on it are exponentially distributed, so that silence costs nothing.</summary>
    private sealed class RareSpikes(double mean, int channels) : IInputSignal
    {
        private PhiloxStream[] streams = [];
        private double[] next = [];

        public void Begin(int firstTrial, int lanes, PhiloxStream random)
        {
            streams = [.. Enumerable.Range(firstTrial, lanes).Select(trial => random.Split($"trial.{trial}"))];
            next = [.. streams.Select(Distance)];
        }

        public void Read(int step, Span<float> row)
        {
            row.Clear();
            var (first, lanes) = ((double)step * channels, streams.Length);
            for (var lane = 0; lane < lanes; lane++)
            {
                for (; next[lane] < first + channels; next[lane] += Distance(streams[lane]))
                {
                    row[((int)(next[lane] - first) * lanes) + lane]++;
                }
            }
        }

        private double Distance(PhiloxStream stream) => -Math.Log(stream.Uniform()) / mean;
    }

    /// <summary>A number for each channel and step.</summary>
    private sealed class FrequentSpikes(double mean, int channels) : IInputSignal
    {
        private PoissonCounts? counts;
        private int firstTrial;

        public void Begin(int firstTrial, int lanes, PhiloxStream random)
        {
            this.firstTrial = firstTrial;
            counts = new(random.Key, mean, channels * lanes);
        }

        public void Read(int step, Span<float> row) => counts!.Fill(row, step, row.Length / channels, firstTrial);
    }
}
