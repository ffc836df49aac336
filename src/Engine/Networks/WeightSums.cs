using System.Numerics;

namespace BrainModular.Engine.Networks;

/// <summary>The sum of the weights of all connections that end at a port, which gap junctions need, and its adjoint.</summary>
internal static unsafe class WeightSums
{
    /// <param name="population">The units at whose port they end.</param>
    /// <param name="name">The row of the sums.</param>
    /// <param name="inbound">What ends there.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="lanes">How many lanes.</param>
    public static void Set<T>(
        PopulationRun<T> population, string name, IEnumerable<(ProjectionProgram Projection, ProjectionSlice Slice)> inbound, NetworkWeights<T> weights, int lanes)
        where T : unmanaged, INumberBase<T>
    {
        var row = population.Row(name);
        new Span<T>(row, population.Elements).Clear();
        foreach (var (projection, slice) in inbound)
        {
            ForEach<T>(projection, slice, (weight, target) =>
            {
                var place = target - population.Units.First;
                for (var lane = 0; lane < lanes && place >= 0 && place < population.Units.Count; lane++)
                {
                    row[((long)place * lanes) + lane] += weights.At(projection.Block, weight);
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
            ForEach<T>(inbound.Projection, inbound.Slice, (weight, target) =>
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    gradient.Of(inbound.Projection.Block)[weight] += row[((long)target * lanes) + lane];
                }
            });
        }
    }

    private static void ForEach<T>(ProjectionProgram projection, ProjectionSlice slice, Action<long, int> visit)
        where T : unmanaged, INumberBase<T>
    {
        foreach (var (_, target, weight) in projection.Edges<T>(slice))
        {
            visit(weight, target);
        }
    }
}
