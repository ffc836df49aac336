using BrainModular.Plugins;
using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// <c>all-to-all</c>: each source is connected to each target. Setting: <c>allowSelf</c> (false), whether a unit is connected to itself.
/// </summary>
internal sealed class AllToAll(ISettings settings) : ConnectomeGenerator(settings)
{
    private readonly bool allowSelf = settings.Flag("allowSelf", false, "whether a unit is connected to itself");

    protected override long? Count(Populations populations) => new Pairs(populations, allowSelf).Count;

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        var pairs = new Pairs(populations, allowSelf);
        for (var at = 0L; at < pairs.Count; at++)
        {
            yield return pairs[at];
        }
    }
}
