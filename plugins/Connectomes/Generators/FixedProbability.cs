using BrainModular.Plugins;
using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// <c>fixed-probability</c>: each pair of source and target is connected with probability p, independently (Erdos and Renyi 1959; Gilbert
/// 1959, DOI 10.1214/aoms/1177706098). Pairs are taken in order, and as many are skipped as a geometric number says,
/// floor(ln(1 - u) / ln(1 - p)) (Batagelj and Brandes 2005, DOI 10.1103/PhysRevE.71.036113): one draw per edge, not per pair.
/// Settings: <c>probability</c> (0.1, 0 to 1); <c>allowSelf</c> (false), whether a unit may be connected to itself.
/// </summary>
internal sealed class FixedProbability(ISettings settings) : ConnectomeGenerator(settings)
{
    private readonly double probability = settings.Number("probability", 0.1, 0, 1, "the probability that a pair of units is connected");
    private readonly bool allowSelf = settings.Flag("allowSelf", false, "whether a unit may be connected to itself");

    protected override long? Count(Populations populations) => null;

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        var pairs = new Pairs(populations, allowSelf);
        for (var at = GeometricSkip.Next(random, probability, pairs.Count); at < pairs.Count; at += 1 + GeometricSkip.Next(random, probability, pairs.Count))
        {
            yield return pairs[at];
        }
    }
}
