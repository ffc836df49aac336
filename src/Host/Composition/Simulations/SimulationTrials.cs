using BrainModular.Engine.Networks;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>Some trials of a simulation side by side: what comes in from outside. Nothing is read out.</summary>
/// <param name="network">The network.</param>
/// <param name="signals">What comes in, in the order of its inputs.</param>
internal sealed class SimulationTrials(NetworkDefinition network, IReadOnlyList<IInputSignal> signals) : INetworkTrials
{
    public int FirstLane { get; private set; }

    public int Trials { get; private set; }

    public int BatchTrials => Trials;

    public IReadOnlyList<INetworkReadout> Readouts => [];

    /// <summary>Begins trials.</summary>
    /// <param name="first">The number of the first one.</param>
    /// <param name="count">How many of them count.</param>
    /// <param name="lanes">How many run side by side.</param>
    /// <param name="random">The stream of all that comes in.</param>
    public void Begin(int first, int count, int lanes, PhiloxStream random)
    {
        (FirstLane, Trials) = (first, count);
        for (var i = 0; i < signals.Count; i++)
        {
            signals[i].Begin(first, lanes, random.Split(network.Inputs[i].Name));
        }
    }

    public void Read(int input, int step, Span<float> row) => signals[input].Read(step, row);
}
