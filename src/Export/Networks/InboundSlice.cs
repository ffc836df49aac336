using BrainModular.Engine.Networks;

namespace BrainModular.Export.Networks;

/// <summary>What arrives at a port over the connections of one projection that have the same delay.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Delay">In steps.</param>
/// <param name="IsOnly">Whether all connections of the projection have this delay.</param>
/// <param name="Source">Where it begins: an input or a population.</param>
/// <param name="Output">What it carries; empty for an input.</param>
/// <param name="Target">The population on which it ends.</param>
/// <param name="Port">The port there.</param>
/// <param name="Sources">How many sources.</param>
/// <param name="Targets">How many targets.</param>
internal sealed record InboundSlice(
    string Projection, int Delay, bool IsOnly, string Source, string Output, string Target, string Port, int Sources, int Targets)
{
    /// <summary>Smaller matrices are multiplied whole: an event-driven table costs a dozen operators of some us each, however little it delivers.</summary>
    private const long SmallestTable = 1_000_000;

    /// <summary>Larger ones are not filled with zeros for anything: 0.5 GB in float32.</summary>
    private const long LargestFilled = 1L << 27;

    /// <summary>
    /// What one delivery of a table costs in products of a matrix. Measured with ONNX Runtime 1.29 on one thread at 1000 and 3000 units: about 30
    /// for one trial, where the matrix is read from memory for each, and about 200 for sixteen side by side.
    /// </summary>
    private const double CostOfDelivery = 200;

    /// <summary>The connections; null for all to all.</summary>
    public Connections? Connections { get; init; }

    /// <summary>The number of each connection in <see cref="Weights"/>; null where it is its own.</summary>
    public int[]? WeightOf { get; init; }

    /// <summary>The weights of the whole projection, in engine units.</summary>
    public required double[] Weights { get; init; }

    /// <summary>The name of the projection whose weights these are, all of them and in this order; null where the slice has some of them.</summary>
    public string? Shared { get; init; }

    /// <summary>Whether what is carried is a spike, which is 0 or 1.</summary>
    public bool CarriesSpikes { get; init; }

    /// <summary>The part of the sources that sends something in a step.</summary>
    public double Activity { get; init; } = 1;

    /// <summary>Its name among those of all slices.</summary>
    public string Name => IsOnly ? Projection : $"{Projection}.delay{Delay}";

    /// <summary>How many connections.</summary>
    public long Count => Connections is null ? (long)Sources * Targets : WeightOf?.Length ?? Connections.Count;

    /// <summary>Whether it is delivered spike by spike by a table of targets instead of as a product with a matrix.</summary>
    public bool IsTable => Connections is not null && (long)Sources * Targets is var pairs &&
        (pairs > LargestFilled || (pairs >= SmallestTable && Count * Activity * CostOfDelivery <= pairs));

    /// <summary>A projection's connections by delay.</summary>
    public static IEnumerable<InboundSlice> Of(ProjectionDefinition projection, NetworkDefinition network, double[] weights)
    {
        var (connections, target) = (projection.Connections, network.Population(projection.Target));
        var spikes = network.Populations.FirstOrDefault(p => p.Name == projection.Source)?.Model.Spikes.Any(s => s.Name == projection.Output) == true;
        if (connections?.Delay is not { } delays)
        {
            yield return Slice(projection.Delay, null);
            yield break;
        }

        foreach (var group in Enumerable.Range(0, delays.Length).GroupBy(edge => delays[edge]).OrderBy(static group => group.Key))
        {
            yield return Slice(group.Key, [.. group]);
        }

        InboundSlice Slice(int delay, int[]? edges) => new(
            projection.Name, delay, edges is null, projection.Source, projection.Output, projection.Target, projection.Port, network.CountOf(projection.Source), target.Count)
        {
            Connections = connections,
            WeightOf = edges,
            Weights = weights,
            Shared = connections is null ? projection.SharesWeightsOf ?? projection.Name : null,
            CarriesSpikes = spikes,
        };
    }

    /// <summary>Visits every connection: its source, its target, its weight.</summary>
    public void ForEach(Action<int, int, double> visit)
    {
        if (Connections is null)
        {
            for (var weight = 0; weight < Weights.Length; weight++)
            {
                visit(weight / Targets, weight % Targets, Weights[weight]);
            }

            return;
        }

        var source = 0;
        for (var i = 0; i < Count; i++)
        {
            var edge = WeightOf is null ? i : WeightOf[i];
            while (edge >= Connections.RowStart[source + 1])
            {
                source++;
            }

            visit(source, Connections.Target[edge], Weights[edge]);
        }
    }

    /// <summary>The weights as a matrix, [source][target]; those of several connections between two units are added.</summary>
    public double[] Matrix()
    {
        var matrix = new double[(long)Sources * Targets];
        ForEach((source, target, weight) => matrix[((long)source * Targets) + target] += weight);
        return matrix;
    }
}
