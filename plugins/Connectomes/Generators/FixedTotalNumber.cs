using BrainModular.Diagnostics;
using BrainModular.Plugins;
using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// <c>fixed-total-number</c>: a given number of connections, source and target of each drawn independently, so that a pair may be connected several times and a unit to
/// itself. Sources are drawn in ascending order, by the distances of sorted uniform numbers (Bentley and Saxe 1980, DOI 10.1145/355900.355907), so that none is kept.
/// Settings: <c>connections</c>, how many; or instead <c>probability</c>, that a pair is connected at least once, from which their number K follows by
/// p = 1 - (1 - 1 / pairs)^K (Potjans and Diesmann 2014, DOI 10.1093/cercor/bhs358, equation 1).
/// </summary>
internal sealed class FixedTotalNumber(ISettings settings) : ConnectomeGenerator(settings)
{
    private readonly int connections = settings.Integer("connections", 0, 0, int.MaxValue, "how many connections there are");
    private readonly double probability = settings.Number("probability", 0, 0, 0.999999, "instead of 'connections': the probability that a pair is connected at least once");

    /// <exception cref="DiagnosticException">BM3219: both or none of the numbers are given.</exception>
    protected override long? Count(Populations populations)
    {
        if ((connections > 0) == (probability > 0))
        {
            throw new DiagnosticException(
                "BM3219", connections > 0 ? "both 'connections' and 'probability' are given" : "neither 'connections' nor 'probability' is given", expected: "one of the two", cure: connections > 0 ? "remove one" : "add one");
        }

        if (connections > 0)
        {
            return connections;
        }

        var pairs = (double)populations.Sources * populations.Targets;
        return (long)Math.Round(pairs > 1 ? Math.Log(1 - probability) / Math.Log(1 - (1 / pairs)) : 1);
    }

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        var (count, above) = (Count(populations)!.Value, 1.0);
        for (var left = count; left > 0; left--)
        {
            // The next of those that are left, on the part of the unit interval above the last one.
            above *= Math.Exp(Math.Log(random.Uniform()) / left);
            yield return new(Math.Min((int)((1 - above) * populations.Sources), populations.Sources - 1), random.Integer(populations.Targets));
        }
    }
}
