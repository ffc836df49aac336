using BrainModular.Diagnostics;
using BrainModular.Plugins;
using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// <c>small-world</c>: the network of Watts and Strogatz (1998, DOI 10.1038/30918) with directed edges. On a ring of N units each is connected
/// to its k nearest neighbours, k/2 on each side; then each edge's target is replaced with probability beta by one drawn uniformly from the
/// units that its source is not yet connected to, itself excluded. Each unit keeps k outgoing edges.
/// Settings: <c>neighbors</c> (10), k, an even number; <c>rewiring</c> (0.1, 0 to 1), beta.
/// </summary>
internal sealed class SmallWorld(ISettings settings) : ConnectomeGenerator(settings)
{
    private readonly int neighbors = settings.Integer("neighbors", 10, 0, int.MaxValue - 1, "to how many nearest neighbours each unit is connected before rewiring");
    private readonly double rewiring = settings.Number("rewiring", 0.1, 0, 1, "the probability that an edge's target is drawn anew");

    /// <exception cref="DiagnosticException">BM3213: the projection joins two populations; BM3211: the neighbours are odd or too many.</exception>
    protected override long? Count(Populations populations)
    {
        if (!populations.Recurrent)
        {
            throw new DiagnosticException(
                "BM3213", "a small world joins a population with itself, but this projection joins two", expected: "one population as source and target",
                cure: "name the same population twice, or choose other connections");
        }

        return neighbors % 2 == 0 && neighbors < populations.Sources ? (long)neighbors * populations.Sources : throw new DiagnosticException(
            "BM3211", $"each of {populations.Sources} units is to be connected to {neighbors} neighbours, half on each side",
            expected: $"an even number of at most {(populations.Sources - 1) / 2 * 2}", cure: "lower neighbors or enlarge the population");
    }

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        var units = populations.Sources;
        var edges = (long)units * neighbors;
        var targets = new int[neighbors];
        var taken = new HashSet<int>(neighbors);
        var rewired = GeometricSkip.Next(random, rewiring, edges);
        for (var source = 0; source < units; source++)
        {
            FillNeighbors(targets, source, units);
            var first = (long)source * neighbors;
            if (rewired < first + neighbors)
            {
                taken.Clear();
                taken.UnionWith(targets);
                while (rewired < first + neighbors)
                {
                    Rewire(ref targets[(int)(rewired - first)], taken, source, units, random);
                    rewired += 1 + GeometricSkip.Next(random, rewiring, edges);
                }
            }

            foreach (var target in targets)
            {
                yield return new Edge(source, target);
            }
        }
    }

    private static void FillNeighbors(int[] targets, int source, int units)
    {
        var half = targets.Length / 2;
        for (var i = 0; i < half; i++)
        {
            targets[i] = (int)(((long)source + units - half + i) % units);
            targets[half + i] = (int)(((long)source + 1 + i) % units);
        }
    }

    private static void Rewire(ref int target, HashSet<int> taken, int source, int units, IRandomStream random)
    {
        // Where each other unit is connected already, there is none to draw.
        if (taken.Count == units - 1)
        {
            return;
        }

        int drawn;
        do
        {
            drawn = random.Integer(units);
        }
        while (drawn == source || taken.Contains(drawn));
        taken.Remove(target);
        taken.Add(drawn);
        target = drawn;
    }
}
