using System.Numerics;

namespace BrainModular.Engine.Networks;

/// <summary>The sum of the weights of all connections that end at a port, which gap junctions need, and its adjoint.</summary>
internal static unsafe class WeightSums
{
    public static void Set<T>(PopulationRun<T> population, PortRun<T> port, NetworkWeights<T> weights, int lanes)
        where T : unmanaged, INumberBase<T>
    {
        var row = population.Row(port.WeightSum!);
        new Span<T>(row, population.Elements).Clear();
        foreach (var inbound in port.Inbound)
        {
            ForEach(inbound, (weight, target) =>
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    row[((long)target * lanes) + lane] += weights.Of(inbound.Projection.Block)[weight];
                }
            });
        }
    }

    /// <summary>Adds the gradient that came through the sums over the whole run.</summary>
    public static void AddGradient<T>(PopulationRun<T> population, PortRun<T> port, NetworkWeights<T> gradient, int lanes)
        where T : unmanaged, INumberBase<T>
    {
        var row = population.Row($"gradient.{port.WeightSum}");
        foreach (var inbound in port.Inbound.Where(static i => i.Learns))
        {
            ForEach(inbound, (weight, target) =>
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    gradient.Of(inbound.Projection.Block)[weight] += row[((long)target * lanes) + lane];
                }
            });
        }
    }

    private static void ForEach<T>(Inbound<T> inbound, Action<long, int> visit)
        where T : unmanaged, INumberBase<T>
    {
        var (projection, delay) = (inbound.Projection, inbound.Delay);
        var slice = projection.Slices.First(s => s.Delay == delay);
        if (slice.Connections is not { } connections)
        {
            for (var weight = 0; weight < projection.Block.Count; weight++)
            {
                visit(projection.Block.StoredAt<T>(weight), weight % projection.Targets);
            }

            return;
        }

        for (var edge = 0; edge < connections.Count; edge++)
        {
            visit(slice.WeightOf is null ? edge : slice.WeightOf[edge], connections.Target[edge]);
        }
    }
}
