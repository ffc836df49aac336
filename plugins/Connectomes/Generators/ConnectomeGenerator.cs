using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Plugins;
using BrainModular.Random;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// What generators of connections have in common. Settings: <c>weight</c> (1), the same for all edges, and <c>delay</c> (0 ms), the same
/// for all edges, which have none where it is 0. Edges are drawn anew at every reading, from the same stream, so that the memory taken
/// does not depend on how many there are.
/// </summary>
/// <param name="settings">The settings.</param>
internal abstract class ConnectomeGenerator(ISettings settings) : IConnectomeLoader
{
    private readonly float weight = (float)settings.Number("weight", 1, -1e30, 1e30, "the weight of every connection");
    private readonly float delay = (float)settings.Quantity("delay", 0 * ms, "the delay of every connection; 0 for none of its own");

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">BM3210: a population's size is not known; what the generator's own settings ask for cannot be had.</exception>
    public IConnectome Open(ConnectomeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var populations = new Populations(
            request.Sources ?? throw Unknown("source"), request.Targets ?? throw Unknown("target"), request.Recurrent);
        return new GeneratedConnectome(
            populations, Count(populations), weight, delay, Positions(populations), () => Edges(populations, request.Random.Split("edges")));
    }

    /// <summary>Checks that the populations can be connected, and says how many edges there will be where that is known.</summary>
    protected abstract long? Count(Populations populations);

    /// <summary>Draws the edges.</summary>
    /// <param name="populations">Between which populations.</param>
    /// <param name="random">A stream at its start.</param>
    protected abstract IEnumerable<Edge> Edges(Populations populations, IRandomStream random);

    /// <summary>The nodes' positions, by name of the coordinate, where they have any.</summary>
    protected virtual IReadOnlyDictionary<string, Func<int, double[]>> Positions(Populations populations) => GeneratedConnectome.NoPositions;

    private static DiagnosticException Unknown(string end) => new(
        "BM3210", $"the size of the {end} population is not known", expected: "a size: a generator makes connections for populations that are there",
        cure: $"give the {end} population a size");
}

/// <summary>The populations that edges join.</summary>
/// <param name="Sources">How many source units.</param>
/// <param name="Targets">How many target units.</param>
/// <param name="Recurrent">Whether they are the same population.</param>
internal readonly record struct Populations(int Sources, int Targets, bool Recurrent);

/// <summary>An edge.</summary>
internal readonly record struct Edge(int Source, int Target);
