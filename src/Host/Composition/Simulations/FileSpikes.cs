using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>Spikes that were read from a file, the same in every trial. Several spikes of a channel in one step add up.</summary>
/// <param name="spikes">The step and the channel of each, in the order of steps.</param>
internal sealed class FileSpikes(IReadOnlyList<(int Step, int Channel)> spikes) : IInputSignal
{
    private int next;
    private int lanes;

    public void Begin(int firstTrial, int lanes, PhiloxStream random) => (next, this.lanes) = (0, lanes);

    public void Read(int step, Span<float> row)
    {
        row.Clear();
        for (; next < spikes.Count && spikes[next].Step == step; next++)
        {
            var channel = row.Slice(spikes[next].Channel * lanes, lanes);
            channel.Fill(channel[0] + 1);
        }
    }
}
