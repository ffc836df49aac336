using BrainModular.Engine.Networks;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>
/// A network of <see cref="WrittenNetwork.Adaptive"/> cells with excitatory and inhibitory conductances and a <see cref="WrittenNetwork.Readout"/>,
/// stepped by Euler's method in plain loops, unit by unit: it keeps every unit's Jacobian of every step.
/// </summary>
internal sealed class SlowNetwork
{
    public const int V = 0;
    public const int A = 1;
    public const int Excitation = 2;
    public const int Inhibition = 3;
    private const int States = 4;

    private readonly NetworkDefinition network;
    private readonly Dictionary<string, double[][]> states = [];

    public SlowNetwork(NetworkDefinition network)
    {
        this.network = network;
        var first = 0;
        foreach (var projection in network.Projections)
        {
            Projections.Add(new(projection, first, [.. Pairs(projection)]));
            first += projection.Weights.Length;
        }

        foreach (var cells in Cells)
        {
            states[cells.Name] = [.. Enumerable.Range(0, cells.Count).Select(static _ => new[] { -62.0, 0, 0, 0 })];
            (Jacobian[cells.Name], Spikes[cells.Name]) = ([], []);
        }

        states["out"] = [.. Enumerable.Range(0, network.CountOf("out")).Select(static _ => new double[1])];
        foreach (var input in network.Inputs)
        {
            Spikes[input.Name] = [];
        }
    }

    public List<SlowProjection> Projections { get; } = [];

    /// <summary>The populations of cells, in the order in which they are stepped.</summary>
    public IEnumerable<PopulationDefinition> Cells => network.Populations.Where(static p => p.Name != "out");

    /// <summary>What was sent, [step][unit].</summary>
    public Dictionary<string, List<double[]>> Spikes { get; } = [];

    /// <summary>The derivatives of V, A, both conductances and the spike by the four states before and by what arrives at both ports, [step][unit][of][by].</summary>
    public Dictionary<string, List<double[][][]>> Jacobian { get; } = [];

    /// <summary>The readout, [step][unit].</summary>
    public List<double[]> Readout { get; } = [];

    /// <summary>The states that what arrives at a port moves: its conductance, and by it V and A.</summary>
    public static int[] Moved(string port) => [V, A, Conductance(port)];

    public static int Conductance(string port) => port.StartsWith("exc", StringComparison.Ordinal) ? Excitation : Inhibition;

    /// <summary>One unit's step.</summary>
    /// <returns>Its Jacobian, and what becomes of V, A, both conductances and the spike.</returns>
    public static (double[][] Jacobian, double[] Next) Step(double[] state, double[] arriving, double tauA)
    {
        var x = state.Concat(arriving).Select(static (value, i) => new Dual(value, [.. Enumerable.Range(0, States + 2).Select(k => k == i ? 1.0 : 0)])).ToArray();
        var current = (x[Excitation] * (0 - x[V])) + (x[Inhibition] * (-80 - x[V])) + x[A];
        var v = x[V] + ((-65 - x[V] + (100 * current)) / 20);
        var spike = Dual.Spike((v + 50) / 10);
        Dual[] next = [(spike * -60) + ((1 - spike) * v), x[A] - (x[A] / tauA) - (spike * 0.02), (0.9 * x[Excitation]) + x[4], (0.9 * x[Inhibition]) + x[5], spike];
        return ([.. next.Select(static n => n.By)], [.. next.Select(static n => n.Value)]);
    }

    /// <summary>Steps the whole network.</summary>
    /// <param name="weights">The weights of all projections, one after the other.</param>
    /// <param name="input">The input's events, [channel].</param>
    public void Step(double[] weights, double[] input)
    {
        Spikes[network.Inputs[0].Name].Add(input);
        foreach (var cells in Cells)
        {
            var (jacobian, spikes) = (new double[cells.Count][][], new double[cells.Count]);
            var (excitation, inhibition) = (Arriving(cells.Name, "exc.in", weights), Arriving(cells.Name, "inh.in", weights));
            for (var unit = 0; unit < cells.Count; unit++)
            {
                var (derivatives, next) = Step(states[cells.Name][unit], [excitation[unit], inhibition[unit]], cells.Values["tauA"][unit]);
                (jacobian[unit], spikes[unit], states[cells.Name][unit]) = (derivatives, next[States], next[..States]);
            }

            Jacobian[cells.Name].Add(jacobian);
            Spikes[cells.Name].Add(spikes);
        }

        var read = Arriving("out", "in", weights);
        Readout.Add([.. states["out"].Select((y, unit) => y[0] = (0.9 * y[0]) + read[unit])]);
    }

    /// <summary>What a projection's source sent in time to arrive in a step.</summary>
    public double Sent(SlowProjection projection, int source, int step) =>
        step >= projection.Of.Delay ? Spikes[projection.Of.Source][step - projection.Of.Delay][source] : 0;

    private double[] Arriving(string target, string port, double[] weights)
    {
        var sum = new double[network.CountOf(target)];
        var step = Readout.Count;
        foreach (var projection in Projections.Where(p => p.Of.Target == target && p.Of.Port == port))
        {
            foreach (var (from, to, weight) in projection.Pairs)
            {
                sum[to] += weights[weight] * Sent(projection, from, step);
            }
        }

        return sum;
    }

    private IEnumerable<(int, int, int)> Pairs(ProjectionDefinition projection)
    {
        var first = Projections.Sum(static p => p.Of.Weights.Length);
        if (projection.Connections is not { } connections)
        {
            var targets = network.CountOf(projection.Target);
            return projection.Weights.Select((_, i) => (i / targets, i % targets, first + i));
        }

        return Enumerable.Range(0, connections.Sources).SelectMany(s =>
            Enumerable.Range((int)connections.RowStart[s], (int)(connections.RowStart[s + 1] - connections.RowStart[s])).Select(e => (s, connections.Target[e], first + e)));
    }
}

/// <summary>A projection.</summary>
/// <param name="Of">Its definition.</param>
/// <param name="First">The number of its first weight among all.</param>
/// <param name="Pairs">Source, target and weight of each connection.</param>
internal sealed record SlowProjection(ProjectionDefinition Of, int First, IReadOnlyList<(int From, int To, int Weight)> Pairs);
